"""Why a plan is not published, with all that its publisher needs to go on."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Protocol

from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.problem.facts import Change
from opsplan.scheduling.store.plans import StoredPlan
from opsplan.vocabulary.errors import Conflict, VersionConflict
from opsplan.vocabulary.sentences import Sentence, say

_SHOWN = 3


class Told(Protocol):
    """Something with a sentence."""

    @property
    def sentence(self) -> str:
        """It in words."""
        ...


def first_of(things: Sequence[Told], shown: int = _SHOWN) -> Sentence:
    """Give the sentences of the first few, and how many there are beside them."""
    told = [each.sentence for each in things[:shown]]
    if len(things) > shown:
        told.append(say("There are {count} more.", count=len(things) - shown))
    return reduce(lambda said, one: say("{said} {one}", said=said, one=one), told[1:], say("{said}", said=told[0]))


class StalePlan(Conflict):
    """The plan breaks rules in the graph as it is now. Facts: `broken_rules`, a list of `BrokenRule`."""

    code = "STALE_PLAN"


class ChangesToAccept(Conflict):
    """Facts that the plan's problem read have changed and break nothing. Facts: `changes`, a list of `Change`."""

    code = "CHANGES_TO_ACCEPT"


def expect_version(plan: StoredPlan, expected: int | None) -> None:
    """Refuse a plan that has changed since its publisher saw it.

    Raises
    ------
    VersionConflict
        With the version that it has.
    """
    if expected is not None and expected != plan.version:
        raise VersionConflict(
            say(
                "The plan has version {plan_version}, not {expected}: it has changed since you read it.",
                plan_version=plan.version,
                expected=expected,
            ),
            field="expectedVersion",
            value=expected,
            remedy=say("read the plan again, then decide"),
            current_version=plan.version,
        )


def refuse_broken(plan_id: str, broken: Sequence[BrokenRule]) -> None:
    """Refuse a plan that breaks rules.

    Raises
    ------
    StalePlan
        With every broken rule.
    """
    if broken:
        raise StalePlan(
            say("The plan no longer holds: {reasons}", reasons=first_of(broken)),
            field="planId",
            value=plan_id,
            remedy=say(
                "request a new schedule (requestSchedule with fromPlanId), mend the draft with editPlan, "
                "or undo what broke it"
            ),
            broken_rules=list(broken),
        )


def refuse_changes(plan_id: str, changes: Sequence[Change], accepted: Mapping[str, int]) -> None:
    """Refuse a plan while changed facts are not accepted in the version that they have now.

    Raises
    ------
    ChangesToAccept
        With the changes that are not accepted.
    """
    waiting = [change for change in changes if accepted.get(change.id) != change.version]
    if waiting:
        raise ChangesToAccept(
            say(
                "The plan still holds, but it was made from facts that have changed: {reasons}",
                reasons=first_of(waiting),
            ),
            field="acceptedChanges",
            value=plan_id,
            remedy=say("look at the changes, then publish again with the id and version of each"),
            changes=waiting,
        )


def plan_without_facts(plan_id: str) -> Conflict:
    """Make the refusal of a plan whose run's files are gone: nobody can say what it was made from."""
    return Conflict(
        say("The files of the plan's run are gone, so it cannot be judged."),
        field="planId",
        value=plan_id,
        remedy=say("request a new schedule"),
    )
