"""CSV (RFC 4180): comma or semicolon, a header line, UTF-8 with or without a byte-order mark; lists by semicolon."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from opsplan.exchange.formats.cell import as_text
from opsplan.exchange.formats.row import RawRow, broken
from opsplan.vocabulary.sentences import say

_LONGEST_CELL = 1_000_000


def read(path: Path) -> Iterator[RawRow]:
    """Give the rows below the header; a column ``noun`` names the noun where the file's name does not.

    Raises
    ------
    Invalid
        For text that is not UTF-8, a header with an empty or doubled name, or a row with more cells than the header.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline()
            delimiter = ";" if first.count(";") > first.count(",") else ","
            file.seek(0)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header)
            start = reader.line_num + 1
            for cells in reader:
                line, start = start, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) > len(header):
                    raise broken(
                        path,
                        line,
                        say(
                            "there are {cells_count} cells under {header_count} headings",
                            cells_count=len(cells),
                            header_count=len(header),
                        ),
                        say("put cells that hold a comma in double quotes"),
                    )
                values: dict[str, Any] = dict(zip(header, cells, strict=False))
                yield RawRow(line, values.pop("noun", None) or None, values)
        except UnicodeDecodeError:
            raise broken(path, 1, say("the file is not UTF-8"), say("save it as CSV UTF-8")) from None
        except csv.Error as error:
            raise broken(
                path, reader.line_num, say("the line is no CSV ({error})", error=error), say("save it as CSV UTF-8")
            ) from None


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write a header and rows; gives how many rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([as_text(row.get(name)) for name in columns])
            count += 1
    return count


def _check_header(path: Path, header: Sequence[str]) -> None:
    if not header:
        raise broken(path, 1, say("the file is empty"), say("write a header line with the names of the columns"))
    for place, name in enumerate(header, start=1):
        if not name:
            raise broken(path, 1, say("column {place} has no heading", place=place), say("name every column"))
        if name in header[: place - 1]:
            raise broken(path, 1, say("two columns are headed {name!r}", name=name), say("name every column once"))
