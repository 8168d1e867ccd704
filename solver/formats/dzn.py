"""Data files of MiniZinc, as far as instances use them: names, numbers, and arrays of one and two dimensions.

The MiniZinc Handbook, "Spec: data files". What a reader does not ask for (sets, texts, expressions) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from solver.formats.rows import END_OF_FILE, decoded, integer, refuse
from solver.problem.limits import LARGEST_SLOT

_TOKEN = re.compile(r'%[^\n]*|\n|[ \t\f\v]+|\[\||\|\]|"[^"\n]*"|[A-Za-z_]\w*|[+-]?\d+|\.\.|.', re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A name, a number or a sign, and the line where it stands."""

    text: str
    line: int


class Dzn:
    """The assignments of a data file.

    Parameters
    ----------
    file
        The file's name, for refusals.
    text
        Its bytes.
    wanted
        The names whose values are kept.

    Raises
    ------
    InvalidProblem
        When the file is not made of ``name = value;``, names something twice, or lacks a wanted name.
    """

    def __init__(self, file: str, text: bytes, wanted: Collection[str]) -> None:
        self.file = file
        content = decoded(text)
        self.last_line = content.count("\n") + 1
        self._values: dict[str, tuple[Token, list[Token]]] = {}
        self._read(list(_tokens(content)))
        for name in wanted:
            if name not in self._values:
                refuse(file, self.last_line, END_OF_FILE, f"give {name} = ...; somewhere above")

    def line(self, name: str) -> int:
        """Return the line where the name is given its value."""
        return self._values[name][0].line

    def number(self, name: str, low: int, high: int) -> int:
        """Return the integer that the name stands for."""
        token, values = self._values[name]
        if len(values) != 1:
            refuse(self.file, token.line, name, "give a single integer")
        return integer(self.file, values[0].line, values[0].text, name, low, high)

    def numbers(self, name: str, size: int, low: int = 0, high: int = LARGEST_SLOT) -> list[int]:
        """Return the `size` integers of ``[a, b, ...]``."""
        return [integer(self.file, token.line, token.text, name, low, high) for token in self.tokens(name, size)]

    def tokens(self, name: str, size: int) -> list[Token]:
        """Return the `size` single values of ``[a, b, ...]``."""
        _, values = self._values[name]
        items = self._listed(name, values, "[", "]")
        if len(items) != size:
            refuse(self.file, values[-1].line, name, f"give {size} values, there are {len(items)}")
        return items

    def table(self, name: str, rows: int, columns: int) -> list[list[Token]]:
        """Return the single values of ``[| a, b | c, d |]``, `rows` lists of `columns` each."""
        _, values = self._values[name]
        if not values or values[0].text != "[|" or values[-1].text != "|]":
            # No rows: MiniZinc writes [| |] as well as [].
            if rows == 0 and [value.text for value in values] == ["[", "]"]:
                return []
            refuse(self.file, self.line(name), name, "give [| row | row |]")
        parts: list[list[Token]] = [[values[0]]]
        for token in values[1:-1]:
            if token.text == "|":
                parts.append([token])
            else:
                parts[-1].append(token)
        if len(parts) > 1 and len(parts[-1]) == 1:
            parts.pop()
        if rows == 0 and len(parts[0]) == 1:
            return []
        if len(parts) != rows:
            refuse(self.file, values[-1].line, name, f"give {rows} rows, there are {len(parts)}")
        table = []
        for part in parts:
            items = self._parted(name, part[0], part[1:])
            if len(items) != columns:
                refuse(self.file, part[-1].line, name, f"give {columns} values in each row, here are {len(items)}")
            table.append(items)
        return table

    def _read(self, tokens: list[Token]) -> None:
        position = 0
        while position < len(tokens):
            name = tokens[position]
            if not re.fullmatch(r"[A-Za-z_]\w*", name.text, re.ASCII):
                refuse(self.file, name.line, name.text, "begin with a name, as in name = value;")
            if name.text in self._values:
                refuse(self.file, name.line, name.text, f"give it once, line {self.line(name.text)} has it already")
            position += 1
            if position == len(tokens) or tokens[position].text != "=":
                given = tokens[position] if position < len(tokens) else Token(END_OF_FILE, self.last_line)
                refuse(self.file, given.line, given.text, f"give = after {name.text}")
            until = position + 1
            while until < len(tokens) and tokens[until].text != ";":
                if tokens[until].text == "=":
                    refuse(self.file, tokens[until].line, "=", f"end the value of {name.text} with ; before the next")
                until += 1
            if until == len(tokens):
                refuse(self.file, self.last_line, END_OF_FILE, f"end the value of {name.text} with ;")
            if until == position + 1:
                refuse(self.file, tokens[until].line, ";", f"give {name.text} a value")
            self._values[name.text] = (name, tokens[position + 1 : until])
            position = until + 1

    def _listed(self, name: str, values: list[Token], opening: str, closing: str) -> list[Token]:
        if len(values) < 2 or values[0].text != opening or values[-1].text != closing:
            refuse(self.file, self.line(name), name, f"give {opening}value, value{closing}")
        return self._parted(name, values[0], values[1:-1])

    def _parted(self, name: str, before: Token, tokens: list[Token]) -> list[Token]:
        """Return what commas part; one comma may follow the last value."""
        items = tokens[::2]
        for comma in tokens[1::2]:
            if comma.text != ",":
                refuse(self.file, comma.line, comma.text, f"part the values of {name} by commas")
        for item in items:
            if not re.fullmatch(r"[+-]?\d+|[A-Za-z_]\w*", item.text, re.ASCII):
                refuse(self.file, item.line, item.text, f"give {name} single values after {before.text}")
        return items


def _tokens(content: str) -> list[Token]:
    line = 1
    found = []
    for match in _TOKEN.finditer(content):
        text = match.group()
        if text == "\n":
            line += 1
        elif not text.isspace() and not text.startswith("%"):
            found.append(Token(text, line))
    return found
