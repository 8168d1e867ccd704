"""What a format gives and takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsplan.vocabulary.errors import Invalid


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


def broken(path: Path, line: int, what: str, remedy: str) -> Invalid:
    """Make the error for a line that is not of the format."""
    return Invalid(f"{path}, line {line}: {what}; {remedy}", field=f"{path}, line {line}", remedy=remedy)
