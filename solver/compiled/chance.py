"""Reproducible chance inside kernels: xoshiro256** (Blackman, Vigna 2018) on a state of four words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solver.chance import Chance
from solver.compiled.jit import compiled, entry

State = npt.NDArray[np.uint64]


def state_of(seed: int) -> State:
    """Give the state that a seed stands for."""
    chance = Chance(seed)
    return np.array([chance.bits() for _ in range(4)], dtype=np.uint64)


@entry
def bits(state: State) -> int:
    """The next 64 random bits."""
    scrambled = state[1] * np.uint64(5)
    result = ((scrambled << np.uint64(7)) | (scrambled >> np.uint64(57))) * np.uint64(9)
    shifted = state[1] << np.uint64(17)
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = (state[3] << np.uint64(45)) | (state[3] >> np.uint64(19))
    return result


@compiled
def share(state: State) -> float:
    """A number from 0 (in) to 1 (out)."""
    return np.float64(bits(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def below(state: State, bound: int) -> int:
    """An integer from 0 to ``bound - 1``; the bound is far below 2^32, so the bias is too small to matter."""
    return np.int64(((bits(state) >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32))  # type: ignore[return-value]
