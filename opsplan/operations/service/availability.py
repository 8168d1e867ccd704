"""A unit's agency says that it is away, or back: its absences, made, cut and ended in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsplan.operations.model import UNIT_ABSENCE
from opsplan.operations.store import ABSENCES_WITHIN, LOCK_UNIT
from opsplan.records.check import check_row
from opsplan.records.problem import invalid
from opsplan.records.writing import Writing
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Availability:
    """What is reported of a unit for the time ``[start, end)``, UTC."""

    unit_id: str
    available: bool
    start: datetime
    end: datetime
    reason: str | None = None


async def report_availability(writing: Writing, report: Availability) -> list[str]:
    """Make the unit's absences what is reported; give the ids of those that now differ, or say it already.

    Away: an absence for that time, unless one covers it already. Available: what is absent in that time is cut out of
    its absences; those that lie in it wholly are retired. Reports of one unit take turns.

    Raises
    ------
    NotFound
        When there is no such unit in force.
    Forbidden
        When it is another agency's.
    Invalid
        When the time ends before it begins, or the reason is too long.
    """
    start, end = instant_text(report.start), instant_text(report.end)
    if report.end <= report.start:
        raise Invalid(
            say("input.end: {end} is not after the start {start}.", end=end, start=start),
            field="input.end",
            value=end,
            remedy=say("give an end that lies after the start"),
        )
    unit = await writing.tx.single(LOCK_UNIT, id=report.unit_id)
    if unit is None:
        raise NotFound(
            say("There is no Unit {unit_id} in force.", unit_id=report.unit_id),
            field="input.unitId",
            value=report.unit_id,
            remedy=say("give the id of a unit"),
        )
    if not writing.actor.is_administrator and writing.actor.agency_id != unit["owner_id"]:
        raise Forbidden(
            say("Only the unit's own agency reports its availability."),
            field="input.unitId",
            value=report.unit_id,
            remedy=say("ask that agency"),
            owner_id=unit["owner_id"],
        )
    absences = await writing.tx.run(ABSENCES_WITHIN, unit=report.unit_id, start=start, end=end)
    if report.available:
        return [each for row in absences for each in await _cut_out(writing, row, start, end, report)]
    covering = [row["id"] for row in absences if row["start"] <= start and end <= row["end"]]
    if covering:
        return covering
    return await _absent(writing, report.unit_id, start, end, report.reason, unit["owner_id"])


async def _absent(writing: Writing, unit_id: str, start: str, end: str, reason: str | None, owner_id: str) -> list[str]:
    row, problems = check_row(
        UNIT_ABSENCE, {"unit": unit_id, "start": start, "end": end, "reason": reason}, path="input"
    )
    if problems:
        raise invalid(problems)
    return await writing.create(UNIT_ABSENCE, [row], owner_id=owner_id if writing.actor.is_administrator else None)


async def _cut_out(writing: Writing, row: dict[str, Any], start: str, end: str, report: Availability) -> list[str]:
    """Take the time ``[start, end)`` out of one absence."""
    begins_before, ends_after = row["start"] < start, end < row["end"]
    known = {"id": row["id"], "expected_version": row["version"]}
    if begins_before:
        await writing.change(UNIT_ABSENCE, [{**known, "end": start}])
    elif ends_after:
        await writing.change(UNIT_ABSENCE, [{**known, "start": end}])
    else:
        await writing.retire(UNIT_ABSENCE, [(row["id"], row["version"])], report.reason)
    rest: list[str] = []
    if begins_before and ends_after:
        rest = await _absent(writing, report.unit_id, end, row["end"], row["reason"], row["owner_id"])
    return [row["id"], *rest]
