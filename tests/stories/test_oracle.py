# Fixture strategy: ONE service for the module, in a thread with its own event loop, over the session's Neo4j with
# nothing in it but the gazetteer and the small exercise. Over the API the exercise is scheduled and published; an
# action is activated and quiet hours are entered; it is scheduled and published again. All mutations are made of what
# the API then served and ask nobody further. The last three tests change the graph, in this order.
"""The second checker: it accepts what the service publishes, and refuses what breaks a rule by the rule's name."""

import ast
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from opsplan.geography.places import time_zones_of
from opsplan.geography.travel import travel_minutes
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.vocabulary.place import GeoPoint
from solver import problem_from_json, solution_from_json, verify
from tests.conftest import WIPE
from tests.oracle import RULES, Placement, check
from tests.oracle.facts import Network, QuietHours
from tests.oracle.fetch import fetch
from tests.oracle.journeys import Journeys
from tests.oracle.zones import Zones
from tests.stories.exercise_story import Story, told
from tests.stories.fact_faults import FACT_FAULTS, FactFault, first_alone
from tests.stories.judged import Mutant, Served, broken, judged, rules_named, verify_arguments
from tests.stories.plan_faults import FAULTS, Scene
from tests.stories.plan_faults.edits import at
from tests.stories.random_edits import random_edits
from tests.stories.second_operation import second_operation, to_be_shared
from tests.stories.shift import shifted

ROOT = Path(__file__).parents[2]
BUDGET_S = 3
OF_THE_ORACLE_ALONE = frozenset({"duration", "place", "local_time", "mandatory"})
"""Rules that a solution cannot break: it has no ends and no local times, actions without a place have no windows in its
problem, and mandatory actions are a goal there."""


@pytest.fixture(scope="module")
async def story(
    graph: Graph, graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Story]:
    """Run the service with the exercise."""
    await graph.run_outside(WIPE)
    with told(graph_server, tmp_path_factory.mktemp("story")) as story:
        yield story


def _scheduled(story: Story, network: Network | None = None) -> Served:
    run_id, plan_id = story.schedule(BUDGET_S)
    story.publish(plan_id)
    scene = Scene(*fetch(story.url, story.token(), plan_id, network))
    return Served(plan_id, scene, story.artefact(run_id, "problem.json"), story.artefact(run_id, "solution.json"))


@pytest.fixture(scope="module")
def first(story: Story) -> Served:
    """Have the exercise scheduled and published, and fetch the plan."""
    return _scheduled(story)


@pytest.fixture(scope="module")
def served(story: Story, first: Served) -> Served:
    """Activate an action, enter quiet hours that the first plan happens to keep, and schedule and publish again."""
    scene = first.scene
    adaptable = max(scene.plan.placements, key=lambda each: (bool(each.staff), len(scene.action(each).modes)))
    story.activate(adaptable.action_id)
    quiet = next(_quiet_hours_that_matter(scene))
    story.keep_quiet(quiet.country, quiet.from_minute, quiet.until_minute)
    return _scheduled(story, scene.facts.gazetteer.network)


def _quiet_hours_that_matter(scene: Scene) -> Iterator[QuietHours]:
    """Give hours in which no planned raid or search runs, but one might."""
    fault = next(fault for fault in FAULTS if fault.rule == "forbidden_hours")
    for each in scene.plan.placements:
        action = scene.action(each)
        for minute in range(0, 1440, 30) if action.kind in {"RAID", "SEARCH"} else ():
            quiet = QuietHours(action.country or "", minute, (minute + 60) % 1440, frozenset())
            facts = replace(scene.facts, quiet_hours=(*scene.facts.quiet_hours, quiet))
            moved = fault.candidates(Scene(facts, scene.plan))
            if not check(facts, scene.plan) and any(broken(facts, plan) == {fault.rule} for plan in moved):
                yield quiet


@pytest.fixture(scope="module")
def mutants(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mutant]:
    """Make a plan of each fault that this plan offers an opportunity for, and let both checkers judge it."""
    return judged(served, tmp_path_factory.mktemp("mutants"))


def test_the_oracle_stands_alone() -> None:
    """It imports the standard library and httpx, nothing of the service, the solver or other tests."""
    for path in (ROOT / "tests" / "oracle").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                root = name.partition(".")[0]
                own = f"{name}.".startswith("tests.oracle.")
                assert own or root == "httpx" or root in sys.stdlib_module_names, f"{path.name} imports {name}"
                assert root not in {"importlib", "runpy", "subprocess"}, f"{path.name} imports {name}"
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path.name} imports relatively"
            assert not (isinstance(node, ast.Name) and node.id in {"__import__", "exec", "eval"}), path.name


@pytest.mark.requirement("S1")
@pytest.mark.requirement("S2")
@pytest.mark.requirement("R1")
def test_the_oracle_accepts_what_the_service_publishes(first: Served, served: Served) -> None:
    """Two plans made and published over the API break no rule in instants, metres and zones, and are no empty ones."""
    for each in (first, served):
        assert check(each.scene.facts, each.scene.plan) == []
        assert each.scene.plan.state == "PUBLISHED"
        assert len(each.scene.plan.placements) > len(each.scene.facts.actions) / 2
    assert len(served.scene.facts.locks) == 1


def test_the_command_prints_the_verdict(story: Story, served: Served) -> None:
    """`python -m tests.oracle URL - PLAN` lists every rule and ends with the verdict; what is not there is an error."""
    answer = _command(story, served.plan_id)
    assert answer.returncode == 0, answer
    assert all(f"\n{rule} " in answer.stdout for rule in RULES)
    assert answer.stdout.splitlines()[-1].endswith("broken=0 verdict=accepted")
    assert _command(story, "plan_00000000000000000000000000").returncode == 2


def test_the_solvers_command_says_the_same(mutants: Mapping[str, Mutant], served: Served, tmp_path: Path) -> None:
    """`python -m solver verify` accepts the run's own solution as the plan has it, and refuses a mutant by its rule."""
    mutant = next(each for each in mutants.values() if each.fault.rule == "unit_needs")
    for plan, rules in ((served.scene.plan, frozenset()), (mutant.plan, mutant.by_solver)):
        command = [sys.executable, "-m", "solver", *verify_arguments(served, plan, tmp_path)]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert rules_named(answer.returncode, answer.stdout) == rules


def _command(story: Story, plan_id: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.oracle", story.url, "-", plan_id]
    return subprocess.run(
        command, cwd=ROOT, input=story.token() + "\n", capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.requirement("S1")
def test_the_faults_are_many_and_of_every_rule(mutants: Mapping[str, Mutant]) -> None:
    """At least twenty of them can be told to the solver, and each rule of the oracle is broken by one."""
    assert sum(each.fault.expressible for each in mutants.values()) >= 20
    assert {each.fault.rule for each in mutants.values()} == set(RULES) - {"place"}


@pytest.mark.requirement("S2")
@pytest.mark.requirement("R1")
@pytest.mark.parametrize("rule", sorted(set(RULES) - {"place"}))
def test_a_faulty_plan_is_refused_by_the_name_of_its_rule(rule: str, mutants: Mapping[str, Mutant]) -> None:
    """The oracle and `python -m solver verify` each name the rule, and agree on every other rule broken besides."""
    for mutant in mutants.values():
        if mutant.fault.rule == rule:
            assert rule in mutant.by_oracle, mutant.fault.name
            if mutant.by_solver is not None:
                assert mutant.by_solver == mutant.by_oracle - OF_THE_ORACLE_ALONE, mutant.fault.name


def test_both_checkers_agree_on_changes_drawn_at_random(served: Served) -> None:
    """Of 150 plans with one random change each, both name the same rules."""
    problem, refused = problem_from_json(served.problem), 0
    for plan in random_edits(served.scene, seed=1, count=150):
        by_oracle = broken(served.scene.facts, plan) - OF_THE_ORACLE_ALONE
        placements = solution_from_json(served.file.of(plan)).placements
        # What others claim binds schedules; a plan that comes near it is published with keys.
        by_solver = {breach.rule for breach in verify(problem, placements)} - {"claims"}
        # Outside its window the problem does not say when an action would meet quiet hours.
        excused = {"forbidden_hours"} if "windows" in by_oracle else set()
        assert by_oracle - excused == by_solver - excused
        refused += bool(by_oracle)
    assert refused > 50


@pytest.mark.parametrize("fault", FACT_FAULTS, ids=lambda fault: fault.name)
def test_a_plan_is_refused_when_a_fact_it_rests_on_changes(fault: FactFault, served: Served) -> None:
    """One changed fact of the graph, and the published plan breaks the rule that protects it."""
    facts = first_alone(fault, served.scene)
    assert fault.rule in broken(facts, served.scene.plan)


@pytest.mark.requirement("S2")
def test_a_plan_moved_over_a_change_of_clocks_meets_quiet_hours(served: Served) -> None:
    """Moved by weeks with all its facts a plan stays valid, until clocks differ where quiet hours begin at its end."""
    scene, weeks = served.scene, timedelta(weeks=1)
    summer = next(place for place in _places_with_summer_time(scene, -8 * weeks))
    clock = (summer.local_start + (summer.end - summer.start)).time()
    evening = clock.hour * 60 + clock.minute
    action = scene.action(summer)
    quiet = QuietHours(action.country or "", evening, (evening + 15) % 1440, frozenset({action.kind}))
    facts = replace(scene.facts, quiet_hours=(quiet,))
    assert broken(*shifted(facts, scene.plan, -1 * weeks)) == frozenset()
    assert broken(*shifted(facts, scene.plan, -8 * weeks)) == {"forbidden_hours"}


def _places_with_summer_time(scene: Scene, by: timedelta) -> Iterator[Placement]:
    for each in scene.plan.placements:
        then = at(scene.facts, each, each.start + by, each.end - each.start)
        alike = [other for other in scene.plan.placements if _same_kind_and_country(scene, each, other)]
        if then.local_start.utcoffset() != each.local_start.utcoffset() and len(alike) == 1:
            yield each


def _same_kind_and_country(scene: Scene, one: Placement, other: Placement) -> bool:
    a, b = scene.action(one), scene.action(other)
    return (a.kind, a.country) == (b.kind, b.country)


def test_journeys_and_zones_are_those_of_the_service(served: Served) -> None:
    """Two implementations of one description agree on every journey between the exercise's places, and every zone."""
    facts = served.scene.facts
    sites = sorted({action.point for action in facts.actions.values() if action.point is not None}, key=repr)
    homes = sorted({unit.home for unit in facts.units.values()}, key=repr)[:60]
    journeys = Journeys(facts.gazetteer.network)
    here, there = ([GeoPoint(p.longitude, p.latitude) for p in points] for points in (homes, sites))
    theirs = travel_minutes(here, there)
    assert [[journeys.minutes(home, site) for site in sites] for home in homes] == theirs.tolist()
    zones = Zones(facts.gazetteer)
    for action in facts.actions.values():
        assert action.point is not None
        assert action.country is not None
        point = GeoPoint(action.point.longitude, action.point.latitude)
        assert [zones.of(action.point, action.country)] == time_zones_of([point], action.country)


def test_two_operations_that_share_means_are_both_accepted(story: Story, served: Served) -> None:
    """A second operation uses a unit and a resource of the first: each plan is valid beside the other, as served."""
    facts = served.scene.facts
    unit, resource = to_be_shared(served.scene)
    second = second_operation(story, facts, unit, resource.pool)
    story.offer("Unit", unit.id, second)
    story.offer("Resource", resource.id, second)
    plan_id = story.schedule(1, second)[1]
    story.publish(plan_id)
    for this, other, own_plan in ((facts.operation_id, second, served.plan_id), (second, facts.operation_id, plan_id)):
        found, plan = fetch(story.url, story.token(), own_plan, facts.gazetteer.network)
        assert found.operation_id == this
        assert check(found, plan) == []
        assert any(use.operation_id == other and unit.id in use.unit_ids for use in found.elsewhere)
        assert any(use.operation_id == other and use.resource_needs for use in found.elsewhere)
        assert any({this, other} <= each.offered_to for each in found.resources)


def test_a_locked_unit_that_is_withdrawn_stays_where_it_is(story: Story, served: Served) -> None:
    """No longer offered, the unit of an activated action still counts there, and nowhere else."""
    (lock,) = served.scene.facts.locks.values()
    unit_id = next(unit for units in lock.staffing.values() for unit in units)
    story.withdraw(unit_id)
    facts, plan = fetch(story.url, story.token(), served.plan_id, served.scene.facts.gazetteer.network)
    assert not facts.units[unit_id].offered
    assert {action for breach in check(facts, plan) for action in breach.action_ids} == {
        each.action_id for each in plan.placements if unit_id in each.staff and each.action_id != lock.action_id
    }


def test_a_change_of_the_graph_reaches_the_oracle(story: Story, served: Served) -> None:
    """An absence entered over the API during a unit's action: the command refuses the published plan by `calendars`."""
    placement = next(each for each in served.scene.plan.placements if each.staff)
    story.absent(placement.staff[0], placement.start, placement.end)
    answer = _command(story, served.plan_id)
    assert answer.returncode == 1
    assert "BROKEN calendars: " in answer.stdout
    assert answer.stdout.splitlines()[-1].endswith("verdict=refused")
