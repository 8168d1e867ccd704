"""What is sent: the bodies of messages, and the headers that sign them."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from standardwebhooks import Webhook

from opsplan.records.feed import Happened

CHANGED: Final = "records.changed"
TEST: Final = "webhook.test"
CHALLENGE: Final = "webhook.challenge"
MOST_CHANGES: Final = 100
"""Changes that one message tells of: about 12 kB, where the specification advises to stay below 20."""


def changed(endpoint_id: str, sequence: int, made_at: str, happened: Sequence[Happened]) -> bytes:
    """Give the body of a message that tells what has happened: ids and kinds, no content.

    Numbers of commits are left out: their gaps would tell how much happens that the reader may not know of.
    """
    changes = [{"recordId": each.record_id, "noun": each.noun, "kind": each.kind, "at": each.at} for each in happened]
    return _body(CHANGED, made_at, {"endpointId": endpoint_id, "sequence": sequence, "changes": changes})


def test(endpoint_id: str, at: str) -> bytes:
    """Give the body of a message that tells nothing."""
    return _body(TEST, at, {"endpointId": endpoint_id})


def challenge(endpoint_id: str, at: str, word: str) -> bytes:
    """Give the body of the message that asks for a word back."""
    return _body(CHALLENGE, at, {"endpointId": endpoint_id, "challenge": word})


def _body(kind: str, timestamp: str, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": kind, "timestamp": timestamp, "data": data})


def answers(word: str, answer: bytes) -> bool:
    """Whether an answer gives the word of a challenge back: as text alone, or as ``{"challenge": "…"}``.

    That the word is somewhere in it does not do: whoever sends back all that it gets has not read it.
    """
    text = answer.strip()
    if text == word.encode():
        return True
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return told == word or (isinstance(told, dict) and told.get("challenge") == word)


def headers(message_id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Give the headers of one attempt, signed by each of the secrets."""
    signatures = [Webhook(each).sign(message_id, at, body.decode()) for each in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def secret_text(secret: bytes) -> str:
    """Write a secret as the specification does: ``whsec_`` and base64.

    >>> secret_text(bytes(24))
    'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return f"whsec_{base64.b64encode(secret).decode('ascii')}"


def secret_of(text: str) -> bytes:
    """Read a secret as `secret_text` writes it.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        return base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error as failure:
        raise ValueError("this is no secret of a webhook") from failure
