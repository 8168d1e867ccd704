"""What a format gives and takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in a file.

    Attributes
    ----------
    line
        The line (the row of a sheet) it begins on, from 1.
    noun
        The name of the noun where the row or its sheet says so; None leaves it to the file's name.
    values
        Raw values by column.
    """

    line: int
    noun: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read, and written for one noun with given columns."""

    read: Callable[[Path], Iterator[RawRow]]
    write: Callable[[Path, Sequence[str], Iterable[Mapping[str, Any]]], int]


class NotRead(Invalid):
    """A file cannot be read, or not to its end; `what` is that, without its path and the remedy."""

    remedy: Sentence

    def __init__(
        self, path: Path, what: Sentence, remedy: Sentence, *, field: str | None = None, value: object = None
    ) -> None:
        message = say("{path}: {what}; {remedy}", path=path, what=what, remedy=remedy)
        super().__init__(message, field=field or str(path), value=value, remedy=remedy)
        self.what = what


def broken(path: Path, line: int, what: Sentence, remedy: Sentence) -> NotRead:
    """Make the error for a line that is not of the format."""
    return NotRead(path, say("line {line}: {what}", line=line, what=what), remedy, field=f"{path}, line {line}")
