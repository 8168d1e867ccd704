"""The idempotency key of a mutation: what may be one, and what a request under it must not change."""

import re
from typing import Any

from opsplan.records.writing import IdempotencyKey, request_hash
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

KEY_WORDS = (
    "A key of your own for this request, 8 to 200 printable ASCII characters. A repetition with the same key has no "
    "effect and gives the record again; with other arguments it is refused."
)
"""What the schema says of the argument `idempotencyKey`."""

_KEY = re.compile(r"[\x21-\x7e]{8,200}")


def idempotency_key(field: str, key: str | None, arguments: Any) -> IdempotencyKey | None:
    """Give the key under which a mutation is done once; None where the caller names none.

    Parameters
    ----------
    field
        The mutation's name.
    key
        As the caller gave it.
    arguments
        What must be the same when the key comes again: a JSON value.

    Raises
    ------
    Invalid
        If it cannot be a key.
    """
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Invalid(
            say("idempotencyKey: this cannot be a key."),
            field="idempotencyKey",
            value=key[:200],
            remedy=say("give 8 to 200 printable ASCII characters without blanks, new for each request, e.g. a UUID"),
        )
    return IdempotencyKey(key, request_hash(field, arguments))
