"""Which problems are lagged projects, and what their lags say by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver import (
    Anchor,
    CapacityStep,
    Country,
    DutyLimit,
    Interval,
    Kept,
    Leg,
    Lock,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
    Travel,
)
from solver.facts import Facts
from solver.lags.bound import least_end_slot
from solver.network import Network, read_project
from tests.seeds import with_fresh
from tests.solver.lags.projects import a_lagged_project, a_skilled_project, a_tiny_project, shortest_by_enumeration

PLAIN = a_skilled_project(1, 6, 4)


def _with_action(**changes: object) -> Problem:
    first, *others = PLAIN.actions
    return replace(PLAIN, actions=(replace(first, **changes), *others))  # type: ignore[arg-type]


def _with_unit(**changes: object) -> Problem:
    first, *others = PLAIN.units
    return replace(PLAIN, units=(replace(first, **changes), *others))  # type: ignore[arg-type]


_MODE = PLAIN.actions[0].modes[0]
_BEDS = Resource("beds", 0, None, (CapacityStep(0, 5),))
_TWO_PLACES = {
    "countries": (*PLAIN.countries, Country("B")),
    "sites": (*PLAIN.sites, Site("elsewhere", 0)),
    "travel": Travel((), (Leg(0, 1, 60), Leg(1, 0, 60))),
}


@pytest.mark.parametrize(
    ("feature", "problem"),
    [
        ("an action that may be left out", _with_action(mandatory=False)),
        ("two modes", _with_action(modes=(_MODE, _MODE))),
        ("no project", _with_action(project=None)),
        ("a lock", _with_action(lock=Lock(start_slot=3))),
        ("an earlier plan", _with_action(kept=Kept(3, 0, tuple(() for _ in _MODE.unit_needs)))),
        ("a due slot", _with_action(due_slot=9)),
        ("two windows", _with_action(windows=(Interval(0, 20), Interval(30, 50)))),
        ("forbidden hours inside", _with_action(forbidden=(Interval(20, 21),))),
        ("claims inside", _with_action(claimed=(Interval(20, 21),))),
        ("no warrant yet", _with_action(warrants=())),
        (
            "another place",
            replace(PLAIN, **_TWO_PLACES, actions=(replace(PLAIN.actions[0], site=1), *PLAIN.actions[1:])),
        ),
        ("a limit on duty", _with_unit(duty=DutyLimit(20, 2))),
        ("units that cost", _with_unit(cost_per_slot=1)),
        (
            "two owners",
            replace(
                PLAIN, countries=_TWO_PLACES["countries"], units=(replace(PLAIN.units[0], owner=1), *PLAIN.units[1:])
            ),
        ),
        ("two projects", replace(PLAIN, projects=(Project("a"), Project("b")))),
        ("what is used up", replace(PLAIN, resource_kinds=("money",), resources=(replace(_BEDS, renewable=False),))),
        (
            "beds that are used afterwards",
            replace(
                PLAIN,
                resource_kinds=("beds",),
                resources=(_BEDS,),
                actions=(
                    replace(PLAIN.actions[0], modes=(replace(_MODE, resource_needs=(ResourceNeed(0, 1, 1, 9),)),)),
                    *PLAIN.actions[1:],
                ),
            ),
        ),
    ],
)
def test_a_problem_with_anything_else_is_no_lagged_project(feature: str, problem: Problem) -> None:
    """No feature is passed over in silence: the search takes no problem that it does not model."""
    assert read_project(Facts(PLAIN)) is not None
    assert read_project(Facts(problem)) is None, feature


def test_blocks_are_what_maximum_lags_tie_together_in_the_order_of_lags() -> None:
    """Two actions in a cycle of lags are one block; it comes after what leads to it and before what it leads to."""
    problem = replace(
        a_lagged_project(1, 4),
        precedences=(
            Precedence(3, 1, 2, None, Anchor.START),
            Precedence(1, 2, 4, 6, Anchor.START),
            Precedence(2, 0, -1, None, Anchor.START),
        ),
    )
    network = _network(problem)
    assert network.blocks == [(3,), (1, 2), (0,)]
    assert network.distances[1].tolist() == [[0, 4], [-6, 0]]
    assert network.first_starts == [5, 2, 6, 0]
    assert network.holds()


def test_a_cycle_of_positive_length_is_told_with_its_block() -> None:
    """At least 5 and at most 3 apart, by way of a third action, cannot be."""
    problem = replace(
        a_lagged_project(1, 3),
        precedences=(
            Precedence(0, 1, 3, None, Anchor.START),
            Precedence(1, 2, 2, None, Anchor.START),
            Precedence(0, 2, -9, 3, Anchor.START),
        ),
    )
    network = _network(problem)
    assert network.impossible == (0, 1, 2)
    assert not network.holds()


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_no_plan_ends_before_the_bound(seed: int) -> None:
    """What is shown without search never exceeds the shortest plan of all by enumeration."""
    problem = a_tiny_project(seed)
    best = shortest_by_enumeration(problem)
    if best is not None:
        assert least_end_slot(_network(problem)) <= best


def _network(problem: Problem) -> Network:
    project = read_project(Facts(problem))
    assert project is not None
    return Network(project)
