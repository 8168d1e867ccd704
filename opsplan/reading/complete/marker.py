"""What a resolver gives instead of a record: a mark for the reading room to read it, and what is already complete."""

from dataclasses import dataclass, field
from typing import Any, Final

from graphql import GraphQLError


class _Read:
    __slots__ = ()

    def __repr__(self) -> str:
        return "READ"


READ: Final = _Read()
"""A root field of the reading room was asked for: compile it from its own arguments and selection."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record by noun and id: what a mutation or a subscription gives where its type says a record.

    It is read when its selection is known, in one statement, with the reader's policy; a retired one too. Where the
    reader may not see it, it is null.
    """

    noun: str
    id: str


@dataclass(frozen=True, slots=True)
class StoredRecords:
    """Several records of one noun, by ids, in order: for a field that is a list of records. Read in one statement."""

    noun: str
    ids: tuple[str, ...]


@dataclass(slots=True)
class Completed:
    """A value of the response, complete, with the errors that came up below it.

    `with_care` says that a value was not what its type promises.
    """

    data: Any
    errors: list[GraphQLError] = field(default_factory=list)
    with_care: bool = False
