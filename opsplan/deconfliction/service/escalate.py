"""What nobody has answered goes on: to the next post of the agency, and after the last to the watch centre."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from opsplan.deconfliction.model import NOTICE, OVERRIDE, NoticeState, OverrideState, Severity
from opsplan.deconfliction.rules.settling import acknowledge_by
from opsplan.deconfliction.store import settling as store
from opsplan.graph.driver import Graph
from opsplan.records.declaration import Noun
from opsplan.records.laws import Laws
from opsplan.records.writing import ChangeKind, Writing, write
from opsplan.records.writing.batches import write_in_batches
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text

AT_ONCE = 500
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
        # Whom each would go to is asked before others have to wait. What another process has done meanwhile shows on
        # the notice itself.
        posts = {row["id"]: row["posts"] for row in await writing.tx.run(store.NEXT_POSTS, ids=ids, now=writing.now)}
        centres = await writing.tx.run(store.WATCH_CENTRES)
        await hold_sequence(writing.tx)
        going = _Going(writing, centres)
        for row in await writing.tx.run(store.LATE_NOW, ids=ids):
            if row["is_notice"]:
                going.go_on(row, posts.get(row["id"], []))
            else:
                going.be_overdue(row["properties"])
        await going.write()

    await write(graph, _CLOCK, clock, work, laws=laws, request_id="duty-clock", reason="nobody has answered in time")
    return len(rows)


class _Going:
    """What becomes of all that was late, written at once."""

    def __init__(self, writing: Writing, centres: Sequence[Mapping[str, Any]]) -> None:
        self._writing = writing
        self._centres = centres
        self._changed: list[dict[str, Any]] = []
        self._told: list[dict[str, str]] = []
        self._called: list[dict[str, str]] = []

    def be_overdue(self, override: Mapping[str, Any]) -> None:
        """Have an override be overdue, if it is still not justified in time."""
        if override["state"] == OverrideState.UNJUSTIFIED.name and override["justify_by"] <= self._writing.now:
            sides = list(dict.fromkeys([*override["sides"], *sorted(self._watch_of(override))]))
            self._change(OVERRIDE, override, {"state": OverrideState.OVERDUE.name}, beside={"sides": sides})

    def go_on(self, row: Mapping[str, Any], posts: Sequence[str]) -> None:
        """Have a notice go to whom it goes next, if it is still late."""
        notice, now = row["properties"], self._writing.now
        is_waiting = notice["state"] == NoticeState.SENT.name
        stands = is_waiting or notice["state"] == NoticeState.ACKNOWLEDGED.name
        is_late = is_waiting and notice["acknowledge_by"] <= now
        if not stands or notice.get("escalated_at") is not None:
            self._called.append({"id": notice["id"]})
        elif notice["settle_by"] <= now or (is_late and not posts):
            beside = {"escalated_to": sorted(self._watch_of(notice)), "to_be_called": None}
            self._change(NOTICE, notice, {"escalated_at": now}, beside=beside)
        elif posts and (is_late or (is_waiting and notice.get("to_be_called"))):
            self._tell_post(notice, posts[0], Severity(row["severity"] or Severity.SERIOUS), is_late=is_late)
        else:
            # Where its agency has no post, it goes to the watch centre when the time to acknowledge is over.
            self._called.append({"id": notice["id"]})

    async def write(self) -> None:
        """Write it all."""
        await write_in_batches(self._writing.tx, store.GO_TO, self._told)
        await write_in_batches(self._writing.tx, store.CHANGE, self._changed)
        await write_in_batches(self._writing.tx, store.NOT_CALLED, self._called)

    def _tell_post(self, notice: Mapping[str, Any], post: str, severity: Severity, *, is_late: bool) -> None:
        until = instant_text(acknowledge_by(severity, instant_from_text(self._writing.now)))
        after = {"acknowledge_by": until if is_late else notice["acknowledge_by"]}
        self._writing.note(notice["id"], NOTICE.name, ChangeKind.CHANGED, {}, {**after, "told": post})
        self._told.append({"id": notice["id"], "post": post})
        self._changed.append({"id": notice["id"], "properties": {**after, "to_be_called": None}})

    def _change(
        self,
        noun: Noun,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        beside: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._changed += self._writing.changed(noun, before, after, beside=beside)

    def _watch_of(self, record: Mapping[str, Any]) -> set[str]:
        world = bool(record["exercise"])
        return {each["id"] for each in self._centres if each["exercise"] == world}
