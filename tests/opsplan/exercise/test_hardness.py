"""The exercise is hard: the earliest start is the wrong one, in whatever order; and yet it can be solved."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from opsplan.exercise import Size
from opsplan.exercise.shape import hours
from opsplan.exercise.world import Part, Tightness
from solver import Budget, Problem, solution_to_json, solve, verify
from solver.draft import Draft
from solver.explain import explain
from solver.facts import Facts
from solver.greedy import greedy
from solver.local.insertion import earliest, insert_bundle
from tests.opsplan.exercise.made import exercise, problem_of

Order = Callable[[Problem, int], int]

ORDERS: dict[str, Order] = {
    "by number": lambda _, action: action,
    "earliest window": lambda problem, action: problem.actions[action].windows[0].start_slot,
    "nearest deadline": lambda problem, action: problem.actions[action].windows[-1].end_slot,
}


def placed_by(problem: Problem, order: Order) -> int:
    """Count what an earliest start places that takes actions in another order, each after what it requires."""
    facts = Facts(problem)
    draft = Draft(facts)
    required = defaultdict(list)
    for precedence in problem.precedences:
        required[precedence.after].append(precedence.before)
    waiting = sorted(facts.bundles, key=lambda bundle: (min(order(problem, action) for action in bundle), bundle))
    seen: set[int] = set()
    while waiting:
        ready = [
            bundle
            for bundle in waiting
            if all(before in seen or before in bundle for action in bundle for before in required[action])
        ]
        for bundle in ready:
            insert_bundle(draft, bundle, earliest, range(len(problem.units)))
            seen.update(bundle)
        waiting = [bundle for bundle in waiting if bundle not in set(ready)]
    return len(draft.placements())


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize(
    ("size", "seed"), [*((Size.SMALL, seed) for seed in range(1, 13)), *((Size.FULL, seed) for seed in (1, 2))]
)
def test_greedy_earliest_start_places_at_most_four_fifths(size: Size, seed: int) -> None:
    """The baseline of the solver (by priority, earliest start, first free units) places at most 80 % of the planted."""
    problem, _ = problem_of(size, seed)
    assert len(greedy(problem)) <= 0.8 * exercise(size, seed).figures.planted


@pytest.mark.parametrize("name", ORDERS)
def test_no_plain_order_rescues_the_earliest_start(name: str) -> None:
    """Taken by number, by earliest window or by nearest deadline, the earliest start stays at or below 80 %, too."""
    problem, _ = problem_of(Size.FULL, 1)
    assert placed_by(problem, ORDERS[name]) <= 0.8 * exercise(Size.FULL, 1).figures.planted


@pytest.mark.long
def test_ten_runs_of_the_full_exercise_give_equal_bytes() -> None:
    """One seed, one worker and a budget counted in work: the same plan, bounds and all, each time."""
    problem, _ = problem_of(Size.FULL, 1)
    budget = Budget(seconds=None, work=4_000, workers=1, seed=3)
    assert len({solution_to_json(solve(problem, budget)) for _ in range(10)}) == 1


def test_a_search_places_all_that_is_planted_and_reports_the_rest() -> None:
    """The solver finds a plan with every planted action, proves that no more can be placed, and names the reasons."""
    made = exercise(Size.SMALL, 1)
    problem, index = problem_of(Size.SMALL, 1)
    found = solve(problem, Budget(seconds=20), clock=time.monotonic)
    assert verify(problem, found.placements) == ()
    assert len(found.placements) == made.figures.planted
    assert found.bounds.gap(found.score) == 0
    reported = {
        index.action_ids[each.action]: {reason.code for reason in each.reasons}
        for each in explain(problem, found.placements)
    }
    assert reported == {each.action: {each.obstacle.code} for each in made.unplaceable}


def test_keys_fit_the_teams_made_for_them_alone() -> None:
    """A need with a language is filled, in its country, by one team or (where a lure waits for the other) by two."""
    made = exercise(Size.FULL, 1)
    teams = defaultdict(list)
    for team in made.scenario.world.teams:
        for country in team.permitted:
            for language in team.languages:
                teams[country, team.kind, language].append(team)
    for task in made.scenario.world.planted():
        for need in task.way.needs:
            for language in need.languages:
                fitting = [team for team in teams[task.host, need.kind, language] if team.type <= need.type]
                assert 1 <= len(fitting) <= (2 if task.part is Part.LURE else 1), (task, fitting)


def test_windows_calendars_duty_and_capacity_are_drawn_tight() -> None:
    """Most prey have four hours of play or less; duty is short; contested pools are used up."""
    made = exercise(Size.FULL, 1)
    world = made.scenario.world
    play: Counter[Tightness] = Counter()
    for task in world.planted():
        if task.part is not Part.PREY or task.start is None:
            continue
        team = task.way.needs[0].teams[0]
        assert team.calendar is not None
        way = made.scenario.theatre.ground.way(team.home, task.place) or 0
        room = {
            Tightness.WINDOW: (task.window[0], task.window[1]),
            Tightness.CALENDAR: (team.calendar[0] + way, team.calendar[1]),
        }
        if task.warrants:
            room[Tightness.WARRANT] = task.warrants[0]
        slack = {kind: last - first - task.way.duration for kind, (first, last) in room.items()}
        kind = min(slack, key=lambda each: slack[each])
        play[kind] += slack[kind] <= hours(4)
    assert sum(play.values()) >= 0.85 * sum(task.part is Part.PREY for task in world.planted())
    assert all(play[kind] >= 10 for kind in Tightness)
    used = [team for team in world.teams if team.stints]
    assert all(team.max_duty <= hours(17) for team in used)
    exact = sum(
        max(amount for _, _, amount in world.capacities[pool]) == reserve.amount
        for pool, reserve in world.reserved.items()
    )
    assert exact >= 0.4 * len(world.reserved)


def test_many_units_stand_by_without_being_of_use() -> None:
    """More units than the plan uses: of too low a type, away, or of other countries, so that they loosen little."""
    world = exercise(Size.FULL, 1).scenario.world
    idle = [team for team in world.teams if not team.stints]
    assert len(idle) >= 0.5 * len(world.teams)
    assert len({team.country for team in world.teams}) == 116
