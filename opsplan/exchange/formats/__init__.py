"""File formats: one module per format, each from a path to raw rows and from rows to a path, row by row.

>>> sorted(FORMATS)
['.csv', '.jsonl', '.xlsx']
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from opsplan.exchange.formats import csv, jsonl, xlsx
from opsplan.exchange.formats.row import Format, NotRead, RawRow
from opsplan.records.declaration import Catalogue, Noun
from opsplan.vocabulary.ids import prefix_of
from opsplan.vocabulary.sentences import say

FORMATS: Mapping[str, Format] = {
    ".jsonl": Format(jsonl.read, jsonl.write),
    ".csv": Format(csv.read, csv.write),
    ".xlsx": Format(xlsx.read, xlsx.write),
}
"""The formats by the ending of a file's name."""

__all__ = ["FORMATS", "Format", "RawRow", "file_stem", "noun_of_name", "read_rows"]


def file_stem(noun: Noun) -> str:
    """Give the name, without ending, of a noun's file: ``victim_estimate``."""
    return prefix_of(noun.name)


def noun_of_name(catalogue: Catalogue, name: str) -> Noun | None:
    """Find the noun that a file, a sheet or a column names: ``compounds``, ``Compound``, ``victim-estimate``."""
    plain = name.strip().replace("-", "").replace("_", "").replace(" ", "").lower()
    for noun in catalogue:
        if plain in (noun.name.lower(), noun.plural.lower()):
            return noun
    return None


def read_rows(path: Path) -> Iterator[RawRow]:
    """Read a file row by row, by the format that its ending names.

    Raises
    ------
    Invalid
        When the ending is unknown, the file is not there, or its text is not of the format; with the line.
    """
    format_ = FORMATS.get(path.suffix.lower())
    if format_ is None:
        what = say("the ending {suffix!r} is no known format", suffix=path.suffix)
        remedy = say("give a file that ends in {known:or}", known=sorted(FORMATS))
        raise NotRead(path, what, remedy, value=path.suffix)
    if not path.is_file():
        raise NotRead(path, say("there is no such file"), say("check the path"), value=str(path))
    return format_.read(path)
