"""Cursors: where a page ended, sealed so that nobody can read, change or carry one elsewhere.

A cursor holds the sort keys and the id of a record, encrypted and authenticated with AES-SIV (RFC 5297), bound to the
reader, the list and its order. It needs no memory of the service and stays good over restarts while the key is the
same. Pages go on behind the record's place, so a record that is deleted or changed in between does no harm.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_SHORTEST_SECRET = 16
_LONGEST_CURSOR = 4_096


class CursorKey:
    """The key that seals cursors.

    Parameters
    ----------
    secret
        At least 16 random bytes, the same for all processes of a service.

    Raises
    ------
    ValueError
        If it is shorter.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"the cursor secret has {len(secret)} bytes; give at least {_SHORTEST_SECRET} random ones")
        key = HKDF(hashes.SHA256(), length=64, salt=None, info=b"opsplan cursors 1").derive(secret)
        self._cipher = AESSIV(key)

    def seal(self, place: Sequence[Any], bound_to: list[bytes]) -> str:
        """Make the cursor of a place: sort keys, id, and the id of the record whose list it is."""
        sealed = self._cipher.encrypt(orjson.dumps(place), bound_to)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")

    def open(self, cursor: str, bound_to: list[bytes], *, field: str) -> list[Any]:
        """Read a cursor back.

        Raises
        ------
        Invalid
            If it is no cursor, or was made for another reader, list or order.
        """
        try:
            if len(cursor) > _LONGEST_CURSOR:
                raise ValueError
            sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            place: list[Any] = orjson.loads(self._cipher.decrypt(sealed, bound_to))
        except (InvalidTag, binascii.Error, ValueError):
            raise foreign(cursor, field) from None
        return place


def foreign(cursor: str, field: str) -> Invalid:
    """Make the error for a cursor that does not belong here."""
    return Invalid(
        say(
            "{field}: this cursor was not made for this list, with this filter and order, and this reader.", field=field
        ),
        field=field,
        value=cursor[:80] or None,
        remedy=say("begin with the first page, or give a cursor that this very list returned"),
    )
