"""A report of a unit's availability, and what published plans come to break by it."""

from dataclasses import dataclass

from opsplan.access.rules import Verb, require
from opsplan.graph.driver import Graph
from opsplan.operations.service import Availability, report_availability
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.store.watch_statements import BREACHES_ABOUT_UNIT
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a report: the absences concerned, what published plans break about the unit, and these plans."""

    unit_id: str
    absence_ids: tuple[str, ...]
    breach_ids: tuple[str, ...]
    plan_ids: tuple[str, ...]


async def report_unit(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    report: Availability,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> Reported:
    """Make a unit's absences what its agency reports; published plans are marked in the same transaction.

    Raises
    ------
    Forbidden, NotFound, Invalid
        As `opsplan.operations.service.report_availability`.
    """
    require(actor, Verb.CHANGE)

    async def work(writing: Writing) -> list[str]:
        return await report_availability(writing, report)

    absences = await write(
        graph,
        actor,
        clock,
        work,
        laws=laws,
        request_id=request_id,
        reason=report.reason,
        idempotency=idempotency,
    )
    rows = await graph.read_rows(BREACHES_ABOUT_UNIT, {"unit": report.unit_id})
    return Reported(
        report.unit_id,
        tuple(absences),
        tuple(breach_id for breach_id, _ in rows),
        tuple(sorted({plan_id for _, plan_id in rows})),
    )
