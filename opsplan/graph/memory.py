"""What memory one transaction may use on the server: without a limit, one that is too large ends all others with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.failures import QueryFailed
from opsplan.graph.query import Mode, Query
from opsplan.vocabulary.errors import SetupError

SETTING = "db.memory.transaction.max"

READ_SETTING = Query(
    "graph.transaction_memory",
    Mode.READ,
    f"SHOW SETTINGS '{SETTING}' YIELD value RETURN value",
)

_ZERO = re.compile(r"0(\.0*)?\s*[A-Za-z]*")


class LimitKind(StrEnum):
    """Whether transactions are limited in memory."""

    LIMITED = "limited"
    UNLIMITED = "unlimited"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TransactionMemory:
    """The limit of one transaction's memory, and its value as the server writes it (``1.50GiB``); None if unknown."""

    kind: LimitKind
    value: str | None = None
    setting: str = SETTING

    @property
    def warning(self) -> str | None:
        """What its operator should know; None where all is well."""
        if self.kind is LimitKind.UNLIMITED:
            return f"{SETTING} is not set: one statement that needs too much memory may end all others"
        if self.kind is LimitKind.UNKNOWN:
            return f"{SETTING} cannot be seen by this user of Neo4j; make sure that it is set"
        return None


async def transaction_memory(graph: Graph) -> TransactionMemory:
    """Ask the server for its limit; unknown where the user may not see settings.

    Raises
    ------
    Unavailable
        If the server does not answer.
    """
    try:
        return limit_in(await graph.read_rows(READ_SETTING, timeout_s=1.5))
    except (QueryFailed, SetupError):
        return TransactionMemory(LimitKind.UNKNOWN)


def limit_in(rows: Sequence[Sequence[Any]]) -> TransactionMemory:
    """Give the limit in the server's answer: one row, or none where the user may not see it.

    >>> limit_in([["0B"]]).kind, limit_in([["576.00MiB"]]).kind, limit_in([]).kind
    (<LimitKind.UNLIMITED: 'unlimited'>, <LimitKind.LIMITED: 'limited'>, <LimitKind.UNKNOWN: 'unknown'>)
    """
    value = rows[0][0] if rows else None
    if not isinstance(value, str):
        return TransactionMemory(LimitKind.UNKNOWN)
    return TransactionMemory(LimitKind.UNLIMITED if _ZERO.fullmatch(value) else LimitKind.LIMITED, value)
