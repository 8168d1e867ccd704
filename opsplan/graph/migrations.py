"""Migrations as files: numbered, with a header that says why, whose, and how to go back.

    graph_schema/migrations/0007_claims_have_cells.cypher

    // Why: what cannot be done without it
    // Owner: the room whose labels it touches
    // Way back: the statements, or the reason why there is none
    CREATE INDEX ... IF NOT EXISTS ...;

Each statement runs in a transaction of its own (Neo4j lets schema and data not share one), so a migration must bear
being run again from its start: after a crash that is what happens.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import opsplan
from opsplan.graph.cypher import statements_of
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say

_FILE_NAME = re.compile(r"^(?P<number>\d{4})_(?P<sentence>[a-z0-9]+(_[a-z0-9]+)*)\.cypher$")
_HEADER = ("Why", "Owner", "Way back")
_SCHEMA = re.compile(r"^\s*(CREATE|DROP)\s+(\w+\s+)*?(CONSTRAINT|INDEX)\b", re.IGNORECASE)
_REPEATABLE = re.compile(r"\bIF\s+(NOT\s+)?EXISTS\b", re.IGNORECASE)
_COMMENT = re.compile(r"//[^\n]*")


class MigrationError(SetupError):
    """The migrations of this opsplan and those of the graph do not fit; opsplan does not start."""

    code = "MIGRATION"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered change of the graph: `name` is the file's without its ending, `checksum` is of its text."""

    number: int
    name: str
    checksum: str
    statements: tuple[str, ...]


def product_migrations() -> tuple[Migration, ...]:
    """Read the migrations of this opsplan, from the installed package or from the clone."""
    packaged = files("opsplan") / "_graph_schema" / "migrations"
    if packaged.is_dir():
        return read_migrations(packaged)
    return read_migrations(Path(opsplan.__file__).parents[1] / "graph_schema" / "migrations")


def read_migrations(folder: Traversable) -> tuple[Migration, ...]:
    """Read every migration of a folder, in order.

    Raises
    ------
    MigrationError
        If there is none, a name or header has another form, or a number is missing or doubled.
    """
    if not folder.is_dir():
        raise MigrationError(
            say("There is no folder of migrations at {folder}.", folder=folder),
            remedy=say("install opsplan again, or complete the clone"),
        )
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".cypher")}
    migrations = tuple(_read(name, texts[name]) for name in sorted(texts))
    for expected, migration in enumerate(migrations, start=1):
        if migration.number != expected:
            raise MigrationError(
                say(
                    "Migration {migration_name} comes where number {expected:04d} is expected.",
                    migration_name=migration.name,
                    expected=expected,
                ),
                value=migration.name,
                remedy=say("number the files of graph_schema/migrations from 0001 on, without gaps and doubles"),
            )
    return migrations


def _read(file_name: str, text: str) -> Migration:
    found = _FILE_NAME.match(file_name)
    if not found:
        raise MigrationError(
            say("Migration {file_name} has no name of the form NNNN_what_it_does.cypher.", file_name=file_name),
            value=file_name,
            remedy=say("rename it, e.g. 0007_claims_have_cells.cypher"),
        )
    text = text.replace("\r\n", "\n")
    for word in _HEADER:
        if not re.search(rf"^// {word}: \S", text, re.MULTILINE):
            raise MigrationError(
                say(
                    "Migration {file_name} does not say '// {word}: ...' in its header.", file_name=file_name, word=word
                ),
                value=file_name,
                remedy=say("add the line '// {word}: ...'", word=word),
            )
    statements = statements_of(text)
    for statement in statements:
        if _SCHEMA.match(_COMMENT.sub("", statement)) and not _REPEATABLE.search(statement):
            raise MigrationError(
                say("Migration {file_name} has a schema statement that cannot be run twice.", file_name=file_name),
                value=file_name,
                remedy=say("write IF NOT EXISTS or IF EXISTS into it: after a crash a migration is run again"),
            )
    name = file_name.removesuffix(".cypher")
    return Migration(int(found["number"]), name, hashlib.sha256(text.encode()).hexdigest(), statements)
