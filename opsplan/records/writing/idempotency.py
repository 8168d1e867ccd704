"""Idempotency keys: the first answer is stored in the transaction of its write and given again on every replay."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import IdempotencyConflict
from opsplan.vocabulary.sentences import say

TAKE_KEY = Query(
    "records.take_idempotency_key",
    Mode.WRITE,
    """
    MERGE (key:IdempotencyKey {key: $key})
    ON CREATE SET key.request_hash = $request_hash, key.at = $at
    RETURN key.request_hash AS request_hash, key.response_json AS response_json
    """,
)
TAKE_ONCE = Query(
    "records.take_once",
    Mode.WRITE,
    """
    MERGE (key:IdempotencyKey {key: $key})
    ON CREATE SET key.request_hash = $mark, key.at = $at
    RETURN key.request_hash = $mark AS is_first
    """,
)
STORE_ANSWER = Query(
    "records.store_idempotent_answer",
    Mode.WRITE,
    "MATCH (key:IdempotencyKey {key: $key}) SET key.response_json = $response_json",
)


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A key that a caller chose for one request, and a hash of the request.

    Attributes
    ----------
    key
        As the caller gave it; scoped to the caller by the writer.
    request_hash
        From `request_hash`, over the operation and its arguments.
    """

    key: str
    request_hash: str


def request_hash(operation: str, arguments: Any) -> str:
    """Hash what is asked for: the operation's name and its arguments, a JSON value."""
    return hashlib.sha256(canonical_json([operation, arguments]).encode()).hexdigest()


async def take_once(tx: Tx, key: str, now: str) -> bool:
    """Take a key that is good once, and say whether this was the time; whoever is second waits for the first."""
    row = await tx.single(TAKE_ONCE, key=key, mark=secrets.token_hex(16), at=now)
    return bool(row and row["is_first"])


def scoped(actor: Actor, key: IdempotencyKey) -> str:
    """Give the stored form: two callers may use the same key and never meet."""
    return f"{actor.agency_id or actor.subject}|{key.key}"


async def stored_answer(tx: Tx, actor: Actor, key: IdempotencyKey, now: str) -> tuple[bool, Any]:
    """Take the key in this transaction; say whether an answer is stored under it, and which.

    A second request with the same key waits here until the first has committed or failed.

    Raises
    ------
    IdempotencyConflict
        When the key was used with other arguments.
    """
    row = await tx.single(TAKE_KEY, key=scoped(actor, key), request_hash=key.request_hash, at=now)
    assert row is not None
    if row["request_hash"] != key.request_hash:
        raise IdempotencyConflict(
            say("This idempotency key was used before with other arguments."),
            field="idempotencyKey",
            value=key.key,
            remedy=say("use a new key for a new request"),
        )
    if row["response_json"] is None:
        return False, None
    return True, json.loads(row["response_json"])


def store_answer(tx: Tx, actor: Actor, key: IdempotencyKey, answer: Any) -> None:
    """Keep the answer under the key, in the same transaction, with what it writes next."""
    tx.ask(STORE_ANSWER, key=scoped(actor, key), response_json=canonical_json(answer))
