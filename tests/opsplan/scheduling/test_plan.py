"""From the solver's answer to words: rows, reasons, broken rules, changes of facts, differences."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.scheduling.plan.breaches import broken_rules
from opsplan.scheduling.plan.judge import judge
from opsplan.scheduling.plan.placed import Lost, Missing, placed_actions, placements_of
from opsplan.scheduling.plan.reasons import unplaced_actions
from opsplan.scheduling.plan.scored import CHANGES, GOALS, goals_as_json
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem import ChangeKind, Snapshot, facts_of, make_problem
from opsplan.scheduling.problem.facts import changes_between
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.snapshot import ReadGroup
from opsplan.scheduling.service.read_facts import ReadFacts, facts_from_json, facts_to_json
from opsplan.scheduling.worker.course import Course
from solver import RULES, Bounds, Kept, Outcome, Placement, Solution, explain, score, verify
from tests.opsplan.scheduling import made
from tests.opsplan.scheduling.made import at

HOUR = 12


@settings(deadline=None)
@given(st.integers(0, 46 * HOUR), st.integers(1, 600))
def test_rows_lead_back_to_the_same_placements(start_slot: int, minutes: int) -> None:
    """A placement becomes a row with its true end, and the row leads back to the placement."""
    snapshot = made.snapshot(modes=(made.mode(duration_minutes=minutes),))
    _, index = make_problem(snapshot)
    placement = Placement(0, 0, start_slot, ((0,),))
    (row,) = placed_actions([placement], index)
    assert row.end - row.start == timedelta(minutes=minutes)
    assert row.start == at(0) + timedelta(minutes=5 * start_slot)
    assert row.h_offset_minutes == 5 * start_slot - 28 * 60
    assert row.unit_ids == ("unit_1",)
    assert placements_of([row], index) == ((placement,), ())


def test_local_time_follows_the_date() -> None:
    """The local start is that of the site on that date: the same UTC hour is another hour before and after a change."""
    for day, local in ((25, "2026-10-25T12:00+01:00"), (24, "2026-10-24T13:00+02:00")):
        start = at(0).replace(month=10, day=day)
        operation = made.operation(start=start, end=start + timedelta(days=2), h_hour=start)
        action = made.action(country="DE", point=(13.4, 52.5), window_start=start, window_end=operation.end)
        _, index = make_problem(made.snapshot(operation=operation, actions=(action,)))
        (row,) = placed_actions([Placement(0, 0, 11 * HOUR, ((0,),))], index)
        assert (row.local_start, row.time_zone) == (local, "Europe/Berlin")


def test_what_is_gone_is_named() -> None:
    """A row whose action, mode, needs or unit are gone is lost, and says what is missing."""
    _, index = make_problem(made.snapshot())
    rows = placed_actions([Placement(0, 0, 0, ((0,),))], index)
    cases = {
        Missing.ACTION: {"actions": (made.action(2),), "modes": (made.mode(1, 2),)},
        Missing.MODE: {"modes": (made.mode(2, 1),)},
        Missing.NEEDS: {"unit_needs": (made.unit_need(2),)},
        Missing.UNIT: {"units": (made.unit(2),)},
    }
    for missing, members in cases.items():
        _, changed = make_problem(made.snapshot(**members))
        found, lost = placements_of(rows, changed)
        assert (found, [each.missing for each in lost]) == ((), [missing])
        assert isinstance(lost[0], Lost)


def reasons_of(snapshot: Snapshot) -> dict[str, list[str]]:
    """Give codes by the action's id for an empty plan."""
    problem, index = make_problem(snapshot)
    return {each.action_id: list(each.codes) for each in unplaced_actions(explain(problem, ()), problem, index)}


def sentence_of(snapshot: Snapshot, action: str = "action_1") -> str:
    """Give an action's reasons in words for an empty plan."""
    problem, index = make_problem(snapshot)
    return next(
        each.sentence for each in unplaced_actions(explain(problem, ()), problem, index) if each.action_id == action
    )


def test_reasons_speak_of_hours_and_names() -> None:
    """Each reason names the records and times that stand against the action, never slots."""
    window = {"window_start": at(14), "window_end": at(22)}
    night = made.snapshot(actions=(made.action(**window),), quiet_hours=(made.quiet_hours(),))
    assert reasons_of(night) == {"action_1": ["FORBIDDEN_HOURS_COVER_WINDOW"]}
    assert "Quiet hours of KH" in sentence_of(night)
    assert "2026-12-01 14:00 UTC" in sentence_of(night)
    beds = made.snapshot(resource_needs=(made.bed_need(),), **made.beds(20))
    assert reasons_of(beds) == {"action_1": ["NOT_ENOUGH_CAPACITY"]}
    assert "needs 30 of BED in KH; even at its best start there are 20" in sentence_of(beds)
    short = made.snapshot(actions=(made.action(window_start=at(1), window_end=at(2)),))
    assert sentence_of(short) == "EXERCISE Raid 1 takes 2 h; its longest window inside the operation's time has 1 h."
    foreign = made.snapshot(units=(made.unit(country="TH", home=made.BANGKOK),))
    assert reasons_of(foreign) == {"action_1": ["NO_PERMITTED_UNIT"]}
    away = made.snapshot(absences=(made.absence(1, 0, 47),))
    assert reasons_of(away) == {"action_1": ["NO_AVAILABLE_UNIT"]}
    late = made.snapshot(warrants=(made.warrant(60, 62),))
    assert reasons_of(late) == {"action_1": ["WARRANT_OUTSIDE_WINDOW"]}
    for snapshot in (night, beds, short, foreign, away, late):
        assert "slot" not in sentence_of(snapshot)


def test_a_group_tells_why_its_other_action_cannot() -> None:
    """An action whose partner has no place repeats the partner's own reason."""
    actions = (made.action(1, group_id="group_1"), made.action(2, group_id="group_1", point=None))
    snapshot = made.snapshot(
        actions=actions,
        modes=(made.mode(1, 1), made.mode(2, 2)),
        groups=(ReadGroup("group_1", 1, "EXERCISE Doors", 0),),
    )
    assert reasons_of(snapshot) == {"action_1": ["GROUP_MEMBER_CANNOT"], "action_2": ["NO_LOCATION"]}
    assert "EXERCISE Raid 2, which cannot be placed: It has no location" in sentence_of(snapshot)


def test_every_rule_of_the_checker_is_said_in_words() -> None:
    """A breach of each rule becomes a sentence without slots and facts without indices that is plain JSON."""
    actions = (
        made.action(1, group_id="group_1", state="ACTIVATED", window_start=at(8), window_end=at(47)),
        made.action(2, group_id="group_1", point=made.MANILA, country="PH"),
        made.action(3),
    )
    snapshot = made.snapshot(
        actions=actions,
        modes=tuple(made.mode(number, number, duration_minutes=900) for number in (1, 2, 3)),
        unit_needs=tuple(made.unit_need(number, number) for number in (1, 2, 3)),
        resource_needs=(made.bed_need(1, 1, amount=50),),
        units=(made.unit(1), made.unit(2, type=4)),
        absences=(made.absence(2, 20, 21),),
        warrants=(made.warrant(40, 47),),
        quiet_hours=(made.quiet_hours(),),
        groups=(ReadGroup("group_1", 1, "EXERCISE Doors", 0),),
        precedences=(made.precedence(3, 1, 60),),
        locks=(made.lock(8),),
        claims=(made.others_claim(18, 20),),
        **made.beds(),
    )
    problem, index = make_problem(snapshot)
    placements = (
        Placement(0, 0, 0, ((0,),)),
        Placement(1, 0, 6, ((0,),)),
        Placement(2, 0, 200, ((1,),)),
    )
    broken = broken_rules(verify(problem, placements), problem, index, snapshot)
    missed = {rule.name for rule in RULES} - {each.rule for each in broken}
    assert missed == set()
    for each in broken:
        assert "slot" not in each.sentence
        assert each.sentence.endswith(".")
        assert json.loads(json.dumps(each.facts)) == each.facts
        assert not any(name.endswith(("_slot", "_slots")) for name in each.facts)


def test_facts_go_to_text_and_back() -> None:
    """The facts of a run are the same after they were kept as a file."""
    facts = facts_of(made.snapshot(absences=(made.absence(1, 3, 4),), **made.beds()))
    kept = facts_from_json(facts_to_json(ReadFacts(7, 5, facts)))
    assert (kept.commit, kept.slot_minutes) == (7, 5)
    assert {each.id: (each.noun, each.version, each.digest) for each in kept.facts.values()} == {
        each.id: (each.noun, each.version, each.digest) for each in facts.values()
    }
    assert changes_between(kept.facts, facts) == ()


def test_changes_of_facts() -> None:
    """What was read and differs, is gone, or came to what was read is a change; names and new offers are none."""
    before = facts_of(made.snapshot())

    def kinds(**members: object) -> set[tuple[str, ChangeKind]]:
        found = changes_between(before, facts_of(made.snapshot(**members)))
        return {(each.noun, each.kind) for each in found}

    assert kinds(units=(made.unit(name="EXERCISE Other", version=2),)) == set()
    assert kinds(actions=(made.action(state="COORDINATED", version=2),)) == set()
    assert kinds(actions=(made.action(state="ACTIVATED", version=2),)) == {("Action", ChangeKind.CHANGED)}
    assert kinds(units=(made.unit(), made.unit(2)), absences=(made.absence(2, 3, 4),)) == set()
    assert kinds(absences=(made.absence(1, 3, 4),)) == {("UnitAbsence", ChangeKind.ADDED)}
    assert kinds(units=(made.unit(type=2, version=2),)) == {("Unit", ChangeKind.CHANGED)}
    assert kinds(units=()) == {("Unit", ChangeKind.REMOVED)}
    assert kinds(unit_claims=(made.claim(1, 3, 4),)) == {("PlannedAction", ChangeKind.ADDED)}
    assert kinds(**made.beds()) == set()


def test_a_plan_is_judged_in_its_own_slots() -> None:
    """A plan made on a coarser grid is judged on that grid."""
    snapshot = made.snapshot()
    problem, index = make_problem(snapshot, 15)
    rows = placed_actions([Placement(0, 0, 4, ((0,),))], index)
    verdict = judge(rows, facts_of(snapshot), Frame.over(snapshot, 15))
    assert (verdict.broken, verdict.changes) == ((), ())
    assert problem.slot_minutes == 15


def test_goals_come_in_their_order_and_in_peoples_units() -> None:
    """A score has every goal in the strict order; cost is in currency, lateness in minutes.

    Changes are a goal only where there is an earlier plan.
    """
    late = made.action(due=at(1), priority=10)
    units = (made.unit(cost_per_hour=90),)
    problem, index = make_problem(
        made.snapshot(actions=(late,), units=units, modes=(made.mode(cost=1000, duration_minutes=120),))
    )
    placements = (Placement(0, 0, 0, ((0,),)),)
    found = Solution(Outcome.FEASIBLE, placements, score(problem, placements), Bounds())
    told = goals_as_json(found, problem, index)
    assert [each["goal"] for each in told] == [goal for goal in GOALS if goal != CHANGES]
    kept = replace(problem, actions=(replace(problem.actions[0], kept=Kept(0, 0, ((0,),))),))
    assert [each["goal"] for each in goals_as_json(found, kept, index)] == list(GOALS)
    by_goal = {each["goal"]: each["value"] for each in told}
    assert (by_goal["cost"], by_goal["lateness"], by_goal["placed_weight"]) == (1180, 600, 10)


def test_a_course_stays_short() -> None:
    """Of many points of a course some hundred are kept, the first and the last among them."""
    course = Course()
    for number in range(5_000):
        course.add(
            {"elapsed_seconds": number / 10, "stage": "place", "placed": number, "score": {"placed_weight": number}}
        )
    points = course.brief()
    assert len(points) <= 400
    assert (points[0][1], points[-1][1]) == (0, 4_999)
    assert [point[0] for point in points] == sorted(point[0] for point in points)


def test_lengths_are_said_in_hours_and_minutes() -> None:
    """Lengths of time are said as people say them."""
    words = Words(*make_problem(made.snapshot()))
    assert [words.length(slots) for slots in (0, 1, 12, 17, -13)] == [
        "0 min",
        "5 min",
        "1 h",
        "1 h 25 min",
        "-1 h 5 min",
    ]


def test_costs_stay_whole_unless_they_are_huge() -> None:
    """Costs are counted in twelfths of a unit, so that five minutes of an hour's cost are whole; huge ones in units."""
    assert make_problem(made.snapshot())[1].cost_scale == 12
    dear = made.snapshot(modes=(replace(made.mode(), cost=10**9),), units=(made.unit(cost_per_hour=7),))
    problem, index = make_problem(dear)
    assert index.cost_scale == 1
    assert problem.units[0].cost_per_slot == 1
