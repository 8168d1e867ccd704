"""The choice of a team: the best-ranked one of all, by enumeration."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from solver.compiled.lags.flatten import empty_plan, first_lists, flatten
from solver.compiled.lags.team import choose_team
from solver.network import LaggedProject, Need, Network
from tests.seeds import with_fresh

_UNITS = 70
_OFFERED = 6


@pytest.mark.parametrize("seed", with_fresh(*range(10)))
def test_the_team_is_the_best_ranked_of_all_that_fill_the_needs(seed: int) -> None:
    """The ranks of the team, sorted, are the least of any team's; none is chosen only where there is none."""
    rng = random.Random(seed)
    for _ in range(30):
        offered = sorted(rng.sample(range(_UNITS), _OFFERED))
        needs = tuple(
            Need(rng.randint(1, 2), tuple(sorted(rng.sample(offered, rng.randint(2, 4)))))
            for _ in range(rng.randint(1, 2))
        )
        free = {unit for unit in offered if rng.random() < 0.8}
        ranking = rng.sample(range(_UNITS), _UNITS)
        best = _best_by_enumeration(needs, free, ranking)
        chosen = _chosen(needs, free, ranking)
        if best is None:
            assert chosen is None
            continue
        assert chosen is not None
        units = [unit for team in chosen for unit in team]
        assert sorted(map(ranking.index, units)) == best
        assert len(set(units)) == len(units)
        assert free.issuperset(units)
        for need, team in zip(needs, chosen, strict=True):
            assert len(team) == need.count
            assert set(need.units).issuperset(team)


def _chosen(needs: tuple[Need, ...], free: set[int], ranking: list[int]) -> list[list[int]] | None:
    project = LaggedProject((1,), (0,), (9,), (), ((),), (), (needs,), ((),) * _UNITS, 10)
    network = Network(project)
    tables = flatten(network, 10)
    lists, plan = first_lists(network), empty_plan(tables, [0])
    lists.ranking[0, :] = ranking
    words = np.zeros(2, np.uint64)
    for unit in free:
        words[unit >> 6] |= np.uint64(1 << (unit & 63))
    # As the kernels call it, but interpreted: it has no door of its own for Python.
    if not choose_team.py_func(tables, 0, words, lists.ranking[0], plan):  # type: ignore[attr-defined]
        return None
    sent = list(zip(plan.units.tolist(), plan.unit_need.tolist(), strict=True))
    return [[unit for unit, number in sent if number == need] for need in range(len(needs))]


def _best_by_enumeration(needs: tuple[Need, ...], free: set[int], ranking: list[int]) -> list[int] | None:
    best: list[int] | None = None
    for teams in itertools.product(
        *(itertools.combinations(sorted(free & set(need.units)), need.count) for need in needs)
    ):
        units = [unit for team in teams for unit in team]
        if len(set(units)) == len(units):
            ranks = sorted(map(ranking.index, units))
            if best is None or ranks < best:
                best = ranks
    return best
