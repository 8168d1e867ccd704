"""Who may schedule, how large a schedule may be, and what a request may ask for: pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opsplan.access.rules import Verb, require
from opsplan.records.reason import reason_given
from opsplan.scheduling.model import ApprovalState, PlanState
from opsplan.scheduling.scenario.changes import Scenario
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Forbidden, Invalid
from opsplan.vocabulary.sentences import Sentence, say

MOST_ACTIONS = 20_000
"""Actions that one schedule may hold: twice the largest operation that was measured."""
MOST_UNITS = 50_000
"""Units that may be offered to one operation."""
MOST_OPEN_RUNS = 5
"""Runs that may wait or run for one operation at a time."""
MOST_ADDITIONS = 20
"""Of how much of what is scarce the worth of one more may be asked."""
MOST_SCENARIOS = 12
"""Scenarios of one what-if, beside the baseline."""
MOST_OPEN_SCENARIOS = 26
"""Scenarios, baselines included, that may wait or run for one operation at a time."""
MOST_CHANGES = 200
"""Changes that one scenario may make."""
LONGEST_SCENARIO_NAME = 200
MOST_STEPS = 1_000
"""Steps that one edit of a draft may take."""
LONGEST_REASON = 10_000
"""Characters of the reason of an edit."""
LONGEST_TO_ANSWER = timedelta(days=366)
"""For how long approving authorities may be asked."""
LONGEST_ANSWER_S = 20
"""Seconds that the solver may take to answer a question about a plan: a request has half a minute for all."""
MOST_ATTEMPTS = 3
"""How often a run is begun before it is given up."""

PLAN_STEPS: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.PROPOSED}),
    PlanState.PROPOSED: frozenset({PlanState.PROPOSED, PlanState.APPROVED, PlanState.DRAFT}),
    PlanState.APPROVED: frozenset({PlanState.PROPOSED, PlanState.APPROVED, PlanState.PUBLISHED, PlanState.DRAFT}),
    PlanState.PUBLISHED: frozenset({PlanState.SUPERSEDED}),
    PlanState.SUPERSEDED: frozenset(),
}
"""From each state of a plan, the states it may go to."""

APPROVAL_STEPS: Mapping[ApprovalState, frozenset[ApprovalState]] = {
    ApprovalState.ASKED: frozenset({ApprovalState.APPROVED, ApprovalState.REFUSED}),
    ApprovalState.REFUSED: frozenset({ApprovalState.APPROVED, ApprovalState.REFUSED}),
    ApprovalState.WITHDRAWN: frozenset({ApprovalState.APPROVED, ApprovalState.REFUSED}),
    ApprovalState.APPROVED: frozenset({ApprovalState.WITHDRAWN}),
    ApprovalState.REPLACED: frozenset(),
    ApprovalState.VOID: frozenset(),
}
"""From each state of an approval, the states that its authority may bring it to."""


class OperationTooLarge(Invalid):
    """The operation has more actions or units than one schedule may hold."""

    code = "OPERATION_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Options:
    """What a schedule run may spend, and what is asked of it beside a plan.

    Attributes
    ----------
    budget_seconds, workers, seed
        Wall seconds of search, search threads, and the seed of its choices.
    slack_permille
        Plan with slack: for what share of its cases, in thousandths, an action's slack suffices. None: without.
    additions
        Of how much of what is scarce the worth of one more is sought afterwards, which takes as long again.
    avoids_claims
        Whether actions are kept away from what others claim too near them.
    """

    budget_seconds: int = 60
    workers: int = 2
    seed: int = 1
    slack_permille: int | None = None
    additions: int = 0
    avoids_claims: bool = True

    def __post_init__(self) -> None:
        for field, value, low, high, unit in (
            ("input.budgetSeconds", self.budget_seconds, 1, 3_600, say("seconds")),
            ("input.workers", self.workers, 1, 64, say("threads")),
            ("input.seed", self.seed, 0, 2**31 - 1, None),
            ("input.slackPermille", 800 if self.slack_permille is None else self.slack_permille, 500, 999, None),
            ("input.marginalValues", self.additions, 0, MOST_ADDITIONS, None),
        ):
            if not low <= value <= high:
                remedy = say("give {low:,} to {high:,}", low=low, high=high)
                if unit is not None:
                    remedy = say("{remedy} {unit}", remedy=remedy, unit=unit)
                raise Invalid(
                    say("{field}: {value} is refused; {remedy}.", field=field, value=value, remedy=remedy),
                    field=field,
                    value=value,
                    remedy=remedy,
                )


@dataclass(frozen=True, slots=True)
class Basis:
    """The plan that a schedule starts from, and what it takes from it beside what is pinned there.

    Attributes
    ----------
    plan_id
        The plan.
    fewest_changes
        Whether all that it places stays as it is as far as nothing is gained for the first goals by moving it.
    leaves_out_refused
        Whether actions that approving authorities refuse, in it or in earlier plans of the operation, are left out.
    frozen_until
        What starts before this stays exactly as it is, and nothing else starts before it; None for no such time.
    """

    plan_id: str
    fewest_changes: bool = False
    leaves_out_refused: bool = False
    frozen_until: datetime | None = None


def refuse_too_large(actions: int, units: int) -> None:
    """Refuse an operation that is larger than one schedule may be.

    Raises
    ------
    OperationTooLarge
        With the number found and the limit.
    """
    for what, found, most in ((say("actions"), actions, MOST_ACTIONS), (say("units"), units, MOST_UNITS)):
        if found > most:
            raise OperationTooLarge(
                say(
                    "operationId: the operation has {found:,} {what}; one schedule may hold {most:,}.",
                    found=found,
                    what=what,
                    most=most,
                ),
                field="operationId",
                value=found,
                remedy=say(
                    "split the operation by region or phase, so that each part has at most {most:,} {what}",
                    most=most,
                    what=what,
                ),
                what=str(what),
                found=found,
                limit=most,
            )


def check_scenarios(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios that are too many or too large, that change nothing, or whose names are missing or doubled.

    Raises
    ------
    Invalid
        With the scenario concerned.
    """
    _refuse_count("input.scenarios", len(scenarios), 1, MOST_SCENARIOS, say("scenarios"))
    names: set[str] = set()
    for number, scenario in enumerate(scenarios):
        field = f"input.scenarios[{number}]"
        _refuse_count(f"{field}.changes", len(scenario.changes), 1, MOST_CHANGES, say("changes"))
        name_field = f"{field}.name"
        if not scenario.name.strip() or len(scenario.name) > LONGEST_SCENARIO_NAME or scenario.name in names:
            remedy = say("give each scenario a name of its own, of 1 to {most} characters", most=LONGEST_SCENARIO_NAME)
            raise Invalid(
                say("{field}: {value} is refused; {remedy}.", field=name_field, value=scenario.name, remedy=remedy),
                field=name_field,
                value=scenario.name,
                remedy=remedy,
            )
        names.add(scenario.name)


def _refuse_count(field: str, count: int, low: int, high: int, what: Sentence) -> None:
    if not low <= count <= high:
        remedy = say("give {low:,} to {high:,} {what}", low=low, high=high, what=what)
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field=field, value=count, remedy=remedy),
            field=field,
            value=count,
            remedy=remedy,
        )


def check_reason(reason: str, field: str = "input.reason", remedy: Sentence | None = None) -> str:
    """Give a reason as it is kept: without outer blanks and odd characters.

    Raises
    ------
    Invalid
        When there is none, it is too long, or holds what is no text.
    """
    return reason_given(reason, LONGEST_REASON, field, remedy or say("say why the draft is changed"))


def refuse_many_steps(count: int, field: str) -> None:
    """Refuse more steps than one edit may take.

    Raises
    ------
    Invalid
        With the number given.
    """
    if count > MOST_STEPS:
        remedy = say("give at most {most_steps:,} in one call", most_steps=MOST_STEPS)
        raise Invalid(
            say("{field}: {count:,} are too many.", field=field, count=count), field=field, value=count, remedy=remedy
        )


def require_coordinator(actor: Actor, owner_id: str, coordinator_ids: Collection[str]) -> None:
    """Let an actor pass who may schedule the operation.

    Raises
    ------
    Forbidden
        When no role of the actor allows it, or its agency neither owns nor coordinates the operation.
    """
    require(actor, Verb.SCHEDULE)
    if actor.is_administrator or (actor.agency_id is not None and actor.agency_id in {owner_id, *coordinator_ids}):
        return
    raise Forbidden(
        say(
            "Only agencies that own or coordinate the operation may request, cancel, weigh, edit, "
            "propose or publish its schedules."
        ),
        field="operationId",
        remedy=say("ask a coordinating agency, or ask the owner to add yours to the operation's coordinators"),
    )


def check_seconds(seconds: int) -> None:
    """Refuse a question that may take no time, or too much.

    Raises
    ------
    Invalid
        With the limits.
    """
    if not 1 <= seconds <= LONGEST_ANSWER_S:
        remedy = say("give 1 to {most} seconds", most=LONGEST_ANSWER_S)
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field="seconds", value=seconds, remedy=remedy),
            field="seconds",
            value=seconds,
            remedy=remedy,
        )
