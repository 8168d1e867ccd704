"""A load on disk while it is checked whole: constant memory for any number of rows, and the journal after a crash.

Each row is checked as it is read and kept in an SQLite file beside its place of origin. Then keys and references are
settled set by set. Nothing is written to the graph before every row has passed.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from opsplan.records.check import check_row
from opsplan.records.declaration import Catalogue, Kind, Noun
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import Sentence, say

MOST_PROBLEMS = 100
"""A load stops looking after so many bad rows: whoever has more will not mend them one by one."""

_SCHEMA = """
CREATE TABLE rows (noun INTEGER NOT NULL, place INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL,
                   body BLOB NOT NULL, PRIMARY KEY (noun, place)) WITHOUT ROWID;
CREATE TABLE keys (noun INTEGER NOT NULL, key TEXT NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL,
                   PRIMARY KEY (noun, key)) WITHOUT ROWID;
CREATE TABLE wanted (targets TEXT NOT NULL, key TEXT NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL,
                     field TEXT NOT NULL, PRIMARY KEY (targets, key)) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with a row: file, line, field, value, and what to do. Line 0 and no field: with the file."""

    file: str
    line: int
    field: str
    value: Any
    message: Sentence
    remedy: Sentence

    @property
    def place(self) -> str:
        """Where it is: file, line and field, as far as there are such."""
        return f"{self.file}, line {self.line}, {self.field}" if self.line else self.file

    @property
    def sentence(self) -> Sentence:
        """The whole in one line."""
        return say("{place}: {message}; {remedy}", place=self.place, message=self.message, remedy=self.remedy)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference that no row of the load answers, so the graph must: what it may name, and where it stands first."""

    targets: tuple[str, ...]
    key: str
    file: str
    line: int
    field: str


class Staging:
    """The rows of one load, in loading order of their nouns.

    Parameters
    ----------
    path
        The SQLite file; made when it is not there.
    catalogue
        What nouns there are.
    owner
        Code or id of the agency that owns rows which name none.
    """

    def __init__(self, path: Path, catalogue: Catalogue, owner: str | None) -> None:
        self.path = path
        self.owner = owner
        self._nouns: Sequence[Noun] = catalogue.in_loading_order
        self._number = {noun.name: number for number, noun in enumerate(self._nouns)}
        fresh = not path.exists()
        # Filled in a thread, read by the loop after it: never by two at once.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF" if fresh else "PRAGMA query_only = ON")
        self._db.execute("PRAGMA synchronous = OFF")
        if fresh:
            path.chmod(0o600)
            self._db.executescript(_SCHEMA)
            self._db.execute("BEGIN")
        self._places = [0] * len(self._nouns)
        self.files: list[str] = []

    def add(self, noun: Noun, file: str, line: int, values: dict[str, Any]) -> list[BadRow]:
        """Check a raw row and keep it; gives what is wrong with it."""
        if noun.name not in self._number:
            return [_bad(file, line, "noun", noun.name, say("it is kept by the service"), say("load another noun"))]
        stored, problems = check_row(noun, values)
        bad = [BadRow(file, line, each.field, each.value, each.message, each.remedy) for each in problems]
        if bad:
            return bad
        owner = self._owner(noun, stored)
        if owner is None:
            return [
                _bad(file, line, "owner", None, say("nobody owns the row"), say("give a column owner, or --owner CODE"))
            ]
        return self._keep(noun, file, line, stored, owner)

    def _owner(self, noun: Noun, stored: dict[str, Any]) -> str | None:
        if noun.name == "Agency":
            return str(stored["code"])
        owner = stored.get("owner") or self.owner
        if owner is not None:
            stored["owner"] = owner
        return owner

    def _keep(self, noun: Noun, file: str, line: int, stored: dict[str, Any], owner: str) -> list[BadRow]:
        number, at = self._number[noun.name], self._file(file)
        names = [stored["id"]] if stored.get("id") else []
        if noun.key is not None and stored.get(noun.key):
            names.append(str(stored[noun.key]))
        if stored.get("external_id"):
            names.append(f"{owner}/{stored['external_id']}")
        if not names:
            message = say("the row has no name of its own, so a second load would double it")
            return [_bad(file, line, "external_id", None, message, say("give an external_id, or opsplan's own id"))]
        for name in names:
            try:
                self._db.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (number, name, at, line))
            except sqlite3.IntegrityError:
                first = self._db.execute(
                    "SELECT file, line FROM keys WHERE noun = ? AND key = ?", (number, name)
                ).fetchone()
                there = say(
                    "{name!r} stands already at {file}, line {line}",
                    name=name,
                    file=self.files[first[0]],
                    line=first[1],
                )
                return [_bad(file, line, "external_id", name, there, say("give it once"))]
        for relation in noun.entered_relations:
            given = stored.get(relation.name)
            if given is None:
                continue
            full = [self._full(each, owner) for each in (given if relation.many else [given])]
            stored[relation.name] = full if relation.many else full[0]
            for key in full:
                self._want(relation.targets, key, at, line, relation.name)
        if noun.name != "Agency":
            self._want(("Agency",), owner, at, line, "owner")
        self._places[number] += 1
        self._db.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
            (number, self._places[number], at, line, orjson.dumps(stored, default=_as_json)),
        )
        return []

    @staticmethod
    def _full(key: str, owner: str) -> str:
        """Name the agency of a reference within the owner's own records: ``/C-17`` becomes ``KH-NCB/C-17``."""
        return f"{owner}{key}" if key.startswith("/") else key

    def _want(self, targets: tuple[str, ...], key: str, file: int, line: int, field: str) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO wanted VALUES (?, ?, ?, ?, ?)", (" ".join(targets), key, file, line, field)
        )

    def _file(self, file: str) -> int:
        if not self.files or self.files[-1] != file:
            self.files.append(file)
        return len(self.files) - 1

    def unanswered(self) -> Iterator[Wanted]:
        """Give the references that no row of the load answers, each once."""
        for targets, key, file, line, field in self._db.execute(
            "SELECT targets, key, file, line, field FROM wanted ORDER BY file, line"
        ):
            nouns = targets.split(" ")
            numbers = [self._number[name] for name in nouns if name in self._number]
            marks = ", ".join("?" for _ in numbers)
            found = self._db.execute(
                f"SELECT 1 FROM keys WHERE noun IN ({marks}) AND key = ?",  # noqa: S608 - only question marks
                (*numbers, key),
            ).fetchone()
            if found is None:
                yield Wanted(tuple(nouns), key, self.files[file], line, field)

    def counts(self) -> dict[str, int]:
        """Give how many rows there are of each noun that has any, in loading order."""
        found = dict(self._db.execute("SELECT noun, count(*) FROM rows GROUP BY noun"))
        return {noun.name: found[number] for number, noun in enumerate(self._nouns) if number in found}

    def batches(self, size: int, skip: int = 0) -> Iterator[tuple[int, Noun, list[dict[str, Any]]]]:
        """Give numbered batches of at most `size` rows of one noun each, in loading order, after the first `skip`."""
        number = 0
        for noun, count in self.counts().items():
            index = self._number[noun]
            declared = self._nouns[index]
            points = [each.name for each in declared.all_properties if each.kind is Kind.POINT]
            for first in range(1, count + 1, size):
                number += 1
                if number <= skip:
                    continue
                found = self._db.execute(
                    "SELECT body FROM rows WHERE noun = ? AND place >= ? AND place < ? ORDER BY place",
                    (index, first, first + size),
                )
                yield number, declared, [_restored(orjson.loads(body), points) for (body,) in found]

    def finish(self, **facts: str) -> None:
        """Put everything on disk, with facts about the load; nothing can be added after."""
        facts["files"] = orjson.dumps(self.files).decode()
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self._db.execute("COMMIT")
        # The file is the journal: it must outlive a crash of the machine, not only of the process.
        with self.path.open("rb") as file:
            os.fsync(file.fileno())

    def facts(self) -> dict[str, str]:
        """Give what `finish` was told."""
        return dict(self._db.execute("SELECT name, value FROM facts"))

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _restored(row: dict[str, Any], points: list[str]) -> dict[str, Any]:
    for name in points:
        if row.get(name) is not None:
            row[name] = GeoPoint(**row[name])
    return row


def _as_json(value: Any) -> Any:
    if isinstance(value, GeoPoint):
        return asdict(value)
    raise TypeError(type(value).__name__)


def _bad(file: str, line: int, field: str, value: Any, message: Sentence, remedy: Sentence) -> BadRow:
    return BadRow(file, line, field, value, message, remedy)
