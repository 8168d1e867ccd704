"""The compiled search against `solver.draft` and the checker: the same starts, the same plans, every rule kept."""

import random
from dataclasses import replace

import pytest

from solver import Placement, Problem, score, verify
from solver.compiled.raids import ORDERS, RaidSearch
from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.facts.slots import listed
from solver.local.staffing import choose_units
from solver.possible import possible_bundles
from tests.seeds import many, with_fresh
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem

SMALL = Shape(countries=6, hosts=4, actions=30, units=90, days=3, group_share=0.4, precedence_share=0.3)
BY_INDEX = range(10_000)


def compiled(problem: Problem, seed: int = 1) -> tuple[Facts, RaidSearch]:
    """The facts and a search whose every possible bundle may be placed."""
    facts = Facts(problem)
    search = RaidSearch(facts, seed)
    search.allow(possible_bundles(facts, search.possible()))
    return facts, search


def unlocked(problem: Problem) -> Problem:
    """The problem with nothing decided."""
    return replace(problem, actions=tuple(replace(action, lock=None) for action in problem.actions))


def follow(problem: Problem, seed: int, steps: int) -> None:
    """Change a draft and a compiled plan alike, at random, and compare what they offer after each change."""
    rng = random.Random(seed)
    facts, search = compiled(problem, seed)
    draft = Draft(facts)
    actions = range(len(problem.actions))
    for _ in range(steps):
        action = rng.choice(actions)
        if draft.placed[action] is not None:
            draft.take(action)
        else:
            mode = rng.randrange(len(facts.durations[action]))
            starts = list(listed(draft.starts(action, mode)))
            units = None
            if starts:
                start_slot = rng.choice(starts)
                units = choose_units(draft, action, mode, start_slot, [rng.random() for _ in problem.units])
            if units is not None:
                draft.put(action, Placed(mode, start_slot, units))
        search.load(draft.placements())
        assert search.best() == draft.placements()
        for other in rng.sample(actions, min(6, len(actions))):
            if draft.placed[other] is None:
                for mode in range(len(facts.durations[other])):
                    assert search.starts(other, mode) == draft.starts(other, mode)


@pytest.mark.parametrize("seed", with_fresh(*range(60)))
def test_both_offer_the_same_starts_in_tiny_problems(seed: int) -> None:
    """After each of some random changes every action that is out has the same starts in both."""
    follow(a_tiny_problem(seed), seed, 12)


@pytest.mark.parametrize("seed", with_fresh(1, 2, 3))
def test_both_offer_the_same_starts_in_larger_problems(seed: int) -> None:
    """The same with travel by hubs, groups, precedences and days of several stints."""
    follow(plant(SMALL, seed).problem, seed, 60)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(500))
def test_both_offer_the_same_starts_five_hundred_times(seed: int) -> None:
    """The same for five hundred more of each."""
    follow(a_tiny_problem(seed), seed, 12)
    follow(plant(SMALL, seed).problem, seed, 20)


@pytest.mark.parametrize("seed", with_fresh(*range(40)))
def test_a_plan_is_adopted_exactly_where_the_checker_accepts_it(seed: int) -> None:
    """Of random placements, right or wrong, those are taken that break no rule beside what is placed."""
    rng = random.Random(seed)
    problem = replace(unlocked(a_tiny_problem(seed)), groups=())
    _, search = compiled(problem)
    placed: tuple[Placement, ...] = ()
    for _ in range(30):
        action = rng.randrange(3)
        mode = rng.randrange(len(problem.actions[action].modes))
        needs = problem.actions[action].modes[mode].unit_needs
        units = tuple(tuple(sorted(rng.sample(range(3), need.count))) for need in needs)
        candidate = Placement(action, mode, rng.randrange(problem.horizon_slots), units)
        others = tuple(each for each in placed if each.action != action)
        search.load(others)
        search.adopt([candidate])
        wanted = tuple(sorted((*others, candidate), key=lambda each: each.action))
        accepted = not verify(problem, wanted)
        assert search.best() == (wanted if accepted else others)
        placed = search.best()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("preference", ["earliest", "latest", "anywhere", "calm"])
def test_every_construction_keeps_all_rules(order: str, preference: str) -> None:
    """Whatever the order and the preferred start, the plan is valid and not empty."""
    problem = plant(SMALL, 4).problem
    _, search = compiled(problem)
    bundles = search.order(order)
    search.construct(bundles, 0, len(bundles), preference)
    assert search.keep_if_better()
    assert verify(problem, search.best()) == ()


@pytest.mark.parametrize("seed", with_fresh(1, 2))
def test_searching_keeps_all_rules_and_never_gets_worse(seed: int) -> None:
    """Along placing, shaking and polishing each plan is valid, and the best is no worse than the one before."""
    problem = plant(SMALL, seed).problem
    _, search = compiled(problem, seed)
    before = score(problem, ()).key()
    for turn in range(12):
        if turn % 3 == 2:
            search.back()
            search.polish(100)
        else:
            search.place(40)
        plan = search.best()
        assert verify(problem, plan) == ()
        now = score(problem, plan).key()
        assert now[:3] <= before[:3]
        assert turn % 3 != 2 or now <= before
        before = now


def test_equal_seeds_search_alike() -> None:
    """Two searches of one seed give equal plans, and another seed another one."""
    problem = plant(SMALL, 7).problem

    def plan(seed: int) -> tuple[Placement, ...]:
        _, search = compiled(problem, seed)
        for _ in range(3):
            search.place(50)
            search.polish(50)
        return search.best()

    assert plan(1) == plan(1)
    assert plan(1) != plan(2)
