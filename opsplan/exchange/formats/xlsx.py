"""XLSX: one sheet per noun, named like it, a header row; read and written row by row.

Dates must be text with a zone (``2026-12-01T04:00:00Z``): a date cell of Excel has none, and is refused as naive.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from opsplan.exchange.formats.cell import as_text
from opsplan.exchange.formats.row import RawRow, broken
from opsplan.vocabulary.sentences import say


def read(path: Path) -> Iterator[RawRow]:
    """Give the rows of every sheet that has any; the sheet's name is the noun.

    Raises
    ------
    Invalid
        For a file that is no workbook, a sheet without headings, or a cell beyond the headings.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError) as error:
        raise broken(
            path,
            1,
            say("the file is no XLSX workbook ({error})", error=type(error).__name__),
            say("save it as .xlsx"),
        ) from None
    try:
        for sheet in book.worksheets:
            header: list[str] = []
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if all(cell is None or cell == "" for cell in cells):
                    continue
                if not header:
                    header = _header(path, sheet.title, line, cells)
                    continue
                beyond = [cell for cell in cells[len(header) :] if cell is not None]
                if beyond:
                    raise broken(
                        path,
                        line,
                        say("sheet {title}: a cell stands beyond the headings", title=sheet.title),
                        say("head it"),
                    )
                values = {name: _plain(cell) for name, cell in zip(header, cells, strict=False)}
                yield RawRow(line, sheet.title, values)
    finally:
        book.close()


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write one sheet, named like the file, with a header and rows; gives how many rows.

    Text that begins like a formula stands as text: the cells are typed, so no program computes them.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem)
    sheet.append(list(columns))
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, row.get(name)) for name in columns])
        count += 1
    book.save(path)
    return count


def _header(path: Path, title: str, line: int, cells: Sequence[Any]) -> list[str]:
    names = [str(cell).strip() if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not all(names):
        raise broken(path, line, say("sheet {title}: a column has no heading", title=title), say("name every column"))
    if len(set(names)) != len(names):
        raise broken(
            path,
            line,
            say("sheet {title}: two columns have the same heading", title=title),
            say("name every column once"),
        )
    return names


def _plain(cell: Any) -> Any:
    """Turn Excel's own types into what a check understands; a date without zone stays recognisable as such."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, value=as_text(value))
    cell.data_type = "s"
    return cell
