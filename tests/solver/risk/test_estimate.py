"""The risk of a plan: nothing is at risk where all is certain, and what is equals a plain simulation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from solver import Budget, InvalidProblem, Placement, Problem, solve, verify
from solver.risk import CERTAIN, Distribution, Frequency, PlanRisk, Spread, Uncertainty, WaySpread, estimate_risk
from solver.risk import estimate as estimate_module
from solver.risk.course import Draws, Weather, carry_out
from solver.risk.estimate import Tally
from solver.risk.network import Network, make_network
from tests.seeds import many, with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant
from tests.solver.risk.plain import Draw, Happened, Plain, drawn_by
from tests.solver.tiny import a_tiny_problem

SMALL = Shape(countries=4, hosts=3, actions=14, units=40, days=2, group_share=0.5, precedence_share=0.4)
FEW = Shape(countries=3, hosts=2, actions=8, units=24, days=2, group_share=0.5, precedence_share=0.4)
SKEW = Spread(850, 1000, 1500, Distribution.LOGNORMAL)


def uncertain(problem: Problem, seed: int) -> Uncertainty:
    """Spreads of every form, for durations, ways and victims."""
    rng = random.Random(seed)
    forms = (SKEW, Spread(800, 950, 1800), CERTAIN, Spread(1000, 1000, 1300))
    return Uncertainty(
        tuple(rng.choice(forms) for _ in problem.actions),
        SKEW,
        (),
        Spread(500, 1000, 2500),
        tuple(range(len(problem.resource_kinds))),
    )


def a_small_plan(seed: int) -> tuple[Problem, tuple[Placement, ...]]:
    """A tiny problem with the plan that the solver gives, in half of the cases with what it needs for its victims."""
    problem = a_tiny_problem(seed)
    return problem, solve(problem, Budget(seconds=None, work=20_000, workers=1)).placements


@pytest.mark.parametrize("seed", with_fresh(*range(30)))
def test_nothing_is_at_risk_where_all_is_certain(seed: int) -> None:
    """A valid plan that comes as it was planned breaks nothing, and starts nothing late."""
    for problem, plan in (a_small_plan(seed), _planted(seed)):
        assert plan == () or verify(problem, plan) == ()
        risk = estimate_risk(problem, plan, Uncertainty(), runs=2)
        assert (risk.any_breach.hits, risk.mean_breaches) == (0, 0.0)
        assert not any(each.starts_late.hits or each.holds_up.hits for each in risk.actions)


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_every_course_is_that_of_the_definition(seed: int) -> None:
    """From the same draws, a plain simulator of one course at a time finds exactly the same to have happened."""
    for problem, plan in (a_small_plan(seed), _planted(seed)):
        _same_courses(problem, plan, uncertain(problem, seed), seed, 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(500))
def test_every_course_is_that_of_the_definition_many_times(seed: int) -> None:
    """The same, many times."""
    for problem, plan in (a_small_plan(seed), _planted(seed)):
        _same_courses(problem, plan, uncertain(problem, seed), seed, 30)


def _planted(seed: int) -> tuple[Problem, tuple[Placement, ...]]:
    planted = plant(SMALL, seed)
    return planted.problem, planted.plan


def _same_courses(
    problem: Problem, plan: tuple[Placement, ...], uncertainty: Uncertainty, seed: int, count: int
) -> None:
    network = make_network(problem, plan)
    draws = Weather(problem, network, uncertainty, seed).draw(count)
    plain = Plain(problem, plan, uncertainty)
    for number in range(count):
        tally = Tally(problem, network, uncertainty)
        tally.count(carry_out(network, _one(draws, number)), 1)
        assert _happened(tally.report(seed)) == plain.course(_as_drawn(problem, network, draws, number))


def _one(draws: Draws, number: int) -> Draws:
    cut = slice(number, number + 1)
    return Draws(
        [each[cut] for each in draws.durations],
        [[each[cut] for each in some] for some in draws.ways],
        [None if each is None else each[cut] for each in draws.victims],
    )


def _as_drawn(problem: Problem, network: Network, draws: Draws, number: int) -> Draw:
    def draw(kind: str, action: int, origin: int) -> float:
        position = network.position[action]
        if kind == "duration":
            return float(draws.durations[position][number])
        if kind == "way":
            origins = [way.origin for way in network.steps[position].ways]
            return float(draws.ways[position][origins.index(origin)][number])
        found = draws.victims[position]
        assert found is not None
        return float(found[number]) / problem.actions[action].expected_victims

    return draw


def _frequencies(risk: PlanRisk) -> Iterator[tuple[tuple[str, int, str], Frequency]]:
    parts = [("plan", 0, risk)]
    for about, some in (
        ("action", risk.actions),
        ("unit", risk.units),
        ("group", risk.groups),
        ("resource", risk.resources),
        ("country", risk.countries),
    ):
        parts += [(about, getattr(each, about), each) for each in some]
    for about, index, part in parts:
        for name in part.__dataclass_fields__:
            if isinstance(value := getattr(part, name), Frequency):
                yield (about, index, name), value


def _happened(risk: PlanRisk) -> Happened:
    return {key for key, frequency in _frequencies(risk) if frequency.hits}


def _held_against_plain(shape: Shape, seed: int, runs: int) -> float:
    """Give the largest difference between reported risks and frequencies in so many plain courses of their own."""
    planted = plant(shape, seed)
    problem = planted.problem
    uncertainty = uncertain(problem, seed)
    risk = estimate_risk(problem, planted.plan, uncertainty, runs=20_000, seed=seed % 1_000)
    plain = Plain(problem, planted.plan, uncertainty)
    courses = drawn_by(random.Random(f"of its own {seed}"), uncertainty)
    hits: dict[tuple[str, int, str], int] = {}
    for _ in range(runs):
        for key in plain.course(courses()):
            hits[key] = hits.get(key, 0) + 1
    told = {key: frequency.probability for key, frequency in _frequencies(risk)}
    assert hits.keys() <= told.keys()
    assert any(0.1 < share < 0.9 for share in told.values())
    return max(abs(share - hits.get(key, 0) / runs) for key, share in told.items())


@pytest.mark.requirement("S10")
@pytest.mark.parametrize("seed", with_fresh(1))
def test_reported_risks_are_those_of_a_plain_simulation(seed: int) -> None:
    """Every risk reported from 20,000 courses lies within what chance allows of 4,000 courses of a plain simulator."""
    # Five standard errors of a share of one half: 0.04, for some hundred shares.
    assert _held_against_plain(FEW, seed, 4_000) < 0.045


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.requirement("S10")
@pytest.mark.parametrize("seed", [2, *many(2)])
def test_reported_risks_lie_within_two_percent_of_a_hundred_thousand_runs(seed: int) -> None:
    """Every risk reported from 20,000 courses lies within 2 % of a plain simulation of 100,000 courses of its own."""
    assert _held_against_plain(FEW, seed, 100_000) < 0.02


def test_equal_seeds_give_equal_figures_however_many_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures depend on the seed and the number of runs alone."""
    problem, plan = _planted(5)
    first = estimate_risk(problem, plan, uncertain(problem, 5), runs=3_000, seed=9)
    monkeypatch.setattr(estimate_module, "COURSES_AT_ONCE", 512)
    again = estimate_risk(problem, plan, uncertain(problem, 5), runs=3_000, seed=9)
    assert _happened_as_often(first) == _happened_as_often(again)
    other = estimate_risk(problem, plan, uncertain(problem, 5), runs=3_000, seed=10)
    assert _happened_as_often(first) != _happened_as_often(other)


def _happened_as_often(risk: PlanRisk) -> dict[tuple[str, int, str], int]:
    return {key: frequency.hits for key, frequency in _frequencies(risk)}


def test_a_chain_of_two_is_as_late_as_reckoned_by_hand() -> None:
    """The second action of a unit starts late as often as the first takes longer than the gap."""
    problem = a_problem(actions=(an_action(4), an_action(4)))
    plan = (at(0, 0, (0,)), at(1, 5, (0,)))
    # Of 60 minutes 30 to 120, evenly rising and falling about 60: longer than 75 in (2 - 1.25)^2 / 1.5 of all cases.
    spread = Spread(500, 1000, 2000)
    risk = estimate_risk(problem, plan, Uncertainty((spread, CERTAIN)), runs=100_000)
    late = risk.actions[1].starts_late
    assert late == risk.actions[0].holds_up
    assert late.probability == pytest.approx(0.75**2 / 1.5, abs=5 * late.standard_error)
    # The mean of what lies beyond: the integral of (x - 1.25) over that tail, in hours.
    assert risk.actions[1].mean_delay_minutes == pytest.approx(60 * 0.75**3 / 4.5, abs=0.1)


def test_a_way_with_a_spread_of_its_own_has_it() -> None:
    """The spread of one way concerns the actions at its end alone."""
    problem = a_problem(units=(a_unit(home=0), a_unit(home=0)), actions=(an_action(site=0), an_action(site=0)))
    plan = (at(0, 0, (0,)), at(1, 0, (1,)))
    late = Spread(3000, 3000, 3000)
    risk = estimate_risk(problem, plan, Uncertainty(ways=(WaySpread(0, 0, late),)), runs=10)
    # The way from home is none here, and three times none.
    assert not any(each.starts_late.hits for each in risk.actions)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"durations": (CERTAIN,) * 3}, "uncertainty.durations"),
        ({"ways": (WaySpread(0, 99, CERTAIN),)}, "uncertainty.ways[0].destination"),
        ({"victim_resource_kinds": (7,)}, "uncertainty.victim_resource_kinds[0]"),
    ],
)
def test_what_does_not_belong_to_the_problem_is_refused(changes: dict[str, object], path: str) -> None:
    """Refused with the field."""
    with pytest.raises(InvalidProblem) as refused:
        estimate_risk(a_problem(), (at(0, 0, (0,)),), replace(Uncertainty(), **changes))
    assert refused.value.path == path


def test_an_empty_plan_has_no_risk() -> None:
    """Nothing that is not placed can go wrong."""
    risk = estimate_risk(a_problem(), (), Uncertainty(), runs=5)
    assert (risk.any_breach.probability, risk.actions, risk.countries) == (0.0, (), ())
