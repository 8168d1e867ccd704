"""Refusals as GraphQL types: what a mutation gives instead of a record when it is refused, as is to be expected.

All of them are `Refusal`s, so that a client may ask for code, message and remedy of any. What nobody expects, and what
tells of our inside, is no refusal but an error (`opsplan.calls.errors`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Union

import strawberry

from opsplan.calls.facts import Fact, facts_of
from opsplan.calls.plain import camel_path, plain
from opsplan.languages import told
from opsplan.records.problem import Problem
from opsplan.vocabulary.errors import (
    ActivationRefused,
    Conflict,
    Forbidden,
    Hindrance,
    IdempotencyConflict,
    Invalid,
    KeysMissing,
    NotFound,
    OpsplanError,
    StateConflict,
    Unavailable,
    VersionConflict,
)

Renaming = Callable[[Problem], str]
"""Gives the place of a problem as the caller wrote it, such as ``input.maxDuty``."""


_LONGEST_VALUE = 1_000
"""Characters of a value that a refusal repeats."""


@strawberry.interface(description="Why something was refused, for people and for programs.")
class Refusal:
    """What every refusal tells."""

    code: str = strawberry.field(description="Stable word for programs, such as `VERSION_CONFLICT`.")
    message: str = strawberry.field(description="What is wrong and what to do, in one or two sentences.")
    field: str | None = strawberry.field(description="The argument or input field that it is about.")
    value: str | None = strawberry.field(
        description="What was given there, as JSON text; of a long one the first 1,000 characters."
    )
    remedy: str | None = strawberry.field(description="What would be accepted.")
    retryable: bool = strawberry.field(description="Whether the same request may succeed later, unchanged.")
    facts: list[Fact] = strawberry.field(
        default_factory=list, description="What message and remedy name: numbers, ids and texts, in their order."
    )


@strawberry.type(description="One thing that is wrong with an input.")
class InputProblem:
    """One of several problems."""

    field: str = strawberry.field(description="The input field that it is about.")
    value: str | None = strawberry.field(
        description="What was given there, as JSON text; of a long one the first 1,000 characters."
    )
    message: str = strawberry.field(description="What is wrong.")
    remedy: str = strawberry.field(description="What would be accepted.")
    facts: list[Fact] = strawberry.field(
        default_factory=list, description="What message and remedy name: numbers, ids and texts, in their order."
    )


@strawberry.type(description="Something given breaks a rule. All problems found are listed; the first leads.")
class InvalidInput(Refusal):
    """For `Invalid`."""

    problems: list[InputProblem] = strawberry.field(description="All problems found, the first included.")


@strawberry.type(description="There is no such record for this caller.")
class NotFoundError(Refusal):
    """For `NotFound`."""


@strawberry.type(description="The caller may not do this.")
class ForbiddenError(Refusal):
    """For `Forbidden`."""


@strawberry.type(description="The record has another version than expected: read it again, then decide.")
class VersionConflictError(Refusal):
    """For `VersionConflict`."""

    current_version: int | None = strawberry.field(description="The version that it has now.")


@strawberry.type(description="The idempotency key was used before with other arguments.")
class IdempotencyConflictError(Refusal):
    """For `IdempotencyConflict`."""


@strawberry.type(description="The state machine does not allow this step.")
class StateConflictError(Refusal):
    """For `StateConflict`."""


@strawberry.type(description="Records in force cannot be without this one.")
class RecordInUseError(Refusal):
    """For a `Conflict` that names what requires the record."""

    required_by: list[strawberry.ID] = strawberry.field(description="Some of the records that require it, by id.")
    required_by_count: int = strawberry.field(description="How many require it.")


@strawberry.type(description="A claim of the caller's own that a key is asked for.")
class ClaimOfMissingKey:
    """One of the caller's claims."""

    claim_id: strawberry.ID | None = strawberry.field(description="The claim; none where it was to be made.")
    external_id: str | None = strawberry.field(description="What its owner calls it.")
    action_id: strawberry.ID | None = strawberry.field(description="The action that it is for; none where it is bare.")


@strawberry.type(description="One key that a commit has to show, and what it stands for.")
class MissingKey:
    """One of the keys that are missing."""

    key: str = strawberry.field(description="The key to show, once you have seen and settled what it stands for.")
    contact_id: strawberry.ID = strawberry.field(
        description="The agency to call: `agency` names it, and `contactPoints` its posts."
    )
    claim_id: strawberry.ID | None = strawberry.field(
        description="The other claim; none where it is hidden, and only whom to call may be told."
    )
    kind: str | None = strawberry.field(description="In what they meet, such as `SPACE_TIME`.")
    rule: str | None = strawberry.field(description="By which rule, such as `RAID+SURVEILLANCE`.")
    rule_version: int | None = strawberry.field(description="In which version.")
    severity: str | None = strawberry.field(description="What is at stake.")
    distance_m: float | None = strawberry.field(description="How near the areas come, in metres.")
    gap_minutes: int | None = strawberry.field(description="Whole minutes between the two.")
    sentences: list[str] = strawberry.field(
        description="Why they conflict, one for each way in which they do; the first 20."
    )
    own_claims: list[ClaimOfMissingKey] = strawberry.field(
        description="Your claims that it is asked for, by external id; the first 20."
    )
    own_claims_count: int = strawberry.field(description="How many these are.")


@strawberry.type(description="It conflicts with what its caller has not shown to have seen.")
class KeysMissingError(Refusal):
    """For `KeysMissing`."""

    missing: list[MissingKey] = strawberry.field(description="The keys that are missing, and what they stand for.")


@strawberry.type(description="One thing that stands in the way of an action's activation.")
class ActivationHindrance:
    """One of the hindrances."""

    rule: str = strawberry.field(
        description="By which rule: `UNSETTLED_CONFLICT`; a kind of zone, such as `NO_STRIKE`; `ZONE` where only whom "
        "to call may be told; `warrants`, `permitted_countries`, or `well_formed` where these cannot be judged "
        "(docs/solver.md)."
    )
    message: str = strawberry.field(description="What is missing, with the names of what is concerned.")
    action_id: strawberry.ID = strawberry.field(description="The action.")
    contact_id: strawberry.ID | None = strawberry.field(
        description="The agency to call: the conflict's other side, or the zone's owner."
    )
    notice_id: strawberry.ID | None = strawberry.field(description="Your agency's notice of the conflict.")
    zone_id: strawberry.ID | None = strawberry.field(description="The zone; none where it is hidden.")
    crossing_id: strawberry.ID | None = strawberry.field(description="The crossing that its owner may release.")
    unit_id: strawberry.ID | None = strawberry.field(description="The unit that may not act there.")
    facts: list[Fact] = strawberry.field(description="What the message names: numbers, ids and texts, in their order.")


@strawberry.type(description="Something stands in the way of the action's activation.")
class ActivationRefusedError(Refusal):
    """For `ActivationRefused`."""

    hindrances: list[ActivationHindrance] = strawberry.field(description="All that does.")


@strawberry.type(description="It clashes with what is there already, such as a record with the same external id.")
class ConflictError(Refusal):
    """For every other `Conflict`."""


REFUSALS: tuple[type[Refusal], ...] = (
    InvalidInput,
    NotFoundError,
    ForbiddenError,
    VersionConflictError,
    IdempotencyConflictError,
    StateConflictError,
    RecordInUseError,
    KeysMissingError,
    ActivationRefusedError,
    ConflictError,
)
"""Every kind of refusal, in the order of payload unions."""


def payload(name: str, answer: Any, description: str, further: Sequence[Any] = ()) -> Any:
    """Make the union of what a mutation gives when all is well, `further` refusals of its own, and all others."""
    return Annotated[Union[(answer, *further, *REFUSALS)], strawberry.union(name, description=description)]


def refusal_of(error: OpsplanError, rename: Renaming | None = None) -> Refusal | None:
    """Give the refusal that tells of an error, or None where the error is none to be told in a payload.

    Parameters
    ----------
    error
        What a service raised.
    rename
        How problems with a row are placed in the caller's input; as the problem says itself when None.
    """
    problems = [each for each in error.facts.get("problems", ()) if isinstance(each, Problem)]
    told_first, field = error.message, camel_path(error.field)
    if problems and rename is not None:
        first = next((each for each in problems if each.field == error.field), problems[0])
        field = rename(first)
        told_first = told_first.placed_at(first.field, field)
    said = members_of(error) | {"message": told(told_first), "field": field}
    if isinstance(error, Invalid):
        listed = [
            InputProblem(
                field=rename(each) if rename else camel_path(each.field) or "",
                value=_as_json(each.value),
                message=told(each.message),
                remedy=told(each.remedy),
                facts=facts_of(each.message, each.remedy),
            )
            for each in problems
        ]
        alone = InputProblem(
            field=said["field"] or "",
            value=said["value"],
            message=said["message"],
            remedy=said["remedy"] or "",
            facts=said["facts"],
        )
        return InvalidInput(**said, problems=listed or [alone])
    return _of_kind(error, said)


def members_of(error: OpsplanError) -> dict[str, Any]:
    """Give what every refusal tells of an error, by member, in the language of the call."""
    return {
        "code": error.code,
        "message": told(error.message),
        "field": camel_path(error.field),
        "value": _as_json(error.value),
        "remedy": None if error.remedy is None else told(error.remedy),
        "retryable": error.retryable,
        "facts": facts_of(error.message, error.remedy),
    }


def _of_kind(error: OpsplanError, said: Mapping[str, Any]) -> Refusal | None:
    if isinstance(error, VersionConflict):
        return VersionConflictError(**said, current_version=error.facts.get("current_version"))
    if isinstance(error, Conflict) and "required_by" in error.facts:
        return RecordInUseError(
            **{**said, "code": "RECORD_IN_USE"},
            required_by=[strawberry.ID(each) for each in error.facts["required_by"]],
            required_by_count=error.facts.get("required_by_count", len(error.facts["required_by"])),
        )
    if isinstance(error, KeysMissing):
        return KeysMissingError(**said, missing=[_missing_key(each) for each in error.facts["missing"]])
    if isinstance(error, ActivationRefused):
        return ActivationRefusedError(**said, hindrances=[_hindrance(each) for each in error.facts["hindrances"]])
    kinds: tuple[tuple[type[OpsplanError], type[Refusal]], ...] = (
        (NotFound, NotFoundError),
        (Forbidden, ForbiddenError),
        (IdempotencyConflict, IdempotencyConflictError),
        (StateConflict, StateConflictError),
        (Conflict, ConflictError),
    )
    for kind, made in kinds:
        if isinstance(error, kind) and not isinstance(error, Unavailable):
            return made(**said)
    return None


def _missing_key(told: Mapping[str, Any]) -> MissingKey:
    return MissingKey(**{**told, "own_claims": [ClaimOfMissingKey(**each) for each in told["own_claims"]]})


def _hindrance(hindrance: Hindrance) -> ActivationHindrance:
    names = ("contact_id", "notice_id", "zone_id", "crossing_id", "unit_id")
    return ActivationHindrance(
        rule=hindrance.rule,
        message=told(hindrance.sentence),
        action_id=strawberry.ID(hindrance.action_id),
        facts=facts_of(hindrance.sentence),
        **{name: hindrance.facts.get(name) for name in names},
    )


def _as_json(value: object) -> str | None:
    """Give a value as JSON text; of a long one the beginning, as its sender has it, and an ellipsis."""
    text = None if value is None else json.dumps(plain(value), ensure_ascii=False)
    return text if text is None or len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
