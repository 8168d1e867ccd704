"""A draft offers exactly the starts that the checker accepts."""

import random

import pytest

from solver import Placement, verify
from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.facts.slots import listed, reaching, span
from solver.local.staffing import match
from tests.solver.tiny import HORIZON, a_tiny_problem

IGNORED = {"simultaneity", "locks"}


def accepted(problem: object, placements: tuple[Placement, ...]) -> bool:
    """Whether the checker finds nothing broken but what a draft leaves to the search."""
    ordered = tuple(sorted(placements, key=lambda placement: placement.action))
    return all(breach.rule in IGNORED for breach in verify(problem, ordered))


@pytest.mark.parametrize("seed", range(150))
def test_a_draft_accepts_what_the_checker_accepts(seed: int) -> None:
    """After random changes, every placement of every action is judged alike, groups and locks aside."""
    rng = random.Random(seed)
    problem = a_tiny_problem(seed)
    draft = Draft(Facts(problem))
    for _ in range(6):
        action = rng.randrange(3)
        if draft.placed[action] is not None:
            draft.take(action)
        for _ in range(12):
            candidate = a_random_placement(rng, problem, action)
            others = draft.placements()
            offered = draft.accepts(candidate)
            lock = problem.actions[action].lock
            if lock is None and not problem.groups:
                assert offered == accepted(problem, (*others, candidate))
            elif offered:
                assert accepted(problem, (*others, candidate))
            if offered and rng.random() < 0.5:
                draft.put(action, Placed(candidate.mode, candidate.start_slot, candidate.units))
                break


def a_random_placement(rng: random.Random, problem: object, action: int) -> Placement:
    """Any mode, start and units, right or wrong."""
    modes = problem.actions[action].modes
    mode = rng.randrange(len(modes))
    units = tuple(tuple(sorted(rng.sample(range(3), need.count))) for need in modes[mode].unit_needs)
    return Placement(action, mode, rng.randrange(HORIZON), units)


def test_what_is_put_and_taken_leaves_no_trace() -> None:
    """After taking everything out again the draft offers what an empty one does."""
    problem = a_tiny_problem(8)
    facts = Facts(problem)
    fresh, used = Draft(facts), Draft(facts)
    for action in range(3):
        starts = used.starts(action, 0)
        for start_slot in listed(starts):
            units = next(iter_units(used, action, start_slot), None)
            if units is not None:
                used.put(action, Placed(0, start_slot, units))
                break
    assert used.placements()
    used.load(())
    assert [used.starts(a, 0) for a in range(3)] == [fresh.starts(a, 0) for a in range(3)]


def iter_units(draft: Draft, action: int, start_slot: int):
    """The first free units for every need."""
    needs = draft.facts.problem.actions[action].modes[0].unit_needs
    free = [
        [
            unit
            for unit, available in draft.facts.staff(action, 0, number)
            if draft.free_starts(unit, action, 0, available) >> start_slot & 1
        ]
        for number in range(len(needs))
    ]
    units = match(free, [need.count for need in needs])
    if units is not None:
        yield units


@pytest.mark.parametrize("seed", range(20))
def test_sets_of_slots_are_sets(seed: int) -> None:
    """The bit sets do what Python's sets of integers do."""
    rng = random.Random(seed)
    low, high, ahead = rng.randint(-5, 30), rng.randint(-5, 30), rng.randint(0, 6)
    slots = set(range(max(low, 0), high))
    assert set(listed(span(low, high))) == slots
    chosen = {rng.randrange(40) for _ in range(6)}
    as_bits = sum(1 << slot for slot in chosen)
    expected = {slot for slot in range(40) if any(slot <= member <= slot + ahead for member in chosen)}
    assert set(listed(reaching(as_bits, ahead))) == expected
