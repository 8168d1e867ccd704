"""Sets of slots as rows of 64-bit words: bit b of word w is slot ``64 * w + b``."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled
from solver.compiled.raids.tables import NONE, Words

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)


@compiled
def has(words: Words, slot: int) -> bool:
    """Whether the slot is in the set."""
    if slot < 0 or slot >= words.shape[0] * 64:
        return False
    return (words[slot >> 6] >> np.uint64(slot & 63)) & _ONE != np.uint64(0)


@compiled
def add_span(words: Words, from_slot: int, until_slot: int) -> None:
    """Add ``[from_slot, until_slot)``, as far as it lies in the row."""
    from_slot = max(from_slot, 0)
    until_slot = min(until_slot, words.shape[0] * 64)
    if from_slot >= until_slot:
        return
    first, last = from_slot >> 6, (until_slot - 1) >> 6
    low = _ALL << np.uint64(from_slot & 63)
    high = _ALL >> np.uint64(63 - ((until_slot - 1) & 63))
    if first == last:
        words[first] |= low & high
        return
    words[first] |= low
    for word in range(first + 1, last):
        words[word] = _ALL
    words[last] |= high


@compiled
def drop_span(words: Words, from_slot: int, until_slot: int) -> None:
    """Drop ``[from_slot, until_slot)``."""
    from_slot = max(from_slot, 0)
    until_slot = min(until_slot, words.shape[0] * 64)
    if from_slot >= until_slot:
        return
    first, last = from_slot >> 6, (until_slot - 1) >> 6
    low = _ALL << np.uint64(from_slot & 63)
    high = _ALL >> np.uint64(63 - ((until_slot - 1) & 63))
    if first == last:
        words[first] &= ~(low & high)
        return
    words[first] &= ~low
    for word in range(first + 1, last):
        words[word] = np.uint64(0)
    words[last] &= ~high


@compiled
def keep_span(words: Words, from_slot: int, until_slot: int) -> None:
    """Drop all but ``[from_slot, until_slot)``."""
    drop_span(words, 0, from_slot)
    drop_span(words, max(until_slot, 0), words.shape[0] * 64)


@compiled
def is_empty(words: Words) -> bool:
    """Whether no slot is in the set."""
    for word in words:
        if word != np.uint64(0):
            return False
    return True


@compiled
def ones(word: np.uint64) -> int:
    """How many bits of a word are set (Hamming weight, the well-known sums in parallel)."""
    word = word - ((word >> _ONE) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))  # type: ignore[return-value]


@compiled
def size(words: Words) -> int:
    """How many slots are in the set."""
    total = 0
    for word in words:
        total += ones(word)
    return total


@compiled
def nth(words: Words, rank: int) -> int:
    """The slot with `rank` smaller ones in the set; NONE where there are not as many."""
    for index in range(words.shape[0]):
        word = words[index]
        here = ones(word)
        if rank >= here:
            rank -= here
            continue
        while rank > 0:
            word &= word - _ONE
            rank -= 1
        return index * 64 + ones((word & (~word + _ONE)) - _ONE)
    return NONE


@compiled
def nearest(words: Words, slot: int) -> int:
    """The slot of the set that lies nearest to `slot`, the earlier of two; NONE where the set is empty."""
    best, distance = NONE, 1 << 60
    for index in range(words.shape[0]):
        word = words[index]
        while word != np.uint64(0):
            here = index * 64 + ones((word & (~word + _ONE)) - _ONE)
            if abs(here - slot) < distance:
                best, distance = here, abs(here - slot)
            word &= word - _ONE
    return best


@compiled
def reach_back(words: Words, ahead_slots: int) -> None:
    """Widen the set to every slot r with some member in ``[r, r + ahead_slots]``."""
    covered = 0
    while covered < ahead_slots:
        step = min(covered + 1, ahead_slots - covered)
        whole, rest = step >> 6, step & 63
        count = words.shape[0]
        for index in range(count):
            moved = np.uint64(0)
            if index + whole < count:
                moved = words[index + whole] >> np.uint64(rest)
            if rest > 0 and index + whole + 1 < count:
                moved |= words[index + whole + 1] << np.uint64(64 - rest)
            words[index] |= moved
        covered += step
