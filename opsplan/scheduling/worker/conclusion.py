"""What a search came to, made ready to be kept: verified once more, in the graph's words, with its files. Pure."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import Any

import opsplan
from opsplan.records.values import canonical_json
from opsplan.scheduling.answer import PlacedAction, Reason, UnplacedAction
from opsplan.scheduling.model import RunState
from opsplan.scheduling.plan.conflicts import told_conflict
from opsplan.scheduling.plan.locked import reasons_against_locks
from opsplan.scheduling.plan.more import marginal_values_told, slack_told
from opsplan.scheduling.plan.placed import placed_actions
from opsplan.scheduling.plan.reasons import unplaced_actions
from opsplan.scheduling.plan.scored import goals_as_json
from opsplan.scheduling.problem import Index, Snapshot, facts_of
from opsplan.scheduling.risk import DEFAULT_SPREADS, uncertainty_of
from opsplan.scheduling.rules import Options
from opsplan.scheduling.scenario import Scenario
from opsplan.scheduling.scenario.figures import FILE as SCENARIO_FILE
from opsplan.scheduling.scenario.figures import figures
from opsplan.scheduling.service.read_facts import FILE, ReadFacts, facts_to_json
from opsplan.scheduling.store.plans import NewPlan
from opsplan.scheduling.worker.course import Course
from opsplan.scheduling.worker.desk import Ending
from opsplan.vocabulary.sentences import Sentence, first_of, say
from solver import Outcome, Problem, Solution, Unplaced, score, solution_from_json, solution_to_json, verify
from solver import Reason as Found
from solver.task import Task, task_to_json

NOT_SOUGHT = "NOT_FOUND_IN_TIME"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Work:
    """What one run works on: the snapshot, the problem made from it with its canonical text, and the options.

    Of a scenario, the snapshot is as it might be, and `as_read` what the records say. The `problem` leaves alone what
    others claim of units and pools (`opsplan.scheduling.problem.means`); what a plan is judged by does not.
    """

    run_id: str
    snapshot: Snapshot
    problem: Problem
    index: Index
    problem_text: bytes
    options: Options
    judged_by: Problem
    as_read: Snapshot | None = None
    scenario: Scenario | None = None

    def asked(self) -> bytes:
        """Give what the child is asked: the problem, or a task where more than a plan is wanted."""
        options = self.options
        if options.slack_permille is None and not options.additions:
            return self.problem_text
        uncertainty = uncertainty_of(self.snapshot, self.problem, DEFAULT_SPREADS)
        return task_to_json(Task(self.problem, uncertainty, options.slack_permille, options.additions))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the problem's canonical text."""
        return hashlib.sha256(self.problem_text).hexdigest()


@cache
def engine() -> dict[str, str]:
    """Name the versions of everything that had a hand in a plan."""
    return {"opsplan": opsplan.__version__, "ortools": version("ortools"), "python": platform.python_version()}


def conclude(work: Work, event: Mapping[str, Any], course: Course) -> Ending:
    """Make the ending of a run from the child's ``result``, or from its last ``progress`` when it was killed.

    A plan that does not verify, or whose score is not as stated, is a defect of the solver: the run fails, and no plan
    is kept.
    """
    solution, explained = _answer(event)
    breaches = verify(work.problem, solution.placements)
    locked = any(action.lock is not None for action in work.problem.actions)
    without_locks = locked and not solution.placements
    if without_locks:
        return _told(_without_locks(work, solution, course), work, event)
    if breaches or score(work.problem, solution.placements) != solution.score:
        broken = ", ".join(sorted({breach.rule for breach in breaches})) or "its own score"
        return failed(say("The solver gave a plan that breaks {broken}; it was not kept.", broken=broken), work, course)
    unplaced = unplaced_actions(explained or _not_sought(work.problem, solution), work.problem, work.index)
    return _told(_with_plan(work, solution, unplaced, course, _more(work, event)), work, event)


def _told(ending: Ending, work: Work, event: Mapping[str, Any]) -> Ending:
    """The ending with the conflict that the solver found, where the request was impossible."""
    found = event.get("conflict")
    if found is None or not found["causes"]:
        return ending
    told = told_conflict(found, work.problem, work.index).as_json()
    return replace(ending, properties={**(ending.properties or {}), "conflict": canonical_json(told)})


def failed(reason: str, work: Work | None = None, course: Course | None = None) -> Ending:
    """Make the ending of a run that came to nothing; its files help to find out why."""
    files = None if work is None else _files(work, course or Course(), None)
    return Ending(RunState.FAILED, reason, files=files, properties={"engine": canonical_json(engine())})


def impossible(code: str, sentence: str, facts: Mapping[str, Any]) -> Ending:
    """Make the ending of a run whose request contradicts itself."""
    return Ending(RunState.INFEASIBLE, sentence, reasons=(Reason(code, sentence, facts),))


def _answer(event: Mapping[str, Any]) -> tuple[Solution, tuple[Unplaced, ...]]:
    if event["event"] == "result":
        plain = event["solution"]
        explained = tuple(
            Unplaced(each["action"], tuple(_found(reason) for reason in each["reasons"])) for each in event["unplaced"]
        )
    else:
        plain = {name: event[name] for name in ("placements", "score", "bounds")}
        plain["outcome"] = Outcome.CANCELLED.value
        explained = ()
    text = json.dumps({"format": "opsplan.solver/solution", "version": 1, "solution": plain})
    return solution_from_json(text), explained


def _found(reason: Mapping[str, Any]) -> Found:
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in reason["facts"].items()}
    return Found(reason["code"], reason["message"], facts)


def _not_sought(problem: Problem, solution: Solution) -> tuple[Unplaced, ...]:
    """Stands for reasons where the run ended before any was sought."""
    words = "The run ended before it was found out what keeps {} out."
    return tuple(
        Unplaced(number, (Found(NOT_SOUGHT, words.format(problem.actions[number].name), {}),))
        for number in solution.unplaced(problem)
    )


def _without_locks(work: Work, solution: Solution, course: Course) -> Ending:
    properties = {**_properties(work, course), "placed": 0, "unplaced": len(work.problem.actions)}
    files = _files(work, course, None)
    if solution.outcome is Outcome.INFEASIBLE:
        reasons = reasons_against_locks(work.problem, work.index, work.snapshot)
        sentence = say(
            "No plan keeps every action that is {bound:or} where it is. {sentence}",
            bound=_bound(work.snapshot),
            sentence=reasons[0].sentence,
        )
        return Ending(RunState.INFEASIBLE, sentence, reasons=reasons, properties=properties, files=files)
    if solution.outcome is Outcome.CANCELLED:
        return Ending(
            RunState.CANCELLED, say("Cancelled before any plan was found."), properties=properties, files=files
        )
    words = say(
        "{budget_seconds} s were too short to place what is locked; give it more time.",
        budget_seconds=work.options.budget_seconds,
    )
    return Ending(RunState.FAILED, words, properties=properties, files=files)


def _bound(snapshot: Snapshot) -> list[Sentence]:
    """Give in words what actions of the snapshot must stay where they are."""
    kinds = (
        (snapshot.pins, say("pinned")),
        (snapshot.frozen, say("frozen")),
        (snapshot.told, say("NOTIFIED")),
        (snapshot.locks, say("ACTIVATED or later")),
    )
    return [words for rows, words in kinds if rows]


def _with_plan(
    work: Work, solution: Solution, unplaced: Sequence[UnplacedAction], course: Course, more: Mapping[str, Any]
) -> Ending:
    gap = solution.bounds.gap(solution.score)
    files = _files(work, course, solution)
    plan = NewPlan(
        work.index.operation_id,
        work.run_id,
        solution.outcome.value,
        work.fingerprint,
        goals_as_json(solution, work.problem, work.index),
        _with_pins(placed_actions(solution.placements, work.index), work.snapshot),
        unplaced,
    )
    properties = {
        **_properties(work, course),
        "stage": None,
        "placed": len(plan.placed),
        "unplaced": len(plan.unplaced),
        "incumbent": float(solution.score.placed_weight),
        "bound": None if solution.bounds.placed_weight is None else float(solution.bounds.placed_weight),
        "gap": gap,
        **more,
    }
    state, reason, reasons = _verdict(work, solution, unplaced)
    if work.scenario is not None:
        # What might be is no plan: there is nothing that anybody could publish.
        found = figures(solution, work.problem, work.index, plan.placed, plan.unplaced)
        return Ending(
            state, reason, None, reasons, properties, {**files, SCENARIO_FILE: canonical_json(found).encode()}
        )
    return Ending(state, reason, plan, reasons, properties, files)


def _more(work: Work, event: Mapping[str, Any]) -> dict[str, str]:
    """What was asked beside the plan, as the run's record keeps it."""
    found: dict[str, str] = {}
    if "slack" in event:
        found["slack"] = canonical_json(slack_told(event["slack"], work.index))
    if "marginal_values" in event:
        told = marginal_values_told(event["marginal_values"], work.problem, work.index)
        found["marginal_values"] = canonical_json({"scarce": event["scarce"], "values": told})
    return found


def _with_pins(rows: Sequence[PlacedAction], snapshot: Snapshot) -> tuple[PlacedAction, ...]:
    """What was pinned in the plan that the run started from is so in its own."""
    pinned = {each.action_id for each in snapshot.pins}
    return tuple(replace(row, pinned=True) if row.action_id in pinned else row for row in rows)


def _verdict(
    work: Work, solution: Solution, unplaced: Sequence[UnplacedAction]
) -> tuple[RunState, str | None, tuple[Reason, ...]]:
    if solution.outcome is Outcome.CANCELLED:
        return RunState.CANCELLED, say("Cancelled; the best plan so far was kept."), ()
    if solution.outcome is not Outcome.INFEASIBLE:
        return RunState.SUCCEEDED, None, ()
    mandatory = {
        action_id: action.name
        for action_id, action in zip(work.index.action_ids, work.problem.actions, strict=True)
        if action.mandatory
    }
    missing = [each for each in unplaced if each.action_id in mandatory]
    names = first_of([mandatory[each.action_id] for each in missing[:_SHOWN]], len(missing))
    words = say(
        "No plan places all mandatory actions: {names} cannot be placed. The best plan without was kept.", names=names
    )
    return RunState.INFEASIBLE, words, tuple(reason for each in missing for reason in each.reasons)


def _properties(work: Work, course: Course) -> dict[str, Any]:
    points = course.points
    return {
        "problem_fingerprint": work.fingerprint,
        "engine": canonical_json(engine()),
        "course": canonical_json(course.brief()),
        "elapsed_seconds": points[-1]["elapsed_seconds"] if points else None,
    }


def _files(work: Work, course: Course, solution: Solution | None) -> dict[str, bytes]:
    read = ReadFacts(work.snapshot.commit, work.problem.slot_minutes, facts_of(work.as_read or work.snapshot))
    options = {"format": "opsplan.scheduling/options", "version": 1, **asdict(work.options), "engine": engine()}
    files = {
        "problem.json": work.problem_text,
        "options.json": json.dumps(options, sort_keys=True, separators=(",", ":")).encode(),
        "course.json": course.to_json(),
        FILE: facts_to_json(read),
    }
    if solution is not None:
        files["solution.json"] = solution_to_json(solution)
    return files
