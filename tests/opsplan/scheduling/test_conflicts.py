"""Conflicts in the graph's words, from snapshots made by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from opsplan.scheduling.plan.conflicts import Asked, ToldConflict, conflict_from_json, told_conflict
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.problem.snapshot import ReadGroup, Snapshot
from solver import CAUSES, COSTS, Budget, Cause, Change, UnitNeed, find_conflict
from solver.codec import to_plain
from solver.explain.conflict.tell import told, told_change
from tests.opsplan.scheduling import made


def told_of(snapshot: Snapshot) -> ToldConflict:
    """Find the conflict of an operation, and say it."""
    problem, index = make_problem(snapshot)
    found = find_conflict(problem, Budget(seconds=None, work=10**6, workers=1))
    said = told_conflict(to_plain(found), problem, index)
    assert conflict_from_json(said.as_json()) == replace(
        said, causes=plain(said.causes), relaxations=plain(said.relaxations)
    )
    return said


def plain(things: Iterable[Any]) -> tuple[Any, ...]:
    """Sentences as the text that they are."""
    return tuple(replace(each, sentence=str(each.sentence)) for each in things)


def mandatory(number: int = 1, **changes: Any) -> Any:
    """A raid that must be placed."""
    return made.action(number, mandatory=True, **changes)


@pytest.mark.requirement("S5")
def test_a_raid_without_beds() -> None:
    """Names the raid and the pool with its numbers; more beds, for the hours when they lack, would do."""
    said = told_of(made.snapshot(actions=(mandatory(),), resource_needs=(made.bed_need(),), **made.beds(amount=20)))
    assert [cause.rule for cause in said.causes] == ["mandatory", "capacity"]
    assert said.causes[1].sentence == "Of BED in KH there are 0 to 20; the actions use at least 30."
    (more,) = (each for each in said.relaxations if each.kind == "CAPACITY_RAISED")
    assert more.sentence.startswith("10 more of BED in KH from 2026-12-01 ")
    assert more.facts["amount"] == 10


@pytest.mark.requirement("S5")
def test_a_raid_that_can_have_no_place() -> None:
    """Where the operation itself leaves an action no place, the conflict says why and offers no longer window."""
    said = told_of(made.snapshot(actions=(mandatory(country=None),)))
    assert [cause.rule for cause in said.causes] == ["mandatory", "windows"]
    assert "host country" in said.causes[1].sentence
    assert [each.kind for each in said.relaxations] == ["MANDATORY_DROPPED"]


def rich() -> Snapshot:
    """An operation with something of every kind."""
    return made.snapshot(
        actions=(mandatory(group_id="group_1"), mandatory(2, group_id="group_1")),
        modes=(made.mode(), made.mode(2, 2)),
        unit_needs=(made.unit_need(), made.unit_need(2, 2)),
        units=(made.unit(), made.unit(2)),
        warrants=(made.warrant(3, 9),),
        precedences=(made.precedence(1, 2, 60, 120),),
        quiet_hours=(made.quiet_hours(),),
        groups=(ReadGroup("group_1", 1, "EXERCISE Strike", 15),),
        resource_needs=(made.bed_need(),),
        claims=(made.others_claim(4, 6),),
        **made.beds(),
    )


SUBJECTS: dict[str, dict[str, Any]] = {
    "capacity": {"resource": 0},
    "precedence": {"precedence": 0},
    "simultaneity": {"group": 0},
    "permitted_countries": {"country": 0},
    "calendars": {"units": (0, 1)},
    "duty_and_rest": {"units": (0, 1)},
    "travel": {},
}


@pytest.mark.parametrize("rule", CAUSES)
def test_every_rule_has_a_sentence(rule: str) -> None:
    """Each rule is said without slots or numbers of nouns, and with the records that it is about."""
    snapshot = rich()
    problem, index = make_problem(snapshot)
    held = problem
    if rule in ("locks", "stays"):
        snapshot = made.snapshot(**{**fields_of(snapshot), "locks": (made.lock(4),)})
        held, index = make_problem(snapshot)
    cause = told(held, Cause(rule, **SUBJECTS.get(rule, {"action": 0})), (0, 1))
    found = {"feasibility": "IMPOSSIBLE", "minimal": True, "causes": [to_plain(cause)], "relaxations": []}
    (said,) = told_conflict(found, held, index, Asked(12, 1)).causes
    assert said.sentence.endswith(".")
    assert "slot" not in said.sentence
    assert said.action_ids or said.unit_ids or rule in ("capacity", "permitted_countries", "travel")


def fields_of(snapshot: Snapshot) -> dict[str, Any]:
    """The members of a snapshot."""
    return {name: getattr(snapshot, name) for name in snapshot.__dataclass_fields__}


@pytest.mark.parametrize("kind", COSTS)
def test_every_change_has_a_sentence(kind: str) -> None:
    """Each change is said in minutes and names, and tells its amount."""
    problem, index = make_problem(rich())
    subject: dict[str, Any] = {"action": 0}
    if kind.startswith(("LAG", "PRECEDENCE")):
        subject = {"precedence": 0}
    elif kind.startswith(("TOLERANCE", "GROUP")):
        subject = {"group": 0}
    elif kind.startswith("CAPACITY"):
        subject = {"resource": 0, "from_slot": 3, "until_slot": 9}
    elif kind in ("UNIT_AVAILABLE_EARLIER", "UNIT_AVAILABLE_LATER", "DUTY_LONGER"):
        subject = {"unit": 1}
    elif kind == "UNIT_PERMITTED":
        subject = {"unit": 1, "country": 0}
    elif kind == "UNITS_ADDED":
        subject = {"action": 0, "need": UnitNeed(0, 2, 1)}
    change = told_change(problem, Change(kind, 3, **subject))
    relaxation = {"change": to_plain(change), "resolves": "REQUEST", "cost": 1, "smallest": True}
    found = {"feasibility": "IMPOSSIBLE", "minimal": True, "causes": [], "relaxations": [relaxation]}
    (said,) = told_conflict(found, problem, index).relaxations
    assert said.sentence.endswith(".")
    assert "slot" not in said.sentence
    assert said.facts["amount"] == 3
