"""A case system of an agency that keeps itself in step with opsplan: an example, to be copied and changed.

    python docs/examples/case_system.py --key case-system.jwk --agency KH-NCB add "EXERCISE Heron Court" 104.92 11.56
    python docs/examples/case_system.py --key case-system.jwk --agency KH-NCB sync
    python docs/examples/case_system.py show

It keeps a copy of opsplan's sites, targets and links, and cases of its own, in a SQLite database. Three rules make it
safe to kill at any instant, and to start again:

1. What comes is stored in one transaction with the place in the feed up to which it is known.
2. What goes out is noted in one transaction with the case that it is about (the outbox), under a key by which opsplan
   knows a repetition. It is taken out of there in one transaction with the answer.
3. When the feed cannot go on from the place that is kept, everything is read anew, and what was not there goes.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import uuid
from collections.abc import Iterable
from contextlib import aclosing, closing, suppress
from pathlib import Path
from typing import Any

import pydantic

from opsplan.client import (
    Client,
    ClientError,
    Failed,
    GeoPoint,
    KeyTokens,
    RateLimited,
    Refused,
    ResyncRequired,
    Unauthenticated,
    Unreachable,
    read_key,
)
from opsplan.client.generated.enums import ItemOutcome, RecordNoun, UpsertMode
from opsplan.client.generated.input_types import UpsertCompoundItem
from opsplan.client.generated.upsert_compounds import UpsertCompoundsUpsertCompoundsCompoundsUpserted

NOUNS = [RecordNoun.Compound, RecordNoun.Target, RecordNoun.Link]
PAGE = 500
LOOK_AGAIN_S = 5.0
"""After so long the outbox is looked at again, whatever the socket says."""
PAUSE_S = 2.0
"""How long to wait for a service that is not there; then twice as long, and so on."""
MOST_PAUSE_S = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (  -- what opsplan has
    id TEXT PRIMARY KEY, noun TEXT NOT NULL, version INTEGER NOT NULL, external_id TEXT, retired INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS local_case (  -- what we have
    external_id TEXT PRIMARY KEY, name TEXT NOT NULL, longitude REAL NOT NULL, latitude REAL NOT NULL,
    record_id TEXT, refusal TEXT
);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, external_id TEXT NOT NULL, item TEXT NOT NULL
);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database. A transaction begins by `with database:` and an INSERT, UPDATE or DELETE in it."""
    database = sqlite3.connect(path, timeout=30)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(SCHEMA)
    return database


# What comes


async def take_changes(client: Client, database: sqlite3.Connection) -> None:
    """Follow the feed up to now, from the place that is kept; read everything first when there is none that holds."""
    has_more = True
    while has_more:
        cursor = kept_place(database)
        if cursor is None:
            await read_everything(client, database)
            continue
        try:
            page = await client.changes(after=cursor, first=PAGE, nouns=NOUNS)
        except Failed as failure:
            if not must_begin_anew(failure):
                raise
            await read_everything(client, database)
            continue
        nouns = {change.record_id: change.noun for change in page.changes}
        # A change says which record; this is what it is now, which may be later than the change.
        found = [each for each in await client.records([*nouns]) if each is not None] if nouns else []
        with database:
            moved = database.execute("UPDATE place SET cursor = ? WHERE cursor = ?", (page.end_cursor, cursor)).rowcount
            if moved:
                database.executemany("DELETE FROM record WHERE id = ?", [(each,) for each in nouns])
                store(database, "record", [(nouns[each.id], each) for each in found])
        # Where another process has moved the place on meanwhile, what was read is thrown away; the next page is later.
        has_more = page.has_more or not moved


def must_begin_anew(failure: Failed) -> bool:
    """Say whether the place is of no use: too old, of a service restored from a copy, or of another client's."""
    return isinstance(failure, ResyncRequired) or (
        failure.code == "INVALID" and failure.faults[0].extensions.get("field") == "after"
    )


async def read_everything(client: Client, database: sqlite3.Connection) -> None:
    """Take the place of now, read all there is, and put it where the old was, in one transaction."""
    # The place comes first: what happens while we read comes behind it, and is read again.
    cursor = (await client.changes()).end_cursor
    # Of this connection alone: when we are killed on the way, nothing of it is left.
    database.executescript(
        "DROP TABLE IF EXISTS temp.arriving; CREATE TEMP TABLE arriving AS SELECT * FROM record LIMIT 0;"
        "CREATE UNIQUE INDEX temp.arriving_id ON arriving (id);"
    )
    for noun, ask in zip(NOUNS, (client.compounds, client.targets, client.links), strict=True):
        after: str | None = None
        while True:
            page: Any = await ask(first=PAGE, after=after)
            with database:
                store(database, "arriving", [(noun, each) for each in page.nodes])
            if not page.page_info.has_next_page:
                break
            after = page.page_info.end_cursor
    with database:
        database.execute("DELETE FROM record")
        database.execute("INSERT INTO record SELECT * FROM arriving")
        database.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", (cursor,))


def store(database: sqlite3.Connection, table: str, records: Iterable[tuple[RecordNoun, Any]]) -> None:
    """Store records as they are now, in the transaction under way."""
    rows = [
        (
            record.id,
            noun.value,
            record.version,
            record.external_id,
            record.retired_at is not None,
            json.dumps(record.model_dump(mode="json", exclude={"typename__"}), ensure_ascii=False),
        )
        for noun, record in records
    ]
    database.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)


def kept_place(database: sqlite3.Connection) -> str | None:
    """Give the place in the feed up to which everything is stored."""
    row = database.execute("SELECT cursor FROM place").fetchone()
    return None if row is None else str(row[0])


# What goes out


def enter_case(database: sqlite3.Connection, external_id: str, name: str, longitude: float, latitude: float) -> None:
    """Enter a case, or change it, and note that opsplan is to be told."""
    item = UpsertCompoundItem(
        external_id=external_id, name=name, location=GeoPoint(longitude=longitude, latitude=latitude)
    )
    with database:
        database.execute(
            "INSERT INTO local_case (external_id, name, longitude, latitude) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET name = excluded.name, longitude = excluded.longitude, latitude = excluded.latitude, refusal = NULL",
            (external_id, name, longitude, latitude),
        )
        database.execute(
            "INSERT INTO outbox (key, external_id, item) VALUES (?, ?, ?)",
            (f"case-{uuid.uuid4()}", external_id, item.model_dump_json(exclude_unset=True)),
        )


async def send_outbox(client: Client, database: sqlite3.Connection) -> None:
    """Send what waits, in its order; what was sent already and not noted is answered again, and done once."""
    while True:
        waiting = database.execute(
            "SELECT number, key, external_id, item FROM outbox ORDER BY number LIMIT 1"
        ).fetchone()
        if waiting is None:
            return
        number, key, external_id, text = waiting
        record_id = None
        answer: UpsertCompoundsUpsertCompoundsCompoundsUpserted | Refused | Failed
        refused: Refused | Failed | None
        try:
            answer = await client.upsert_compounds(
                items=[UpsertCompoundItem.model_validate_json(text)], mode=UpsertMode.PARTIAL, idempotency_key=key
            )
        except Failed as failure:
            # What would fail always must not stand before the others for ever. Of the token, no case is at fault.
            if failure.retryable or isinstance(failure, RateLimited | Unauthenticated):
                raise
            answer = failure
        if isinstance(answer, Refused | Failed):
            refused = answer
        else:
            [told] = answer.items
            record_id = told.record_id
            refused = told.refusal if told.outcome is ItemOutcome.REFUSED else None
        if refused is not None and refused.retryable:
            # It stays in the outbox, for the next time.
            return
        with database:
            words = None if refused is None else words_of(refused)
            database.execute(
                "UPDATE local_case SET refusal = ?, record_id = coalesce(?, record_id) WHERE external_id = ?",
                (words, record_id, external_id),
            )
            database.execute("DELETE FROM outbox WHERE number = ?", (number,))


def words_of(refused: Refused | Failed) -> str:
    """Say why: what a rule refuses is an answer, what GraphQL itself refuses a failure."""
    return str(refused) if isinstance(refused, Failed) else f"{refused.code}: {refused.message}"


# Both, once and again


async def synchronize(client: Client, database: sqlite3.Connection) -> None:
    """Send what waits, then take what has happened; waits when the agency's budget for the minute is used up."""
    while True:
        try:
            await send_outbox(client, database)
            await take_changes(client, database)
            return
        except RateLimited as limited:
            say(f"The budget is used up; going on in {limited.retry_after_s:.0f} s.")
            await asyncio.sleep(limited.retry_after_s)


async def follow(client: Client, database: sqlite3.Connection) -> None:
    """Stay in step until stopped. The socket only wakes us; what is known is what the feed has said."""
    woken = asyncio.Event()
    pause_s = PAUSE_S
    listening = asyncio.create_task(listen(client, woken))
    try:
        while True:
            woken.clear()
            try:
                await synchronize(client, database)
            except (Unreachable, Failed) as failure:
                # What will not do any better is for a person to look at.
                if isinstance(failure, Failed) and not failure.retryable:
                    raise
                say(f"{failure} Trying again in {pause_s:.0f} s.")
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, MOST_PAUSE_S)
                continue
            if pause_s > PAUSE_S:
                say("In step again.")
                pause_s = PAUSE_S
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), LOOK_AGAIN_S)
    finally:
        listening.cancel()


async def listen(client: Client, woken: asyncio.Event) -> None:
    """Hold a socket, and wake the other when something happens; what is missed between two sockets, the feed tells."""
    while True:
        try:
            async with aclosing(client.record_changed(nouns=NOUNS)) as events:
                async for _ in events:
                    woken.set()
        except ClientError:
            await asyncio.sleep(PAUSE_S)


def show(database: sqlite3.Connection) -> None:
    """Print what there is: of opsplan how many, of our own each case and how it stands."""
    for noun, count, retired in database.execute("SELECT noun, count(*), sum(retired) FROM record GROUP BY noun"):
        print(f"{noun}: {count}, of which {retired} retired")
    for external_id, name, record_id, refusal, waits in database.execute(
        "SELECT external_id, name, record_id, refusal, external_id IN (SELECT external_id FROM outbox) "
        "FROM local_case ORDER BY external_id"
    ):
        state = "waits to be sent" if waits else f"refused: {refusal}" if refusal else f"is {record_id}"
        print(f"{external_id} ({name}) {state}")


def say(words: str) -> None:
    """Tell the operator."""
    print(words, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = argparse.ArgumentParser(description="A case system that keeps itself in step with opsplan.")
    reader.add_argument("--database", type=Path, default=Path("cases.sqlite"), help="its file (cases.sqlite)")
    reader.add_argument("--service", default="http://127.0.0.1:8000", help="address of opsplan (%(default)s)")
    reader.add_argument("--key", type=Path, help="key file, of `opsplan client new-key`")
    reader.add_argument("--agency", help="code of the agency; or how the issuer knows this client")
    reader.add_argument("--issuer", help="address of the issuer of tokens, where the service has not its own")
    reader.add_argument("--more", action="append", default=[], metavar="NAME=VALUE", help="for that issuer")
    verbs = reader.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="enter a case or change one; it is sent by the next sync")
    add.add_argument("name")
    add.add_argument("longitude", type=float)
    add.add_argument("latitude", type=float)
    add.add_argument("--id", help="the case's own id; a new one, when left out")
    verbs.add_parser("sync", help="send and take what there is, once")
    verbs.add_parser("follow", help="stay in step until stopped")
    verbs.add_parser("show", help="print what is stored")
    return reader.parse_args()


def main() -> int:
    """Do what the command line asks; gives the exit status."""
    given = arguments()
    with closing(open_database(given.database)) as database:
        if given.verb == "show":
            show(database)
            return 0
        if given.verb == "add":
            external_id = given.id or f"case-{uuid.uuid4().hex[:12]}"
            try:
                enter_case(database, external_id, given.name, given.longitude, given.latitude)
            except pydantic.ValidationError as failure:
                faults = [f"{each['loc'][-1]}: {each['msg']}" for each in failure.errors()]
                say(f"That is no case: {'; '.join(faults)}.")
                return 2
            print(external_id)
            return 0
        if given.key is None or given.agency is None:
            say("Give --key and --agency.")
            return 2
        try:
            asyncio.run(work(given, database))
        except ClientError as failure:
            say(str(failure))
            return 1
        except KeyboardInterrupt:
            return 0
        show(database)
    return 0


async def work(given: argparse.Namespace, database: sqlite3.Connection) -> None:
    """Speak to the service: once, or until stopped."""
    tokens = KeyTokens(
        read_key(given.key),
        issuer=given.issuer or given.service,
        client_id=given.agency,
        more=dict(each.partition("=")[::2] for each in given.more),
    )
    async with Client(given.service, tokens) as client:
        await (follow if given.verb == "follow" else synchronize)(client, database)


if __name__ == "__main__":
    sys.exit(main())
