"""Named queries: every statement of the product is a value with a name, a mode and a text.

A store writes its statements as constants::

    COMPOUND_BY_ID = Query("targets.compound_by_id", Mode.READ, "MATCH (c:Compound {id: $id}) RETURN c.name")

All of them can be walked by `registered_queries`, so a test can EXPLAIN each against the real server.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from opsplan.graph.cypher import parameters_of, seeking_ids

_NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$")


class Mode(StrEnum):
    """What a statement does to the graph; the server refuses a write in a READ transaction."""

    READ = "READ"
    WRITE = "WRITE"


@dataclass(frozen=True, slots=True)
class Query:
    """One Cypher statement of the product.

    Parameters
    ----------
    name
        Room and sentence, e.g. ``targets.compound_by_id``. Unique in the product.
    mode
        Whether it only reads.
    text
        The statement. Values enter as ``$parameters`` only. Records that it names by their id are sought by it,
        whatever else the server would think best (`seeking_ids`).
    why_scan
        Why this statement may read a whole label without an index; None when it must not.

    Raises
    ------
    ValueError
        If the name is not of that form, or another text has the name already.
    """

    name: str
    mode: Mode
    text: str
    why_scan: str | None = None
    parameters: frozenset[str] = field(init=False, compare=False)
    """Names of the ``$parameters`` of the text."""

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise ValueError(f"query name {self.name!r}: write room.sentence, e.g. targets.compound_by_id")
        object.__setattr__(self, "text", seeking_ids(self.text))
        object.__setattr__(self, "parameters", parameters_of(self.text))
        known = _REGISTRY.setdefault(self.name, self)
        if known != self:
            raise ValueError(f"query name {self.name!r} is taken by another text; choose another name")


_REGISTRY: dict[str, Query] = {}


def registered_queries() -> tuple[Query, ...]:
    """Give every query of the rooms imported so far, by name."""
    return tuple(_REGISTRY[name] for name in sorted(_REGISTRY))
