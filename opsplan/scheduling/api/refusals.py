"""Refusals of publishing, as GraphQL types."""

from typing import Any

import strawberry

from opsplan.calls.refusals import Refusal, members_of, refusal_of
from opsplan.languages import told as in_words
from opsplan.reading.types.scalars import JsonValue
from opsplan.scheduling import service
from opsplan.scheduling.answer import BrokenRule as Broken
from opsplan.scheduling.problem import Change, ChangeKind
from opsplan.vocabulary.errors import OpsplanError

ChangeKindEnum: Any = strawberry.enum(
    ChangeKind, name="FactChangeKind", description="What happened to a record that a plan was made from."
)


@strawberry.type(description="A rule that a plan breaks in the graph as it is now.")
class BrokenRule:
    """One broken rule."""

    rule: str = strawberry.field(description="Stable name of the rule, such as `calendars`; see docs/solver.md.")
    sentence: str = strawberry.field(description="What is broken, with the names of the records concerned.")
    facts: JsonValue = strawberry.field(description="Ids, names, times and numbers behind the sentence.")


@strawberry.type(description="A record that is other than when the plan was made, without breaking it.")
class ChangeToAccept:
    """One change; to accept it, give its id and version to `publishPlan`."""

    id: strawberry.ID = strawberry.field(description="Id of the record.")
    version: int = strawberry.field(description="The version that it has now.")
    kind: ChangeKindEnum = strawberry.field(description="What happened to it.")
    noun: str = strawberry.field(description="What kind of record it is.")
    name: str = strawberry.field(description="Its name, or what it belongs to.")
    sentence: str = strawberry.field(description="The change in words.")


@strawberry.type(description="The plan breaks rules in the graph as it is now, so it cannot be published.")
class StalePlan(Refusal):
    """For `service.StalePlan`."""

    broken_rules: list[BrokenRule] = strawberry.field(description="All that it breaks.")


@strawberry.type(
    description="The plan still holds, but it was made from facts that have changed since: they must be accepted."
)
class ChangesToAccept(Refusal):
    """For `service.ChangesToAccept`."""

    changes: list[ChangeToAccept] = strawberry.field(description="The changes that are not accepted yet.")


@strawberry.type(description="A consent that a plan lacks.")
class MissingApproval:
    """One host's part that is not approved."""

    country: str = strawberry.field(description="The host country's ISO 3166-1 code.")
    authority: str = strawberry.field(description="The code of the agency that approves for it; empty for none.")
    approval_id: strawberry.ID | None = strawberry.field(description="What it was asked; null where it was not.")
    sentence: str = strawberry.field(description="What is missing, in words.")


@strawberry.type(description="Not every host has approved its part of the plan as it is now.")
class ApprovalsMissing(Refusal):
    """For `service.ApprovalsMissing`."""

    missing: list[MissingApproval] = strawberry.field(description="All that is missing.")


def told(error: OpsplanError) -> Refusal | None:
    """Give the refusal that tells of an error, or None where it is none to be told in a payload."""
    if not isinstance(error, service.StalePlan | service.ChangesToAccept | service.ApprovalsMissing):
        return refusal_of(error)
    said = members_of(error) | {"value": None}
    if isinstance(error, service.StalePlan):
        return StalePlan(**said, broken_rules=[_rule(each) for each in error.facts["broken_rules"]])
    if isinstance(error, service.ApprovalsMissing):
        return ApprovalsMissing(**said, missing=[_missing(each) for each in error.facts["missing"]])
    return ChangesToAccept(**said, changes=[_change(each) for each in error.facts["changes"]])


def _rule(broken: Broken) -> BrokenRule:
    return BrokenRule(rule=broken.rule, sentence=in_words(broken.sentence), facts=JsonValue(dict(broken.facts)))


def _missing(missing: service.Missing) -> MissingApproval:
    approval_id = None if missing.approval_id is None else strawberry.ID(missing.approval_id)
    return MissingApproval(
        country=missing.country,
        authority=missing.authority,
        approval_id=approval_id,
        sentence=in_words(missing.sentence),
    )


def _change(change: Change) -> ChangeToAccept:
    return ChangeToAccept(
        id=strawberry.ID(change.id),
        version=change.version,
        kind=change.kind,
        noun=change.noun,
        name=change.name,
        sentence=in_words(change.sentence),
    )
