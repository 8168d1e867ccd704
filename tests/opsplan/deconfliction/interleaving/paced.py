"""A graph whose transactions stop after what they read, after what they lock and before they commit."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import KeysMissing
from tests.opsplan.deconfliction.interleaving.director import Player

Result = TypeVar("Result")

SEQUENCE = "the commit sequence"
_HOLDS_SEQUENCE = frozenset({"records.hold_sequence", "records.take_commit_number", "deconfliction.hold_and_find_near"})
_LOOKS_AHEAD = frozenset({"deconfliction.find_near", "deconfliction.near"})
"""What may refuse a write before it holds the sequence: of the last commit that it can see."""
_LAST_COMMIT = "OPTIONAL MATCH (s:CommitSequence {id: 1}) RETURN coalesce(s.number, 0) AS number"
_TELLS = "deconfliction.create_told"
_HANGS_ON = {"conflicts": ("first", "second"), "notices": ("claim_id",)}
_NO: frozenset[str] = frozenset()


class PacedAsked:
    """A statement that is run, in its order and with its points, when something behind it is waited for."""

    def __init__(self, tx: "PacedTx", run: Callable[[], Awaitable[list[dict[str, Any]]]]) -> None:
        self._tx = tx
        self._run = run
        self._found: list[dict[str, Any]] = []

    async def run(self) -> None:
        self._found = await self._run()

    async def mappings(self) -> list[dict[str, Any]]:
        await self._tx.run_asked()
        return self._found

    async def rows(self) -> list[list[Any]]:
        return [list(each.values()) for each in await self.mappings()]

    async def single(self) -> dict[str, Any] | None:
        found = await self.mappings()
        assert len(found) <= 1
        return found[0] if found else None


class PacedTx:
    """A transaction of one player: it says what it is about to lock, and stops where the director may let others on."""

    def __init__(self, tx: Tx, player: Player) -> None:
        self._tx = tx
        self._player = player
        self._asked: list[PacedAsked] = []
        self.held_at: int | None = None

    def ask(self, query: Query | str, /, **parameters: Any) -> PacedAsked:
        asked = PacedAsked(self, lambda: self._paced(query, parameters, lambda: self._tx.run(query, **parameters)))
        self._asked.append(asked)
        return asked

    async def run_asked(self) -> None:
        asked, self._asked = self._asked, []
        for each in asked:
            await each.run()

    async def run(self, query: Query | str, /, **parameters: Any) -> list[dict[str, Any]]:
        return await self.ask(query, **parameters).mappings()

    async def single(self, query: Query | str, /, **parameters: Any) -> dict[str, Any] | None:
        return await self.ask(query, **parameters).single()

    async def rows(self, query: Query | str, /, **parameters: Any) -> list[list[Any]]:
        return await self.ask(query, **parameters).rows()

    async def take_turn(self) -> None:
        """Do not wait: a turn is a courtesy among writers, and here the director says who goes on."""

    async def enter(self, who: str) -> None:
        """Do not wait here either."""

    def let_return(self) -> None:
        """Nobody waits, so that nobody can be the first."""

    def stream(self, query: Query | str, /, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        return self._tx.stream(query, **parameters)

    async def _paced(
        self, query: Query | str, parameters: dict[str, Any], done: Callable[[], Awaitable[Result]]
    ) -> Result:
        assert isinstance(query, Query), "the product's statements have names"
        player = self._player
        wanted, held = self._locks(query.name, parameters)
        player.wants(wanted)
        found = await (self._between_commits(done) if query.name in _LOOKS_AHEAD else done())
        player.has(wanted | held)
        if query.name == "records.meet":
            player.handles |= {row["handle"]: row["id"] for row in found}  # type: ignore[attr-defined]
        if query.name in _HOLDS_SEQUENCE:
            row = found[0] if isinstance(found, list) else found
            player.number = row["number"]  # type: ignore[index]
        if wanted or query.mode is Mode.READ:
            await player.point(f"{'locked' if wanted else 'read'} {query.name}")
        return found

    async def _between_commits(self, done: Callable[[], Awaitable[Result]]) -> Result:
        """Look again where somebody who had waited has committed meanwhile, so that it is known what could be seen."""
        while True:
            (before,) = await self._tx.run(_LAST_COMMIT)
            found = await done()
            (after,) = await self._tx.run(_LAST_COMMIT)
            if before == after:
                if SEQUENCE not in self._player.held:
                    self._player.number = before["number"]
                return found

    def _locks(self, name: str, parameters: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """Give what a statement has to lock, and what is locked when it is through; other things may be, too."""
        handles = self._player.handles
        if name in _HOLDS_SEQUENCE:
            return frozenset({SEQUENCE}), frozenset()
        if name.startswith("records.lock_and_read"):
            return frozenset(
                f"record {handles[each['handle']]}" for each in parameters["wanted"] if each["changed"]
            ), _NO
        if name in ("records.retire", "records.restore"):
            # A label is changed, which waits for whoever has just hung something on the record.
            return frozenset(f"ties of {handles[each['handle']]}" for each in parameters["rows"]), _NO
        told = _HANGS_ON.items() if name == _TELLS else ()
        hung_on = [each[side] for rows, sides in told for each in parameters[rows] for side in sides]
        self._player.hung_on.update(f"record {each}" for each in hung_on)
        return _NO, frozenset(f"ties of {each}" for each in hung_on)


class PacedGraph:
    """What `opsplan.records.writing.write` needs of a graph, for one player."""

    def __init__(self, graph: Graph, player: Player) -> None:
        self._graph = graph
        self._player = player
        self._refused_at: int | None = None

    async def write(self, work: Callable[[Any], Awaitable[Result]], **options: Any) -> Result:
        async def paced(tx: Tx) -> Result:
            self._player.begins_anew()
            at_work = PacedTx(tx, self._player)
            result = await work(at_work)
            await at_work.run_asked()
            await self._player.point("before commit")
            # Records on which little hangs are locked by a new relationship, but only now (`records.writing.locking`).
            self._player.wants(frozenset(self._player.hung_on))
            return result

        # What follows a refusal counts whom it met: the refusal is judged by what could be seen when it was made.
        refused_at, self._refused_at = self._refused_at, None
        try:
            result = await self._graph.write(paced, **options)
        except KeysMissing as refusal:
            self._refused_at = self._player.number if refusal.met_hidden else None
            raise
        if refused_at is not None:
            self._player.number = refused_at
        return result
