"""Cursors that can be read: so that both readers' cursors can be equal byte for byte. Sealing has tests of its own."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from opsplan.reading.cursors import CursorKey


class PlainCursors(CursorKey):
    """Cursors that hide nothing and are bound to nothing."""

    def __init__(self) -> None:
        super().__init__(b"not used by plain cursors")

    def seal(self, place: Sequence[Any], bound_to: list[bytes]) -> str:
        return plain_cursor(place)

    def open(self, cursor: str, bound_to: list[bytes], *, field: str) -> list[Any]:
        return plain_place(cursor)


PLAIN_CURSORS = PlainCursors()
"""One for all tests, so that desks with it share a schema."""


def plain_cursor(place: Sequence[Any]) -> str:
    """Write a place as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode()


def plain_place(cursor: str) -> list[Any]:
    """Read it back."""
    place: list[Any] = json.loads(base64.urlsafe_b64decode(cursor))
    return place
