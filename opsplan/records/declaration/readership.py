"""Who may know of a noun's records."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Readers:
    """A list of agencies that the service keeps on each record of a noun, so that its readership is told at once.

    Attributes
    ----------
    name
        The property that holds it: agencies' ids in order. It is never read, entered or exported.
    cypher
        What it is made of: a statement, or several joined by UNION, over ``{node}`` that gives ids as ``id``.
    """

    name: str
    cypher: str


@dataclass(frozen=True, slots=True)
class Readership:
    """Who may know of a noun's records, beyond what holds for every record.

    What a record must refer to, the reader must be able to read as well, or the record is not there for it; so a noun
    that hangs on another one (an action's warrant) says nothing of its own.

    Attributes
    ----------
    condition
        A Cypher predicate that holds where the reader may know of ``{node}``; ``$reader.agency_id`` is its agency, null
        for who acts for none. Unknown is no. It may go over relationships inside EXISTS.
    of_its_parts
        The condition for what has to refer to ``{node}``, where it is another one than for the record itself.
    follows
        Names of the required relations whose targets have to be readable; all that lead to something not open to
        everybody, when None. Fewer may be named where one implies another, as an action implies its operation.
    kept
        Lists of agencies that the conditions compare with. They are made anew in the transaction of each write to the
        record, and of each to one that `kept_by` names.
    kept_by
        From the name of another noun to its relation that leads to this one.
    """

    condition: str | None = None
    of_its_parts: str | None = None
    follows: tuple[str, ...] | None = None
    kept: tuple[Readers, ...] = ()
    kept_by: Mapping[str, str] = field(default_factory=dict)


EVERYBODY = Readership()
"""The readership of what says nothing of its own."""
