"""Activity lists: what they schedule keeps every rule, is what Python would schedule, and leads to the optimum."""

from __future__ import annotations

import random
import time

import pytest

from solver import (
    Action,
    Anchor,
    Budget,
    CapacityStep,
    Country,
    Interval,
    Mode,
    Outcome,
    Placement,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
    UnitNeed,
    score,
    solution_to_json,
    solve,
    verify,
)
from solver.compiled.lists import ListSearch
from solver.facts import Facts
from solver.listable import suits
from tests.seeds import many, with_fresh
from tests.solver.make import a_problem, a_unit, an_action


def some_projects(seed: int, most: int) -> Problem:
    """Two or three projects of one to `most` actions with modes, stocks, steps, releases and lags of both anchors."""
    rng = random.Random(seed)
    projects = tuple(Project(f"project {n}", rng.randint(0, 4), rng.randint(0, 6)) for n in range(rng.randint(2, 3)))
    counts = [rng.randint(1, most) for _ in projects]
    # Long enough for all one after another, with money for most choices of modes.
    horizon_slots = 30 + 8 * sum(counts)
    money = CapacityStep(0, 4 + 2 * sum(counts))
    resources = (
        Resource("crews", 0, None, (CapacityStep(0, rng.randint(2, 4)), CapacityStep(8, rng.randint(2, 5)))),
        Resource("cars", 0, None, (CapacityStep(-3, rng.randint(2, 4)),)),
        Resource("money", 0, None, (money,), renewable=False),
    )
    actions: list[Action] = []
    precedences: list[Precedence] = []
    for number, (project, count) in enumerate(zip(projects, counts, strict=True)):
        first = len(actions)
        for _ in range(count):
            modes = tuple(_a_mode(rng) for _ in range(rng.randint(1, 2)))
            window = Interval(project.release_slot + rng.randint(0, 2), horizon_slots)
            actions.append(Action(f"action {len(actions)}", 0, modes, (window,), mandatory=True, project=number))
        for after in range(first + 1, len(actions)):
            if rng.random() < 0.6:
                anchor = rng.choice(list(Anchor))
                precedences.append(Precedence(rng.randrange(first, after), after, rng.randint(-1, 3), None, anchor))
    if rng.random() < 0.3 and len(actions) > 2:
        precedences.append(Precedence(0, len(actions) - 1, 0))
    return Problem(
        15,
        horizon_slots,
        (Country("A"),),
        resource_kinds=("any",),
        sites=(Site("here", 0),),
        resources=resources,
        actions=tuple(actions),
        precedences=tuple(precedences),
        projects=projects,
    )


def _a_mode(rng: random.Random) -> Mode:
    slots = rng.randint(1, 4)
    needs = [ResourceNeed(resource, rng.randint(1, 3), 0, slots) for resource in (0, 1) if rng.random() < 0.8]
    if rng.random() < 0.8:
        needs.append(ResourceNeed(2, rng.randint(1, 4), rng.randint(-2, 2), rng.randint(1, 3)))
    return Mode(slots, (), tuple(needs))


def lateness_free_optimum(problem: Problem) -> tuple[int, int] | None:
    """The least (delay, makespan) over all starts and modes, by plain depth-first search; None without a plan."""
    best: list[tuple[int, int] | None] = [None]

    def go(plan: tuple[Placement, ...]) -> None:
        value = score(problem, plan)
        if best[0] is not None and (value.project_delay, value.makespan) >= best[0]:
            return
        if any(breach.rule != "precedence" for breach in verify(problem, plan)):
            return
        if len(plan) == len(problem.actions):
            if not verify(problem, plan):
                best[0] = (value.project_delay, value.makespan)
            return
        action = len(plan)
        for mode in range(len(problem.actions[action].modes)):
            for start_slot in range(problem.actions[action].windows[0].start_slot, 24):
                go((*plan, Placement(action, mode, start_slot)))

    go(())
    return best[0]


@pytest.mark.parametrize("seed", with_fresh(*range(12)))
def test_the_optimum_is_that_of_enumeration(seed: int) -> None:
    """On tiny problems of projects the solve ends with the least delay and makespan, and says that it is proven."""
    problem = some_projects(seed, 1)
    assert suits(Facts(problem))
    best = lateness_free_optimum(problem)
    solution = solve(problem, Budget(seconds=None, work=2_000, workers=1, seed=seed % 1000))
    if best is None:
        assert solution.outcome is Outcome.INFEASIBLE
        return
    assert (solution.score.project_delay, solution.score.makespan) == best
    assert solution.outcome is Outcome.OPTIMAL


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_every_list_keeps_every_rule(seed: int) -> None:
    """What is constructed, and annealed at any temperature, passes the checker with the value that is claimed."""
    _anneal_and_check(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(500))
def test_every_list_keeps_every_rule_many_times(seed: int) -> None:
    """The same for many more."""
    _anneal_and_check(seed)


def _anneal_and_check(seed: int) -> None:
    problem = some_projects(seed, 12)
    search = ListSearch(Facts(problem), seed)
    if not search.construct(lambda: False):
        return
    values = [_checked(problem, search)]
    chains = search.begin(2)
    for heat in (5.0, 1.0, 0.1):
        for chain in chains:
            chain.anneal(heat, heat / 2, 3_000)
        if search.collect():
            search.justify()
        values.append(_checked(problem, search))
    assert values == sorted(values, reverse=True)


def _checked(problem: Problem, search: ListSearch) -> tuple[int, int]:
    plan = search.placements()
    assert verify(problem, plan) == ()
    assert len(plan) == len(problem.actions)
    value = score(problem, plan)
    assert search.value == (value.project_delay, value.makespan)
    return value.project_delay, value.makespan


def test_what_lists_cannot_express_is_not_theirs() -> None:
    """Units, groups, latest ends, maximum lags, locks and optional actions are left to the search of raids."""
    assert not suits(Facts(a_problem()))
    plain = some_projects(1, 3)
    assert suits(Facts(plain))
    for changed in (
        {"precedences": (Precedence(0, 1, 0, 5),)},
        {"actions": (an_action(modes=(Mode(4, (UnitNeed(0, 2, 1),)),), mandatory=True, project=0),)},
    ):
        fields = {"unit_kinds": ("assault",), "units": (a_unit(permitted=(0,), owner=0),)} | changed
        problem = Problem(
            15,
            plain.horizon_slots,
            (Country("A"),),
            sites=(Site("here", 0),),
            resources=plain.resources,
            resource_kinds=("any",),
            projects=plain.projects,
            **({"actions": plain.actions} | fields),
        )
        assert not suits(Facts(problem))


def test_equal_bytes() -> None:
    """One worker, one seed and a work budget give the same bytes on every run; another seed gives others."""
    problem = some_projects(5, 40)

    def run(seed: int) -> bytes:
        return solution_to_json(solve(problem, Budget(seconds=None, work=500, workers=1, seed=seed)))

    assert len({run(7) for _ in range(3)}) == 1
    assert run(7) != run(8)


def test_it_stops_within_a_second() -> None:
    """A stop during annealing is obeyed within a second, with the best plan so far."""
    problem = some_projects(5, 40)
    told: list[float] = []
    begun = time.monotonic()

    def stop() -> bool:
        if told and time.monotonic() - told[0] > 0.3:
            told.append(time.monotonic())
        return len(told) > 1

    solution = solve(
        problem,
        Budget(seconds=120, workers=2),
        clock=time.monotonic,
        stop=stop,
        on_progress=lambda _: told.append(time.monotonic()) if not told else None,
    )
    assert solution.outcome is Outcome.CANCELLED
    assert time.monotonic() - told[1] < 1.0
    assert time.monotonic() - begun < 100
    assert verify(problem, solution.placements) == ()
