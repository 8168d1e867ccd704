"""Text files of rows of numbers, read with the line in hand, so that every refusal can name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from solver.errors import InvalidProblem
from solver.problem.limits import LARGEST_SLOT

END_OF_FILE = "end of file"
MOST_NUMBERS = 10_000
"""More resources, skills, modes or successors in one row than any published file has."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_RULER = re.compile(r"[*\-=]{4,}")
_WORD = re.compile(r"\[[^\]]*\]|\S+")


def refuse(file: str, line: int, value: object, remedy: str) -> NoReturn:
    """Raise InvalidProblem that names the file, the line (counted from 1), the value and what would be accepted."""
    raise InvalidProblem(f"{file}, line {line}", value, remedy)


def decoded(text: bytes) -> str:
    """Return the text with lines that end in a line feed alone; bytes that are no UTF-8 become a mark.

    Files of the nineties end with DOS's end-of-file character, which is dropped.
    """
    lines = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return lines.rstrip("\x1a\n ")


def integer(file: str, line: int, word: str, what: str, low: int, high: int) -> int:
    """Return the integer that `word` writes, refused outside the closed range `low` to `high`."""
    value = int(word) if _INTEGER.fullmatch(word) else None
    if value is None or not low <= value <= high:
        refuse(file, line, word, f"give {what} as an integer from {low} to {high}")
    return value


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one line.

    Parameters
    ----------
    file
        The file's name, for refusals.
    line
        Counted from 1.
    words
        Parted by blanks; what stands in brackets, such as ``[-3]``, is one word.
    """

    file: str
    line: int
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)

    def refuse(self, remedy: str, value: object = None) -> NoReturn:
        """Refuse `value`, by default the whole row."""
        refuse(self.file, self.line, str(self) if value is None else value, remedy)

    def count(self, wanted: int, what: str) -> None:
        """Refuse the row unless it has exactly `wanted` words."""
        if len(self.words) != wanted:
            self.refuse(f"give {what}: {wanted} words, there are {len(self.words)}")

    def integer(self, position: int, what: str, low: int = 0, high: int = LARGEST_SLOT) -> int:
        """Return the number at `position` (from 0) of the row."""
        if position >= len(self.words):
            self.refuse(f"give {what} as word {position + 1} of the line")
        return integer(self.file, self.line, self.words[position], what, low, high)

    def integers(self, from_position: int, what: str, low: int = 0, high: int = LARGEST_SLOT) -> tuple[int, ...]:
        """Return all numbers from `from_position` on."""
        return tuple(self.integer(position, what, low, high) for position in range(from_position, len(self.words)))


class Rows:
    """The rows of a file, one after another; empty lines and rulers (``****``, ``----``) are passed over.

    Parameters
    ----------
    file
        The file's name, for refusals.
    text
        Its bytes.
    """

    def __init__(self, file: str, text: bytes) -> None:
        self.file = file
        self.line = 0
        self._lines = decoded(text).split("\n")

    def next(self, what: str) -> Row:
        """Return the next row, which holds `what`; refused when the file ends before it."""
        row = self._next()
        if row is None:
            refuse(self.file, len(self._lines), END_OF_FILE, f"go on with {what}")
        return row

    def end(self) -> None:
        """Refuse a row that follows what the file should hold."""
        row = self._next()
        if row is not None:
            row.refuse("drop it, the file is complete before this line")

    def _next(self) -> Row | None:
        while self.line < len(self._lines):
            text = self._lines[self.line].strip()
            self.line += 1
            if text and not _RULER.fullmatch(text):
                return Row(self.file, self.line, tuple(_WORD.findall(text)))
        return None
