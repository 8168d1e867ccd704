"""`reportActionStatus`, `reportResults`, `correctResult`."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.conduct.model import REPORTED_RESULT, STATUS_REPORT, ReportedState, ResultKind, SeizedItem
from opsplan.conduct.service import Correction, correct_result, report_results, report_status
from opsplan.reading.complete.marker import StoredRecords
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import DateTimeText
from opsplan.vocabulary.place import GeoPoint

_State: Any = enum_of(ReportedState)
_Kind: Any = enum_of(ResultKind)
_Item: Any = enum_of(SeizedItem)


@strawberry.input(description="Of which action, how far it has come, when and where.")
class ReportActionStatusInput:
    """Input of `reportActionStatus`."""

    action_id: strawberry.ID = strawberry.field(description="The action.")
    at: DateTimeText = strawberry.field(description="When it was so; at most 5 minutes ahead, and 31 days ago.")
    state: _State | None = strawberry.field(
        default=None, description="How far it has come; leave it out to report a place or a note alone."
    )
    unit_id: strawberry.ID | None = strawberry.field(
        default=None, description="The unit that reports: one of your agency that the published plan sends to it."
    )
    location: GeoPoint | None = strawberry.field(default=None, description="Where whoever reports it was then.")
    note: str | None = strawberry.field(default=None, description="What else is to be said; up to 2,000 characters.")


@strawberry.input(description="Something that an action came to.")
class ResultInput:
    """One result."""

    kind: _Kind = strawberry.field(description="What it is.")
    number: int = strawberry.field(description="How many persons or things.")
    at: DateTimeText = strawberry.field(description="When it came about, or was found out.")
    item: _Item | None = strawberry.field(default=None, description="Of a seizure, where it must be given: of what.")
    worth: float | None = strawberry.field(default=None, description="Of a seizure: what all of it is worth.")
    currency: str | None = strawberry.field(default=None, description="Its currency (ISO 4217), such as USD.")
    note: str | None = strawberry.field(
        default=None, description="What else is to be said, up to 2,000 characters; no names of persons."
    )


@strawberry.input(description="What an action came to.")
class ReportResultsInput:
    """Input of `reportResults`."""

    action_id: strawberry.ID = strawberry.field(description="The action.")
    results: list[ResultInput] = strawberry.field(description="1 to 100 results; all are taken, or none.")


@strawberry.input(description="Which result is wrong, what is to stand in its place, and why.")
class CorrectResultInput:
    """Input of `correctResult`; what is left out stays as it was."""

    result_id: strawberry.ID = strawberry.field(description="The result; one that is in force.")
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    kind: _Kind | None = strawberry.field(default=strawberry.UNSET, description="What it is.")
    number: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many persons or things; 0 says that there were none."
    )
    at: DateTimeText | None = strawberry.field(default=strawberry.UNSET, description="When it came about.")
    item: _Item | None = strawberry.field(default=strawberry.UNSET, description="Of a seizure: what was seized.")
    worth: float | None = strawberry.field(default=strawberry.UNSET, description="Of a seizure: what it is worth.")
    currency: str | None = strawberry.field(default=strawberry.UNSET, description="Its currency (ISO 4217).")
    note: str | None = strawberry.field(default=strawberry.UNSET, description="What else is to be said.")


def conduct_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    report_type, result_type = nouns[STATUS_REPORT.name], nouns[REPORTED_RESULT.name]

    @strawberry.type(description="What was reported of an action.")
    class ResultsReported:
        """What `reportResults` gives."""

        result_ids: strawberry.Private[list[str]]
        results: list[result_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_results, description="The results, in the order given."
        )

    reported = payload("ReportActionStatusResult", report_type, "The report; or why it was not taken.")
    came_to = payload("ReportResultsResult", ResultsReported, "The results; or why they were not taken.")
    corrected = payload("CorrectResultResult", result_type, "What stands in its place; or why it was not taken.")

    async def report(
        info: Info[Context, None],
        given: Annotated[ReportResultsInput, strawberry.argument(name="input", description="Of which action, what.")],
        idempotency_key: Key = None,
    ) -> Any:
        async def ask(**common: Any) -> list[str]:
            results = [_stored(vars(each)) for each in given.results]
            return await report_results(**common, action_id=given.action_id, results=results)

        return await carry_out(info, ask, given, idempotency_key, lambda ids: ResultsReported(result_ids=ids))

    @strawberry.type
    class ConductMutations:
        """Part of `Mutation`."""

        report_action_status: reported = strawberry.field(  # type: ignore[valid-type]
            resolver=_report_status,
            description="Report how an action goes, by an agency that owns or hosts it, sends units to it, or "
            "coordinates its operation. Every report is kept; one that is the latest word moves the action. "
            + URGENT_WORDS,
            metadata=URGENT,
        )
        report_results: came_to = strawberry.field(  # type: ignore[valid-type]
            resolver=report,
            description="Report what an action that has begun came to, in numbers: arrests, persons freed, seizures. "
            + URGENT_WORDS,
            metadata=URGENT,
        )
        correct_result: corrected = strawberry.field(  # type: ignore[valid-type]
            resolver=_correct,
            description="Put another result in the place of a wrong one, by the agency that reported it or one that "
            "coordinates the operation. The first stays to be read, and counts no more.",
        )

    return ConductMutations


async def _report_status(
    info: Info[Context, None],
    given: Annotated[
        ReportActionStatusInput, strawberry.argument(name="input", description="Of which action, how far, when.")
    ],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        said = _stored(vars(given))
        report = {"action": said.pop("action_id"), "unit": said.pop("unit_id"), **said}
        return await report_status(**common, report=report)

    return await carry_out(info, ask, given, idempotency_key, record(STATUS_REPORT.name))


async def _correct(
    info: Info[Context, None],
    given: Annotated[CorrectResultInput, strawberry.argument(name="input", description="Which, what, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        values = {name: each for name, each in vars(given).items() if name not in ("result_id", "reason")}
        given_values = _stored({name: each for name, each in values.items() if each is not strawberry.UNSET})
        return await correct_result(**common, correction=Correction(given.result_id, given_values, given.reason))

    return await carry_out(info, ask, given, idempotency_key, record(REPORTED_RESULT.name))


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give choices by their names, as a row has them."""
    return {name: getattr(each, "name", each) for name, each in values.items()}


def _results(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords(REPORTED_RESULT.name, root.result_ids)
