"""Bounds that hold, and that are tight where something can be proven."""

from dataclasses import replace

import pytest

from solver import Budget, CapacityStep, Interval, Leg, Mode, Resource, ResourceNeed, Travel, solve
from solver.budget import Meter
from solver.chance import Chance
from solver.draft import Draft
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.possible import possible_bundles, travel_is_consistent
from solver.proof import bound_by_clusters, bound_by_structure
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem, best_by_enumeration


@pytest.mark.parametrize("seed", range(20))
def test_bounds_hold_whatever_the_budget(seed: int) -> None:
    """With hardly any work done, the bounds on the first goals still hold for the best plan there is."""
    problem = a_tiny_problem(seed)
    best = best_by_enumeration(problem)
    solution = solve(problem, Budget(seconds=None, work=3, workers=1))
    bounds = solution.bounds
    if best is None or not travel_is_consistent(Facts(problem), (0, 1, 2)):
        return
    assert (bounds.missing_mandatory or 0) <= best.missing_mandatory
    assert bounds.placed_weight is None or best.placed_weight <= bounds.placed_weight


def test_actions_that_cannot_all_fit_lower_the_bound() -> None:
    """In a problem too large to be solved whole, rivals for one bed are proven not to fit together."""
    planted = plant(Shape(countries=20, hosts=16, actions=140, units=700, days=6, unplaceable_share=0.0), 1)
    problem = planted.problem
    bed = Resource("cell", 0, 0, (CapacityStep(-10, 1),))
    use = ResourceNeed(len(problem.resources), 1, 0, 4)
    rival = an_action(site=problem.actions[0].site, modes=(Mode(4, (), (use,)),), windows=(Interval(0, 9),), weight=50)
    crowded = replace(problem, actions=problem.actions + (rival,) * 5, resources=(*problem.resources, bed))
    facts = Facts(crowded)
    draft = Draft(facts)
    draft.load((*planted.plan, at(140, 0), at(141, 4)))
    meter = Meter(Budget(seconds=None, work=10**6, workers=1))
    incumbent = Incumbent(crowded, meter, None)
    bound_by_structure(facts, possible_bundles(facts), incumbent)
    total = sum(action.weight for action in crowded.actions)
    assert incumbent.bounds.placed_weight == total
    bound_by_clusters(facts, draft, [(142,), (143,), (144,)], Chance(1), meter, 1.0, incumbent)
    # Two of the five fit into nine slots: the other three are proven out.
    assert incumbent.bounds.placed_weight == total - 3 * 50


def test_possible_is_closed_under_groups_and_predecessors() -> None:
    """What is impossible drags along its group and all that requires it, and nothing else."""
    planted = plant(Shape(countries=8, hosts=6, actions=40, units=120, days=4, group_share=0.5), 2)
    facts = Facts(planted.problem)
    possible = {action for bundle in possible_bundles(facts) for action in bundle}
    assert possible == {placement.action for placement in planted.plan}


def test_nothing_is_proven_where_a_detour_beats_the_direct_way() -> None:
    """The model asks for travel between every two stints, so where that is too strict no bound is claimed from it."""
    legs = [(0, 1, 15), (1, 2, 15), (0, 2, 900), (2, 1, 15), (1, 0, 15), (2, 0, 900)]
    roads = Travel((), tuple(Leg(*leg) for leg in legs))
    actions = tuple(an_action(1, site=site, windows=(Interval(5 * site, 5 * site + 1),)) for site in range(3))
    problem = a_problem(
        travel=roads, units=(a_unit(home=1, permitted=(0, 1), availability=(Interval(-5, 40),)),), actions=actions
    )
    assert not travel_is_consistent(Facts(problem), (0, 1, 2))
    solution = solve(problem, Budget(seconds=None, work=10_000, workers=1))
    assert solution.bounds.placed_weight == 3
