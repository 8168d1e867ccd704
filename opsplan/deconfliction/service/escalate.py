"""What nobody has answered goes on: to the next post of the agency, and after the last to the watch centre."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import NOTICE, OVERRIDE, NoticeState, OverrideState, Severity
from opsplan.deconfliction.rules.settling import acknowledge_by
from opsplan.deconfliction.service.sides import change
from opsplan.deconfliction.store import settling as store
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import ChangeKind, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text

AT_ONCE = 100
"""Notices that go on in one transaction; meanwhile nobody commits."""
_CLOCK = Actor("machine:duty", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


async def escalate_late(graph: Graph, laws: Laws, clock: Clock) -> int:
    """Have what is late by now go on, the latest first; give how many were looked at, at most `AT_ONCE`.

    Several processes may do it at once: each looks again under the commit sequence, and finds nothing left to do.
    """
    now = instant_text(clock())
    rows = await graph.read(lambda tx: tx.run(store.LATE, now=now, most=AT_ONCE))
    if not rows:
        return 0
    ids = sorted({row["id"] for row in rows})

    async def work(writing: Writing) -> None:
        await hold_sequence(writing.tx)
        late = await writing.tx.run(store.LATE_NOW, ids=ids)
        posts = {row["id"]: row["posts"] for row in await writing.tx.run(store.NEXT_POSTS, ids=ids, now=writing.now)}
        centres = await writing.tx.run(store.WATCH_CENTRES)
        for row in late:
            world = bool(row["properties"]["exercise"])
            watch = [each["id"] for each in centres if each["exercise"] == world]
            if not row["is_notice"]:
                await _overdue(writing, row["properties"], watch)
            else:
                await _go_on(writing, row, posts.get(row["id"], []), watch)

    await write(graph, _CLOCK, clock, work, laws=laws, request_id="duty-clock", reason="nobody has answered in time")
    return len(rows)


async def _overdue(writing: Writing, override: Mapping[str, Any], watch: Sequence[str]) -> None:
    if override["state"] == OverrideState.UNJUSTIFIED.name and override["justify_by"] <= writing.now:
        await change(writing, OVERRIDE, override, {"state": OverrideState.OVERDUE.name})
        sides = list(dict.fromkeys([*override["sides"], *watch]))
        await writing.tx.run(store.CHANGE, rows=[{"id": override["id"], "properties": {"sides": sides}}])


async def _go_on(writing: Writing, row: Mapping[str, Any], posts: Sequence[str], watch: Sequence[str]) -> None:
    """Have a notice go to whom it goes next, if it is still late."""
    notice = row["properties"]
    is_waiting = notice["state"] == NoticeState.SENT.name
    stands = is_waiting or notice["state"] == NoticeState.ACKNOWLEDGED.name
    if not stands or notice.get("escalated_at") is not None:
        await change(writing, NOTICE, notice, {"to_be_called": None})
        return
    is_late = is_waiting and notice["acknowledge_by"] <= writing.now
    if notice["settle_by"] <= writing.now or (is_late and not posts):
        await _escalate(writing, notice, watch)
    elif posts and (is_late or (is_waiting and notice.get("to_be_called"))):
        await _tell_post(writing, notice, posts[0], Severity(row["severity"] or Severity.SERIOUS), is_late)
    else:
        # Where its agency has no post, it goes to the watch centre when the time to acknowledge is over.
        await change(writing, NOTICE, notice, {"to_be_called": None})


async def _tell_post(writing: Writing, notice: Mapping[str, Any], post: str, severity: Severity, is_late: bool) -> None:
    await writing.tx.run(store.GO_TO, id=notice["id"], post=post)
    until = instant_text(acknowledge_by(severity, instant_from_text(writing.now)))
    after = {"acknowledge_by": until if is_late else notice["acknowledge_by"], "to_be_called": None}
    writing.note(notice["id"], NOTICE.name, ChangeKind.CHANGED, {}, {**after, "told": post})
    await writing.tx.run(store.CHANGE, rows=[{"id": notice["id"], "properties": after}])


async def _escalate(writing: Writing, notice: Mapping[str, Any], watch: Sequence[str]) -> None:
    await writing.tx.run(store.CHANGE, rows=[{"id": notice["id"], "properties": {"escalated_to": sorted({*watch})}}])
    await change(writing, NOTICE, notice, {"escalated_at": writing.now, "to_be_called": None})
