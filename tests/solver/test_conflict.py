"""Impossible requests: a minimal set of rules and the smallest changes, against enumeration of every plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from solver import (
    Budget,
    Conflict,
    Feasibility,
    Problem,
    Resolves,
    changed,
    find_conflict,
    verify,
    with_only,
)
from tests.seeds import many, with_fresh
from tests.solver.tiny import a_tiny_problem, an_impossible_request, possible_by_enumeration

_CASES = 10
_MANY = 200
_BUDGET = Budget(seconds=None, work=10**7, workers=1)


def conflict_of(problem: Problem) -> Conflict:
    """Find the conflict, with plenty of time and one worker."""
    return find_conflict(problem, _BUDGET)


@pytest.mark.requirement("S5")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_the_set_is_impossible_and_none_of_it_can_be_spared(seed: int) -> None:
    """By enumeration: the rules named are impossible together, and possible when any one of them is dropped; every
    change works, and one step less does not.
    """
    check(seed)


@pytest.mark.long
@pytest.mark.requirement("S5")
def test_two_hundred_impossible_requests() -> None:
    """The same for two hundred, all failures told at the end."""
    seeds = many(_MANY)
    failed, kinds = [], Counter[str]()
    for seed in seeds:
        try:
            kinds.update(check(seed))
        except AssertionError as failure:
            failed.append((seed, failure))
    print(f"cases={len(seeds)} failed={len(failed)} seeds={seeds[0]}..{seeds[-1]} {dict(kinds)}")
    assert not failed


def check(seed: int) -> list[str]:
    """Hold one conflict against enumeration; return the rules and kinds of changes in it."""
    problem = an_impossible_request(seed)
    conflict = conflict_of(problem)
    assert conflict.feasibility is Feasibility.IMPOSSIBLE
    assert conflict.minimal
    assert not possible_by_enumeration(with_only(problem, conflict.causes))
    for cause in conflict.causes:
        others = [other for other in conflict.causes if other != cause]
        assert possible_by_enumeration(with_only(problem, others)), cause
        assert cause.message.endswith(".")
    for relaxation in conflict.relaxations:
        base = level(problem, conflict, relaxation.resolves)
        assert relaxation.smallest
        assert possible_by_enumeration(changed(base, relaxation.change)), relaxation
        if relaxation.change.amount > 1:
            less = replace(relaxation.change, amount=relaxation.change.amount - 1)
            assert not possible_by_enumeration(changed(base, less)), relaxation
        assert relaxation.cost == relaxation.change.cost(problem) > 0
    order = [(list(Resolves).index(each.resolves), each.cost) for each in conflict.relaxations]
    assert order == sorted(order)
    return [cause.rule for cause in conflict.causes] + [each.change.kind for each in conflict.relaxations]


def level(problem: Problem, conflict: Conflict, resolves: Resolves) -> Problem:
    """The problem that a change of that level makes possible."""
    if resolves is Resolves.REQUEST:
        return problem
    if resolves is Resolves.CONFLICT:
        return with_only(problem, conflict.causes)
    about = {cause.action for cause in conflict.causes if cause.rule in ("mandatory", "locks")}
    actions = tuple(
        action if number in about else replace(action, mandatory=False, lock=None)
        for number, action in enumerate(problem.actions)
    )
    return replace(problem, actions=actions)


@pytest.mark.parametrize("seed", with_fresh(*range(30)))
def test_what_is_possible_is_said_to_be(seed: int) -> None:
    """Whether all that is mandatory or locked can be placed is decided as by enumeration, with a plan when it can."""
    problem = a_tiny_problem(seed)
    conflict = conflict_of(problem)
    assert (conflict.feasibility is Feasibility.POSSIBLE) == possible_by_enumeration(problem)
    if conflict.feasibility is Feasibility.POSSIBLE:
        assert verify(problem, conflict.placements) == ()
