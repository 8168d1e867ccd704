"""PostGIS' side: one table with a GiST index over geography and tstzrange, and one prepared statement for a check.

Areas are geography, as PostGIS means it: distances along geodesics of the ellipsoid. A circle is its centre with a
radius beside it; all others are polygons. The separations are a table that the check joins.
"""

import secrets
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import psycopg

from benchmarks.deconfliction.claims import LARGEST_RADIUS_M, Claim
from benchmarks.deconfliction.committing import Commit
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.area import Area, Circle

_TABLES = """
CREATE EXTENSION postgis;
CREATE TABLE separation (one text, other text, distance_m float8, buffer interval, PRIMARY KEY (one, other));
CREATE TABLE claim (
  id text PRIMARY KEY, owner integer NOT NULL, kind text NOT NULL, area geography NOT NULL, radius_m float8 NOT NULL,
  during tstzrange NOT NULL, key text NOT NULL
);
CREATE TABLE conflict (one text REFERENCES claim, other text REFERENCES claim, away_m float8, PRIMARY KEY (one, other));
"""
_INDEX = "CREATE INDEX claim_there_and_then ON claim USING gist (area, during)"
# The index is asked for the widest that the claim's kind needs; what is found is held against its own pair's figures.
_CHECK = """
SELECT id, key, away_m FROM (
  SELECT c.id, c.key, s.distance_m, ST_Distance(c.area, %(area)s::geography) - c.radius_m - %(radius_m)s AS away_m
  FROM claim c JOIN separation s ON s.one = %(kind)s AND s.other = c.kind
  WHERE ST_DWithin(c.area, %(area)s::geography, %(reach_m)s)
    AND c.during && tstzrange(%(start)s - %(buffer)s, %(end)s + %(buffer)s)
    AND c.owner <> %(owner)s
    AND (c.during && tstzrange(%(start)s, %(end)s)
         OR greatest(lower(c.during) - %(end)s, %(start)s - upper(c.during)) < s.buffer)
) near WHERE away_m <= distance_m
"""
_INSERT = """
INSERT INTO claim VALUES (%(id)s, %(owner)s, %(kind)s, %(area)s::geography, %(radius_m)s,
                          tstzrange(%(start)s, %(end)s), %(key)s)
"""
_CONFLICT = "INSERT INTO conflict VALUES (%s, %s, %s)"
_LOCK = "SELECT pg_advisory_xact_lock(1)"
_COPY = "COPY claim (id, owner, kind, area, radius_m, during, key) FROM STDIN"


class Theirs:
    """The claims in PostGIS.

    Parameters
    ----------
    where
        How to connect.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._connection = psycopg.connect(where, autocommit=True, prepare_threshold=0)
        self._cursor = self._connection.cursor(binary=True)
        self._connection.execute(_TABLES, prepare=False)
        rows = [
            (one.name, other.name, float(kept.distance_m), kept.buffer)
            for one in ActionKind
            for other in ActionKind
            for kept in (DEFAULT_TABLE.of(one, other),)
        ]
        self._cursor.executemany("INSERT INTO separation VALUES (%s, %s, %s, %s)", rows)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Have no index while claims are loaded, and make it anew behind them, as one does for so many."""
        self._cursor.execute("DROP INDEX IF EXISTS claim_there_and_then")
        yield
        self._cursor.execute(_INDEX)
        self._cursor.execute("VACUUM ANALYZE")

    def load(self, batch: Sequence[Claim]) -> None:
        """Load claims."""
        with self._cursor.copy(_COPY) as copy:
            for each in batch:
                copy.write_row((*_columns(each), f"[{each.time.start},{each.time.end})", secrets.token_hex(16)))

    def check(self, claim: Claim) -> dict[str, float]:
        """Give the ids of all that a claim would meet, and how near they come in metres: one prepared statement."""
        return {row[0]: row[2] for row in self._cursor.execute(_CHECK, _values(claim)).fetchall()}

    @asynccontextmanager
    async def writers(self, count: int) -> AsyncIterator[list[Commit]]:
        """Give so many ways to commit, each over a connection of its own."""
        connections = [await psycopg.AsyncConnection.connect(self._where, prepare_threshold=0) for _ in range(count)]
        try:
            yield [partial(_commit, each) for each in connections]
        finally:
            for each in connections:
                await each.close()


async def _commit(
    connection: psycopg.AsyncConnection[tuple[Any, ...]], claim: Claim, seen: Sequence[str]
) -> list[str] | None:
    """Commit a claim with keys; None when it was let in, else the keys that are missing.

    Commits wait for each other, so that of two at once the second sees the first, as ours do.
    """
    values = _values(claim)
    async with connection.transaction(), connection.cursor(binary=True) as cursor:
        await cursor.execute(_LOCK)
        met = await (await cursor.execute(_CHECK, values)).fetchall()
        missing = [key for _, key, _ in met if key not in seen]
        if missing:
            return missing
        await cursor.execute(_INSERT, {**values, "id": claim.id, "key": secrets.token_hex(16)})
        if met:
            await cursor.executemany(_CONFLICT, [(claim.id, other, away_m) for other, _, away_m in met])
    return None


def _columns(claim: Claim) -> tuple[Any, ...]:
    radius_m = claim.area.radius_m if isinstance(claim.area, Circle) else 0.0
    return claim.id, claim.owner, claim.kind.name, _as_wkb(claim.area), radius_m


def _values(claim: Claim) -> dict[str, Any]:
    _, owner, kind, area, radius_m = _columns(claim)
    widest = DEFAULT_TABLE.widest_of(claim.kind)
    return {
        "owner": owner,
        "kind": kind,
        "area": area,
        "radius_m": radius_m,
        "reach_m": radius_m + LARGEST_RADIUS_M + widest.distance_m,
        "buffer": widest.buffer,
        "start": claim.time.start,
        "end": claim.time.end,
    }


def _as_wkb(area: Area) -> str:
    """Give an area as hexadecimal well-known binary: the centre of a circle, or a polygon."""
    if isinstance(area, Circle):
        return struct.pack("<BIdd", 1, 1, area.center.longitude, area.center.latitude).hex()
    ring = (*area.ring, area.ring[0])
    head = struct.pack("<BIII", 1, 3, 1, len(ring))
    return (head + b"".join(struct.pack("<dd", each.longitude, each.latitude) for each in ring)).hex()
