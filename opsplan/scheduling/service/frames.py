"""Operations as they stand, kept at hand for as long as nothing that schedules read has changed.

Reading an operation and making its problem takes a second where it is large, and a coordinator who edits a draft wants
the checker's word at once. So the last few frames are kept, each with the commit that it was read at, and looked at
again before every use: where anything was committed that schedules read, the tables that it may have changed are read
again, and the problem is made anew. The facts that runs read, which never change, are kept too.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakValueDictionary

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.service.read_facts import FILE, ReadFacts, facts_from_json
from opsplan.scheduling.store.artifacts import read_artifact
from opsplan.scheduling.store.changes import changed_since, last_commit
from opsplan.scheduling.store.snapshot import take_snapshot

_MOST = 4
"""Operations, and runs, of which something is kept; the largest operations take some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """An operation as it stands; nothing that matters was committed since the frame was read, up to `commit`."""

    frame: Frame
    commit: int


class Frames:
    """The frames at hand in one process."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._kept: OrderedDict[str, AtHand] = OrderedDict()
        self._read: OrderedDict[str, ReadFacts] = OrderedDict()
        # A lock is there as long as somebody holds it or waits for it.
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of(self, operation_id: str) -> Frame:
        """Give the operation as it stands: all that was committed before this was asked for is in it.

        Raises
        ------
        NotFound, OperationTooLarge, CyclicPrecedence
            As `take_snapshot` and `make_problem` do.
        """
        return (await self._at_hand(operation_id, with_claims=True)).frame

    async def at_hand(self, operation_id: str) -> AtHand:
        """Give the same with the commit up to which it is known to hold, for what plans rest on; raises as `of`.

        What others claim may be older: no plan rests on it, and somebody claims something all the time.
        """
        return await self._at_hand(operation_id, with_claims=False)

    async def _at_hand(self, operation_id: str, *, with_claims: bool) -> AtHand:
        # Whoever comes second waits for what the first makes.
        async with self._making.setdefault(operation_id, asyncio.Lock()):
            return await self._current(operation_id, with_claims=with_claims)

    def last_of(self, operation_id: str) -> Frame | None:
        """Give what is at hand of an operation, however old, to read anew from there; None when nothing is."""
        kept = self._kept.get(operation_id)
        return None if kept is None else kept.frame

    def keep(self, operation_id: str, frame: Frame) -> None:
        """Keep what was read of an operation, here or by somebody else, unless something newer is at hand."""
        kept = self._kept.get(operation_id)
        if kept is None or kept.commit < frame.snapshot.commit:
            _lay(self._kept, operation_id, AtHand(frame, frame.snapshot.commit))

    async def facts_of_run(self, run_id: str) -> ReadFacts | None:
        """Give what a run's problem was made from; None when its files are gone."""
        found = self._read.get(run_id)
        if found is None:
            text = await self._graph.read(lambda tx: read_artifact(tx, run_id, FILE))
            if text is None:
                return None
            found = await asyncio.to_thread(facts_from_json, text)
        _lay(self._read, run_id, found)
        return found

    async def _current(self, operation_id: str, *, with_claims: bool) -> AtHand:
        kept = self._kept.get(operation_id)
        if kept is not None:
            last = await self._graph.read(lambda tx: _unchanged_until(tx, kept.commit, with_claims=with_claims))
            if last is not None:
                found = replace(kept, commit=last)
                # What is kept is of one commit, claims included.
                _lay(self._kept, operation_id, found if with_claims else kept)
                return found
        earlier = None if kept is None else kept.frame.snapshot
        snapshot = await take_snapshot(self._graph, operation_id, earlier=earlier)
        if kept is not None and replace(kept.frame.snapshot, commit=snapshot.commit) == snapshot:
            # Others claimed something elsewhere.
            found = AtHand(kept.frame, snapshot.commit)
            _lay(self._kept, operation_id, found)
            return found
        frame = await asyncio.to_thread(Frame.over, snapshot)
        self.keep(operation_id, frame)
        return AtHand(frame, snapshot.commit)


Thing = TypeVar("Thing")


def _lay(shelf: OrderedDict[str, Thing], name: str, thing: Thing) -> None:
    """Put something on a shelf, and what was not asked for the longest off it."""
    shelf[name] = thing
    shelf.move_to_end(name)
    if len(shelf) > _MOST:
        shelf.popitem(last=False)


async def _unchanged_until(tx: Tx, commit: int, *, with_claims: bool) -> int | None:
    """Give the last commit, if none after `commit` has changed what plans rest on, or if asked claims; else None.

    The number is read first: what is committed in between is looked at as well, and once more the next time.
    """
    last = await last_commit(tx)
    return None if await changed_since(tx, commit, claims=with_claims) else last
