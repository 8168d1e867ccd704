"""Openings against trying every start, mode and choice of units; the list that a person chooses from."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from solver import InvalidProblem, Kept, Mode, Placement, Problem, Score, UnitNeed, openings, score, slots, verify
from solver.facts import Facts
from solver.openings.choose import Burdens, Offer, choose
from solver.possible import travel_is_consistent
from tests.seeds import many, with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import PlantedProblem, Shape, plant
from tests.solver.tiny import a_tiny_problem, placements_of

_CASES = 80
_MIDDLE = Shape(countries=24, hosts=16, actions=120, units=600, days=4)


def _broken(problem: Problem, plan: tuple[Placement, ...], action: int) -> bool:
    """Whether the plan breaks a rule, locks of other actions aside: they bind the plan and not this action."""
    return any(each.rule != "locks" or each.facts["action"] == action for each in verify(problem, plan))


def _a_plan(problem: Problem, action: int, rng: random.Random) -> tuple[Placement, ...]:
    """Give some valid plan of the other actions, as full as it happens to come."""
    plan: tuple[Placement, ...] = ()
    for other in rng.sample(range(len(problem.actions)), len(problem.actions)):
        options = [] if other == action else list(placements_of(problem, other))
        rng.shuffle(options)
        for option in options[:12]:
            if not _broken(problem, (*plan, option), action):
                plan = (*plan, option)
                break
    # What is tied to the action, or to something left out, may not stand without it.
    while plan and _broken(problem, plan, action):
        plan = plan[:-1]
    return plan


def _by_trying(problem: Problem, plan: tuple[Placement, ...], action: int) -> dict[tuple[int, int], Score]:
    """Give the best score by mode and start, with every choice of units tried."""
    best: dict[tuple[int, int], Score] = {}
    for option in placements_of(problem, action):
        value = score(problem, (*plan, option))
        known = best.get((option.mode, option.start_slot))
        if (known is None or value.key() < known.key()) and not _broken(problem, (*plan, option), action):
            best[option.mode, option.start_slot] = value
    return best


def _check(seed: int) -> int:
    problem = a_tiny_problem(seed)
    if not travel_is_consistent(Facts(problem), (0, 1, 2)):
        return 0
    rng = random.Random(f"openings {seed}")
    action = rng.randrange(3)
    plan = _a_plan(problem, action, rng)
    best = _by_trying(problem, plan, action)
    found = openings(problem, plan, action)
    starts = {(each.mode, slot): each for each in found for slot in range(each.start_slot, each.last_slot + 1)}
    assert set(starts) == set(best)
    for (mode, slot), opening in starts.items():
        placed = Placement(action, mode, slot, opening.units)
        assert not _broken(problem, (*plan, placed), action)
        assert score(problem, (*plan, placed)) == best[mode, slot]
        if slot == opening.start_slot:
            assert opening.score == best[mode, slot]
    listed = slots(problem, plan, action, longest_slots=3)
    assert [each.score.key() for each in listed] == sorted(each.score.key() for each in listed)
    within = [{(each.placement.mode, slot) for slot in range(each.first_slot, each.last_slot + 1)} for each in listed]
    assert sum(map(len, within)) == len(best), "each start lies in one interval"
    for each, inside in zip(listed, within, strict=True):
        assert inside <= set(best)
        assert len(inside) <= 3
        assert each.score.key() == min(best[start].key() for start in inside)
        assert score(problem, (*plan, each.placement)) == each.score
    return len(best)


@pytest.mark.requirement("S9")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_openings_are_those_of_trying_everything(seed: int) -> None:
    """Exactly the starts and modes at which some units break no rule, with the best score over all choices of units."""
    _check(seed)


@pytest.mark.requirement("S9")
@pytest.mark.long
@pytest.mark.parametrize("seed", many(1_000))
def test_openings_are_those_of_trying_everything_a_thousand_times(seed: int) -> None:
    """The same for a thousand more."""
    _check(seed)


def test_the_tiny_problems_have_openings_and_have_none() -> None:
    """Among the cases are many with starts, and some without."""
    counts = [_check(seed) for seed in range(_CASES)]
    assert sum(count > 0 for count in counts) > _CASES // 8
    assert 0 in counts


def _choices(offers: list[list[Offer]], counts: list[int]) -> Iterator[tuple[tuple[Offer, ...], ...]]:
    for chosen in itertools.product(
        *(itertools.combinations(some, count) for some, count in zip(offers, counts, strict=True))
    ):
        units = [offer.unit for some in chosen for offer in some]
        if len(units) == len(set(units)):
            yield chosen


@pytest.mark.parametrize("seed", with_fresh(*range(200)))
def test_the_cheapest_units_and_of_these_the_fairest(seed: int) -> None:
    """Over needs that compete for units of several countries, the choice is that of trying all."""
    rng = random.Random(seed)
    owners = [rng.randrange(3) for _ in range(5)]
    offers = [
        [Offer(unit, rng.randrange(3), owners[unit]) for unit in range(5) if rng.random() < 0.7]
        for _ in range(rng.randint(1, 3))
    ]
    counts = [rng.randint(1, 2) for _ in offers]
    burdens = Burdens({country: rng.randint(4, 20) for country in range(3)}, {0: rng.randrange(4), 1: rng.randrange(4)})
    slots_needed = rng.randint(1, 3)

    def value(chosen: tuple[tuple[Offer, ...], ...]) -> tuple[int, int]:
        flat = [offer for some in chosen for offer in some]
        more = {country: slots_needed * sum(offer.owner == country for offer in flat) for country in range(3)}
        return sum(offer.price for offer in flat), max(burdens.of(country, slots) for country, slots in more.items())

    best = min(map(value, _choices(offers, counts)), default=None)
    units = choose(offers, counts, burdens, slots_needed)
    assert (units is None) == (best is None)
    if units is not None:
        by_unit = [{offer.unit: offer for offer in some} for some in offers]
        chosen = tuple(tuple(known[unit] for unit in some) for known, some in zip(by_unit, units, strict=True))
        assert [len(some) for some in units] == counts
        assert value(chosen) == best


def test_the_list_is_spread_and_ranked() -> None:
    """In time before late; in each part of a long opening one start, and the first part is the best."""
    action = an_action(due_slot=20, weight=2)
    listed = slots(a_problem(actions=(action,)), (), 0, longest_slots=10)
    assert [(each.first_slot, each.last_slot) for each in listed] == [(0, 9), (10, 19), (20, 29), (30, 36)]
    assert [each.placement.start_slot for each in listed] == [0, 10, 20, 30]
    assert [each.score.lateness for each in listed] == [0, 0, 8, 28]
    assert [(each.first_slot, each.last_slot) for each in slots(a_problem(actions=(action,)), (), 0)] == [(0, 36)]


def test_a_better_start_inside_an_interval_is_found() -> None:
    """Between two actions at its place the unit comes by without a way of its own: that start is the best."""
    from solver import Leg, Travel

    there = Travel((), (Leg(0, 1, 15), Leg(1, 0, 15)))
    unit = a_unit(cost_per_slot=5)
    action = an_action(2, site=1)
    problem = a_problem(travel=there, units=(unit,), actions=(an_action(2, site=1), action))
    (best, *_) = slots(problem, (at(0, 20, (0,)),), 1)
    assert verify(problem, (at(0, 20, (0,)), best.placement)) == ()
    assert best.score.cost == 5 * (2 + 2 + 1), "one way for both"


def test_an_action_of_a_group_waits_for_the_others() -> None:
    """Nobody is placed alone of those that start together; beside the others its start is theirs."""
    from solver import Group

    problem = a_problem(units=(a_unit(), a_unit()), actions=(an_action(), an_action()), groups=(Group((0, 1)),))
    assert openings(problem, (), 1) == ()
    (only,) = openings(problem, (at(0, 7, (0,)),), 1)
    assert (only.start_slot, only.last_slot, only.units) == (7, 7, ((1,),))


def test_orders_of_an_earlier_plan_are_worth_more_than_cost() -> None:
    """At the earlier place the earlier units are named, however dear; elsewhere the cheapest."""
    need = Mode(4, (UnitNeed(0, 2, 1),))
    action = an_action(modes=(need,), kept=Kept(8, 0, ((1,),)))
    problem = a_problem(units=(a_unit(), a_unit(cost_per_slot=9)), actions=(action,))
    by_start = {each.start_slot: each for each in openings(problem, (), 0)}
    assert set(by_start) == {0, 8, 9}
    assert (by_start[8].units, by_start[8].score.changes) == (((1,),), 0)
    assert by_start[9].units == ((0,),)


@pytest.mark.parametrize("seed", with_fresh(1))
def test_on_a_larger_plan_each_best_start_verifies(seed: int) -> None:
    """Beside a planted plan, each of its actions taken out in turn: the best start is as good as its own, or better."""
    _take_out_each(plant(_MIDDLE, seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, *many(2)])
def test_on_the_largest_plan_each_best_start_verifies(seed: int) -> None:
    """The same with two thousand units."""
    _take_out_each(plant(Shape(), seed))


def _take_out_each(planted: PlantedProblem) -> None:
    own = score(planted.problem, planted.plan).key()
    tried = 0
    for placement in planted.plan:
        rest = tuple(each for each in planted.plan if each is not placement)
        if verify(planted.problem, rest):
            continue
        best = slots(planted.problem, rest, placement.action)[0]
        whole = (*rest, best.placement)
        assert verify(planted.problem, whole) == ()
        assert score(planted.problem, whole) == best.score
        assert best.score.key() <= own
        tried += 1
    assert tried > len(planted.plan) // 3


def test_what_cannot_be_asked() -> None:
    """An action that is not there, and one that the plan places, are refused."""
    problem = a_problem()
    for action, plan in ((1, ()), (-1, ()), (0, (at(0, 0, (0,)),))):
        with pytest.raises(InvalidProblem) as refused:
            openings(problem, plan, action)
        assert refused.value.path == "action"
    with_lock = a_problem(actions=(replace(an_action(), windows=()),))
    assert slots(with_lock, (), 0) == ()
