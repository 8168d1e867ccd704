"""Every noun refuses what it cannot mean, naming field, value and remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from solver import (
    Action,
    CapacityStep,
    Country,
    DutyLimit,
    Group,
    Interval,
    InvalidProblem,
    Leg,
    Lock,
    Mode,
    Precedence,
    Resource,
    ResourceNeed,
    Site,
    Travel,
    UnitNeed,
    merged,
)
from tests.solver.make import a_problem, a_unit, an_action

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "empty interval": (lambda: Interval(3, 3), "end_slot"),
    "reversed interval": (lambda: Interval(3, 2), "end_slot"),
    "interval of texts": (lambda: Interval("0", 2), "start_slot"),  # type: ignore[arg-type]
    "interval of booleans": (lambda: Interval(False, 2), "start_slot"),
    "interval beyond a million slots": (lambda: Interval(0, 10**7), "end_slot"),
    "country without a name": (lambda: Country(""), "name"),
    "site in a negative country": (lambda: Site("s", -1), "country"),
    "site with negative access": (lambda: Site("s", 0, 0, -1), "access_minutes"),
    "negative leg": (lambda: Leg(0, 1, -1), "minutes"),
    "leg given twice": (lambda: Travel((), (Leg(0, 1, 5), Leg(0, 1, 6))), "legs[1]"),
    "leg from a site to itself": (lambda: Travel((), (Leg(1, 1, 5),)), "legs[0]"),
    "hub matrix not square": (lambda: Travel(((0, 1), (1,))), "hub_minutes[1]"),
    "hub matrix with a negative entry": (lambda: Travel(((0, -1), (1, 0))), "hub_minutes[0][1]"),
    "unit of type 0": (lambda: a_unit(type=0), "type"),
    "unit permitted twice": (lambda: a_unit(permitted=(0, 0)), "permitted"),
    "unit with overlapping shifts": (lambda: a_unit(availability=(Interval(0, 5), Interval(4, 9))), "availability[1]"),
    "unit with touching shifts": (lambda: a_unit(availability=(Interval(0, 5), Interval(5, 9))), "availability[1]"),
    "unit with unsorted shifts": (lambda: a_unit(availability=(Interval(6, 9), Interval(0, 5))), "availability[1]"),
    "duty of no slot": (lambda: DutyLimit(0, 1), "max_duty_slots"),
    "negative rest": (lambda: DutyLimit(1, -1), "min_rest_slots"),
    "negative capacity": (lambda: CapacityStep(0, -1), "capacity"),
    "steps not sorted": (lambda: Resource("r", 0, 0, (CapacityStep(4, 1), CapacityStep(4, 2))), "steps[1].from_slot"),
    "need of no unit": (lambda: UnitNeed(0, 1, 0), "count"),
    "need of no amount": (lambda: ResourceNeed(0, 0, 0, 1), "amount"),
    "need of no length": (lambda: ResourceNeed(0, 1, 0, 0), "length_slots"),
    "mode of no length": (lambda: Mode(0), "duration_slots"),
    "action without a mode": (lambda: an_action(modes=()), "modes"),
    "action without weight": (lambda: an_action(weight=0), "weight"),
    "action with touching windows": (lambda: an_action(windows=(Interval(0, 2), Interval(2, 4))), "windows[1]"),
    "action with a negative crowd": (lambda: an_action(expected_victims=-1), "expected_victims"),
    "lock of units without a mode": (lambda: Lock(units=((0,),)), "mode"),
    "lock to a mode that is not there": (lambda: an_action(lock=Lock(mode=1)), "lock.mode"),
    "lock of too few units": (lambda: an_action(lock=Lock(mode=0, units=((),))), "lock.units[0]"),
    "lock of too many needs": (lambda: an_action(lock=Lock(mode=0, units=((0,), (1,)))), "lock.units"),
    "precedence of one action": (lambda: Precedence(1, 1), "after"),
    "greatest lag below the least": (lambda: Precedence(0, 1, 5, 4), "max_lag_slots"),
    "group of one": (lambda: Group((0,)), "actions"),
    "group with a repeated member": (lambda: Group((0, 0)), "actions"),
    "no slot length": (lambda: a_problem(slot_minutes=0), "slot_minutes"),
    "no horizon": (lambda: a_problem(horizon_slots=0), "horizon_slots"),
    "site in no country": (lambda: a_problem(sites=(Site("s", 9),)), "sites[0].country"),
    "site at no hub": (lambda: a_problem(sites=(Site("s", 0, 0),)), "sites[0].hub"),
    "leg to nowhere": (lambda: a_problem(travel=Travel((), (Leg(0, 9, 1),))), "travel.legs[0].destination"),
    "unit of unknown kind": (lambda: a_problem(units=(a_unit(kind=7),)), "units[0].kind"),
    "unit at home nowhere": (lambda: a_problem(units=(a_unit(home=7),)), "units[0].home"),
    "unit of no country": (lambda: a_problem(units=(a_unit(owner=7),)), "units[0].owner"),
    "unit permitted nowhere": (lambda: a_problem(units=(a_unit(permitted=(7,)),)), "units[0].permitted"),
    "unit of unknown skill": (lambda: a_problem(units=(a_unit(skills=(7,)),)), "units[0].skills"),
    "resource of unknown kind": (lambda: a_problem(resources=(Resource("r", 7, 0, ()),)), "resources[0].kind"),
    "action nowhere": (lambda: a_problem(actions=(an_action(site=7),)), "actions[0].site"),
    "need of unknown kind": (
        lambda: a_problem(actions=(an_action(modes=(Mode(1, (UnitNeed(7, 1, 1),)),)),)),
        "actions[0].modes[0].unit_needs[0].kind",
    ),
    "need of no resource": (
        lambda: a_problem(actions=(an_action(modes=(Mode(1, (), (ResourceNeed(7, 1, 0, 1),)),)),)),
        "actions[0].modes[0].resource_needs[0].resource",
    ),
    "lock to no unit": (
        lambda: a_problem(actions=(an_action(lock=Lock(mode=0, units=((7,),))),)),
        "actions[0].lock.units",
    ),
    "precedence of no action": (lambda: a_problem(precedences=(Precedence(0, 7),)), "precedences[0].after"),
    "group of no action": (lambda: a_problem(groups=(Group((0, 7)),)), "groups[0].actions"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The noun is refused when it is made, with the path of the field in the message."""
    make, path = REFUSED[case]
    with pytest.raises(InvalidProblem) as caught:
        make()
    assert caught.value.path.startswith(path)
    assert str(caught.value).startswith(path)
    assert " is refused; " in str(caught.value)


def test_a_cycle_of_precedences_is_refused_with_its_path() -> None:
    """Three actions that each wait for the next are named in order, back to the first."""
    actions = tuple(an_action(name=name) for name in ("north", "east", "south", "west"))
    arcs = (Precedence(0, 1), Precedence(1, 3), Precedence(3, 0), Precedence(0, 2))
    with pytest.raises(InvalidProblem, match=r"north -> east -> west -> north.*cycle"):
        a_problem(actions=actions, precedences=arcs)


def test_a_long_chain_is_no_cycle() -> None:
    """Five thousand actions in a row are accepted without exhausting the recursion."""
    actions = (an_action(),) * 5_000
    arcs = tuple(Precedence(number, number + 1) for number in range(4_999))
    assert len(a_problem(actions=actions, precedences=arcs).precedences) == 4_999


def test_too_many_actions_are_refused() -> None:
    """More than a hundred thousand actions are refused with their number."""
    with pytest.raises(InvalidProblem, match="actions: 100001 is refused"):
        a_problem(actions=(an_action(),) * 100_001)


def test_merged_intervals_are_accepted_as_given() -> None:
    """`merged` turns any intervals into what the nouns accept."""
    untidy = [Interval(9, 12), Interval(0, 3), Interval(2, 5), Interval(5, 6)]
    tidy = merged(untidy)
    assert tidy == (Interval(0, 6), Interval(9, 12))
    assert an_action(windows=tidy).windows == tidy


def test_travel_takes_the_shorter_of_road_and_air() -> None:
    """Minutes add up before they are rounded up to slots, each direction by itself, and a missing way is None."""
    sites = (Site("a", 0, 0, 10), Site("b", 0, 1, 5), Site("c", 1, None))
    problem = a_problem(sites=sites, travel=Travel(((0, 16), (None, 0)), (Leg(0, 1, 40), Leg(2, 0, 1))))
    assert problem.travel_slots(0, 1) == 3  # by air 31 minutes, by road 40
    assert problem.travel_slots(1, 0) is None
    assert problem.travel_slots(2, 0) == 1
    assert problem.travel_slots(1, 1) == 0


def test_nouns_are_frozen() -> None:
    """A noun that was checked cannot be changed afterwards."""
    action: Action = an_action()
    with pytest.raises(AttributeError):
        action.weight = 5  # type: ignore[misc]
