"""A transaction as stores see it: statements in, plain rows out."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from neo4j import AsyncResult, AsyncTransaction, Record

from opsplan.graph.bolt.transaction import LineTransaction
from opsplan.graph.query import Mode, Query
from opsplan.graph.turns import Turn, Turns

Statement = tuple[str, dict[str, Any]]
"""A statement's text and parameters."""


class Way(Protocol):
    """How a transaction's statements go to the server: by the driver, or over a line of our own."""

    async def run(self, *statements: Statement) -> Sequence[tuple[Sequence[str], list[list[Any]]]]:
        """Run statements in their order; give each one's columns and rows. Behind one that fails none is run."""
        ...

    def stream(self, text: str, parameters: dict[str, Any]) -> AsyncIterator[tuple[Sequence[str], Sequence[Any]]]:
        """Run a statement; give its rows one by one, each with the columns."""
        ...


class ByDriver:
    """The driver's own transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: AsyncTransaction) -> None:
        self._transaction = transaction

    async def run(self, *statements: Statement) -> Sequence[tuple[Sequence[str], list[list[Any]]]]:
        answers = []
        for text, parameters in statements:
            result = await self._transaction.run(text, parameters)
            answers.append((result.keys(), await result.values()))
        return answers

    async def stream(self, text: str, parameters: dict[str, Any]) -> AsyncIterator[tuple[Sequence[str], Sequence[Any]]]:
        result = await self._transaction.run(text, parameters)
        columns = result.keys()
        async for record in result:
            yield columns, record.values()


class ByLine:
    """A transaction over a line: shorter, and rows come all at once."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: LineTransaction) -> None:
        self._transaction = transaction

    async def run(self, *statements: Statement) -> Sequence[tuple[Sequence[str], list[list[Any]]]]:
        return await self._transaction.run(*statements)

    async def stream(self, text: str, parameters: dict[str, Any]) -> AsyncIterator[tuple[Sequence[str], Sequence[Any]]]:
        for columns, rows in await self._transaction.run((text, parameters)):
            for row in rows:
                yield columns, row


class Asked:
    """A statement that goes to the server with the next one that is waited for, and its answer then."""

    __slots__ = ("_columns", "_name", "_rows", "_tx")

    def __init__(self, tx: "Tx", name: str) -> None:
        self._tx = tx
        self._name = name
        self._columns: Sequence[str] | None = None
        self._rows: list[list[Any]] = []

    async def rows(self) -> list[list[Any]]:
        """Give every row as a list, in the order of the statement's columns."""
        if self._columns is None:
            await self._tx.run_asked()
        return self._rows

    async def mappings(self) -> list[dict[str, Any]]:
        """Give every row as a mapping by column."""
        rows = await self.rows()
        assert self._columns is not None
        return [dict(zip(self._columns, row, strict=True)) for row in rows]

    async def single(self) -> dict[str, Any] | None:
        """Give the only row, or None where there is none.

        Raises
        ------
        LookupError
            If there are several rows: the statement does not say what its caller takes it to say.
        """
        rows = await self.mappings()
        if len(rows) > 1:
            raise LookupError(f"{self._name} gave {len(rows)} rows where at most one was expected")
        return rows[0] if rows else None

    def answered(self, columns: Sequence[str], rows: list[list[Any]]) -> None:
        """Take the answer; for the transaction."""
        self._columns, self._rows = columns, rows


class Tx:
    """One open transaction. It ends with the work that it was handed to; keep no reference beyond that.

    Attributes
    ----------
    held_at
        The number of the last commit when this transaction took the commit sequence; None as long as it has not.
        Whoever takes it notes it here.
    """

    __slots__ = ("_asked", "_entrance", "_entry", "_mode", "_turn", "_turns", "_way", "_who", "held_at")

    def __init__(self, way: Way, mode: Mode, turns: Turns | None = None, entrance: Turns | None = None) -> None:
        self._way = way
        self._mode = mode
        self._asked: list[tuple[Statement, Asked]] = []
        self._turns = turns
        self._turn: Turn | None = None
        self._entrance = entrance
        self._entry: Turn | None = None
        self._who = ""
        self.held_at: int | None = None

    async def enter(self, who: str) -> None:
        """Wait until few others of this process are at work on what all of them want; see `turns`.

        For short transactions, before anything is done in them. `who` may have been let return.
        """
        if self._entrance is not None and self._entry is None:
            self._entry, self._who = await self._entrance.take(who), who

    def let_return(self) -> None:
        """Let whoever has entered, which comes to nothing, be the first when he begins anew; see `turns`."""
        if self._entrance is not None and self._entry is not None:
            self._entrance.let_return(self._entry, self._who)

    async def take_turn(self) -> None:
        """Wait for one's turn among this process's writers, before a lock that all of them take; see `turns`.

        The turn ends with the transaction. Once it was taken there is nothing to wait for.
        """
        if self._turns is not None and self._turn is None:
            self._turn = await self._turns.take()

    def end_turns(self) -> None:
        """Let the next ones begin; for whoever ends the transaction."""
        if self._turns is not None and self._turn is not None:
            self._turns.end(self._turn)
        if self._entrance is not None and self._entry is not None:
            self._entrance.end(self._entry)

    def ask(self, query: Query | str, /, **parameters: Any) -> Asked:
        """Have a statement go to the server with the next one that is waited for, in one round trip, and before it.

        What is asked and never waited for is run all the same before the transaction commits (`run_asked`). Its failure
        is raised where it is waited for, or a statement behind it is.
        """
        asked = Asked(self, name_of(query))
        self._asked.append(((self._text(query, parameters), parameters), asked))
        return asked

    async def run_asked(self) -> None:
        """Run all that was asked and is not run yet."""
        if self._asked:
            # Whatever fails, none of it is run again.
            asked, self._asked = self._asked, []
            answers = await self._way.run(*[statement for statement, _ in asked])
            for (_, each), (columns, rows) in zip(asked, answers, strict=True):
                each.answered(columns, rows)

    async def run(self, query: Query | str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run one statement and give every row as a mapping by column."""
        return await self.ask(query, **parameters).mappings()

    async def single(self, query: Query | str, /, **parameters: Any) -> dict[str, Any] | None:
        """Run one statement and give its only row, or None where there is none.

        Raises
        ------
        LookupError
            If there are several rows: the statement does not say what its caller takes it to say.
        """
        return await self.ask(query, **parameters).single()

    async def rows(self, query: Query | str, /, **parameters: Any) -> list[list[Any]]:
        """Run one statement and give every row as a list, in the order of its columns."""
        return await self.ask(query, **parameters).rows()

    async def stream(self, query: Query | str, /, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        """Run one statement and give its rows one by one, where the transaction only reads in constant memory.

        Where the transaction is repeated, the rows come again from the first: ask for ``attempts=1`` if that
        would do harm.
        """
        await self.run_asked()
        async for columns, row in self._way.stream(self._text(query, parameters), parameters):
            yield dict(zip(columns, row, strict=True))

    def _text(self, query: Query | str, parameters: dict[str, Any]) -> str:
        if isinstance(query, Query):
            if query.mode is Mode.WRITE and self._mode is Mode.READ:
                raise TypeError(f"{query.name} writes; run it in graph.write")
            if parameters.keys() != query.parameters:
                raise TypeError(_mismatch(query, parameters))
            return query.text
        return query


async def mappings(result: AsyncResult) -> list[dict[str, Any]]:
    """Give the rows of a result as mappings by column.

    The driver's own `Result.data` takes every value apart to look for nodes in it, and every byte of a file: four
    seconds for four megabytes. Statements here return values, never nodes.
    """
    return [_mapping(record) async for record in result]


def _mapping(record: Record) -> dict[str, Any]:
    return dict(zip(record.keys(), record, strict=True))


def name_of(query: Query | str) -> str:
    """Give the name of a query for messages; a loose text is never shown."""
    return query.name if isinstance(query, Query) else "a statement"


def _mismatch(query: Query, parameters: dict[str, Any]) -> str:
    missing = ", ".join(sorted(query.parameters - parameters.keys())) or "nothing"
    unknown = ", ".join(sorted(parameters.keys() - query.parameters)) or "nothing"
    return f"{query.name}: parameters do not fit its text (missing {missing}, unknown {unknown})"
