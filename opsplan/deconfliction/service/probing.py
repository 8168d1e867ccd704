"""Counting how often hidden claims are met, and alerting their owners when somebody seems to feel for them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from opsplan.deconfliction.model import PROBE_ALERT
from opsplan.deconfliction.rules.probing import PROBED_WITHIN, PROBES_TO_ALERT
from opsplan.deconfliction.store import probing as store
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import ChangeKind, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text
from opsplan.vocabulary.errors import KeysMissing, OpsplanError
from opsplan.vocabulary.ids import mint

_WATCHER = Actor("machine:probes", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


async def count_probes(unit: Unit, met: Iterable[tuple[str, str]]) -> None:
    """Count which agency has met which hidden claim, and alert the owners of those that are met too often.

    Parameters
    ----------
    met
        Hidden claims, each with the agency that has met it.
    """
    by_agency: dict[str, set[str]] = {}
    for claim_id, agency_id in met:
        by_agency.setdefault(agency_id, set()).add(claim_id)
    if not by_agency:
        return
    # Two who meet one claim at once are both counted, and alert once.
    await hold_sequence(unit.tx)
    for agency_id, claims in sorted(by_agency.items()):
        await _count(unit, sorted(claims), agency_id)


async def _count(unit: Unit, ids: Sequence[str], agency_id: str) -> None:
    since = instant_text(instant_from_text(unit.now) - PROBED_WITHIN)
    for row in await unit.tx.run(store.COUNT_PROBES, ids=ids, now=unit.now, since=since, agency=agency_id):
        if row["times"] >= PROBES_TO_ALERT and not row["is_alerted"]:
            alert_id = mint(PROBE_ALERT.name)
            told = {"times": row["times"], "since": row["since"]}
            refers = {"claim": row["id"], "agencies": sorted(row["agencies"])}
            standard = unit.standard_of_made(row["owner_id"], exercise=bool(row["exercise"]))
            await unit.tx.run(store.CREATE_ALERT, properties={**standard, **told, "id": alert_id}, **refers)
            unit.note(alert_id, PROBE_ALERT.name, ChangeKind.CREATED, None, {**told, **refers})


async def note_refused_probes(graph: Graph, laws: Laws, clock: Clock, request_id: str, refusal: KeysMissing) -> None:
    """Count the hidden claims that a refused commit has met: what it wrote itself was taken back."""

    async def work(writing: Writing) -> None:
        await count_probes(writing, refusal.met_hidden)

    if refusal.met_hidden:
        # The refusal is what its caller has to hear, whatever comes of the counting.
        with suppress(OpsplanError):
            await write(graph, _WATCHER, clock, work, laws=laws, request_id=request_id, reason="hidden claims were met")
