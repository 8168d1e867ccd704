"""Looking round claims: what each of them meets in place and time, found by the index and then compared exactly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from opsplan.deconfliction.rules.footprint import DEFAULT_HIDING, Footprint, Hiding, footprint_of
from opsplan.deconfliction.rules.index import probe_of
from opsplan.deconfliction.rules.meeting import Meeting, meetings_of, reach_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE, SeparationTable
from opsplan.deconfliction.service.crowd import Crowd
from opsplan.deconfliction.service.hiding import confirm_hiding, hiding_of, hold_hiding
from opsplan.deconfliction.service.wanting import wanted_by
from opsplan.deconfliction.store import claims as store
from opsplan.deconfliction.store.separation import RULES_IN_FORCE
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit

_PROBES = 500
"""Claims looked round for in one statement."""
_MOST_ROWS = 20_000
"""Rows that a statement may give for several claims; where there are more, fewer claims are asked for at once."""
_ALL_ROWS = 2**31 - 1

Met = tuple[Footprint, list[Meeting]]
"""A claim with what it meets."""


class Rules:
    """The rules in force as they were read, and the table with them."""

    def __init__(self, rows: Sequence[Mapping[str, Any]] = ()) -> None:
        self.table: SeparationTable = DEFAULT_TABLE.replaced_by(rows)
        self._versions = sorted([each["id"], each["version"]] for each in rows)

    def are_in_force(self, confirmed: Iterable[Sequence[Any]]) -> bool:
        """Whether these are the ids and versions of those that are in force."""
        return sorted(map(list, confirmed)) == self._versions


class _Last:
    """The rules that this process has read last: a guess, which every statement made with it confirms."""

    rules = Rules()


async def read_rules(tx: Tx) -> Rules:
    """Read the rules that are in force."""
    _Last.rules = Rules(await tx.run(RULES_IN_FORCE))
    return _Last.rules


async def meetings_ahead(unit: Unit, standing: Sequence[Footprint], crowd: Crowd) -> list[Met]:
    """Give what each of up to 500 claims meets in place and time, by the rules in force; others go on meanwhile.

    Raises
    ------
    TooManyConflicts
        When they meet more than `crowd` may hold.
    """
    tx, hiding = unit.tx, hiding_of(unit)
    # Held on to: while the statement is on its way, others may read what is in force by then.
    guessed = _Last.rules
    row = await tx.single(store.FIND_NEAR, probes=claim_probes(standing, guessed.table, hiding), most=_MOST_ROWS)
    assert row is not None
    if guessed.are_in_force(row["rules"]) and len(row["near"]) < _MOST_ROWS:
        return _counted(_met(standing, row["near"], guessed.table, hiding), crowd)
    return await meetings_of_claims(tx, standing, (await read_rules(tx)).table, hiding, crowd)


async def meetings_at_the_commit(
    unit: Unit,
    standing: Sequence[Footprint],
    beside: Callable[[], None] | None = None,
    crowd: Crowd | None = None,
) -> list[Met]:
    """Hold the commit sequence, and give what each of the claims meets then, by the rules that are in force then.

    `beside` may ask for more, which is then answered in the same round trip, once the sequence is held. What is met is
    counted in `crowd`.

    Raises
    ------
    Outrun
        When hidden claims are compared by other cells than the write took for granted.
    TooManyConflicts
        When they meet more than `crowd` may hold.
    """
    tx, hiding = unit.tx, hiding_of(unit)
    await tx.take_turn()
    if len(standing) <= _PROBES:
        guessed = _Last.rules
        probes = claim_probes(standing, guessed.table, hiding)
        asked = tx.ask(store.HOLD_AND_FIND_NEAR, probes=probes, most=_MOST_ROWS)
        if beside is not None:
            beside()
        row = await asked.single()
        assert row is not None
        tx.held_at = int(row["number"])
        confirm_hiding(unit, row)
        if guessed.are_in_force(row["rules"]) and len(row["near"]) < _MOST_ROWS:
            return _counted(_met(standing, row["near"], guessed.table, hiding), crowd)
    await hold_sequence(tx)
    await hold_hiding(unit)
    return await meetings_of_claims(tx, standing, (await read_rules(tx)).table, hiding, crowd)


async def meetings_of_claims(
    tx: Tx, standing: Sequence[Footprint], table: SeparationTable, hiding: Hiding, crowd: Crowd | None = None
) -> list[Met]:
    """Give what each of the claims meets, those among them included; it is counted in `crowd`.

    Raises
    ------
    TooManyConflicts
        When they meet more than `crowd` may hold.
    """
    found: list[Met] = []
    left = [standing[start : start + _PROBES] for start in range(0, len(standing), _PROBES)][::-1]
    while left:
        batch = left.pop()
        most = _MOST_ROWS if len(batch) > 1 else _ALL_ROWS
        rows = await tx.run(store.NEAR, probes=claim_probes(batch, table, hiding), most=most)
        if len(rows) < most:
            found += _counted(_met(batch, rows, table, hiding), crowd)
        else:
            middle = len(batch) // 2
            left += [batch[middle:], batch[:middle]]
    return found


async def with_wanted(
    tx: Tx, standing: Sequence[Footprint], near: Sequence[Met], hiding: Hiding, crowd: Crowd | None = None
) -> list[Met]:
    """Put what claims meet in units, subjects, links and pools behind what they meet in place and time.

    Raises
    ------
    TooManyConflicts
        When they meet more than `crowd` may hold.
    """
    wanted = await wanted_by(tx, standing, hiding, crowd)
    return [(one, [*met, *wanted.get(one.claim_id, ())]) for one, met in near]


async def all_meetings(tx: Tx, standing: Sequence[Footprint], table: SeparationTable, hiding: Hiding) -> list[Met]:
    """Give all that each of the claims meets, in whatever way, those among them included."""
    return await with_wanted(tx, standing, await meetings_of_claims(tx, standing, table, hiding), hiding)


def claim_probes(claims: Sequence[Footprint], table: SeparationTable, hiding: Hiding) -> list[dict[str, Any]]:
    """Give what is asked with for each claim: whose it is, and where and when it is looked for."""
    return [probe_of(number, each, *reach_of(each, table, hiding)) for number, each in enumerate(claims)]


def _met(
    claims: Sequence[Footprint], rows: Iterable[Mapping[str, Any]], table: SeparationTable, hiding: Hiding
) -> list[Met]:
    """Compare claims exactly with what was found near each."""
    near: list[list[Footprint]] = [[] for _ in claims]
    for row in rows:
        near[row["number"]].append(footprint_of(row))
    return [(each, meetings_of(each, others, table, hiding)) for each, others in zip(claims, near, strict=True)]


def _counted(met: list[Met], crowd: Crowd | None) -> list[Met]:
    if crowd is not None:
        for one, those in met:
            crowd.add(one, those)
    return met


async def meetings_now(
    graph: Graph, claims: Sequence[Footprint], table: SeparationTable = DEFAULT_TABLE, hiding: Hiding = DEFAULT_HIDING
) -> list[Met]:
    """Give what each of up to 500 claims would meet that need not be there, by the shortest way to the server."""
    asked = {"probes": claim_probes(claims, table, hiding), "most": _ALL_ROWS}
    rows = await graph.read_plain(store.NEAR, asked)
    return _met(claims, [dict(zip(store.NEAR_COLUMNS, row, strict=True)) for row in rows], table, hiding)
