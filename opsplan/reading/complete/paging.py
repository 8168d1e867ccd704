"""Cursors as completers make and check them."""

from typing import Any

from opsplan.reading.cursors import CursorKey, foreign


def make_cursor(seal: tuple[CursorKey, list[bytes]], place: list[Any]) -> str:
    """Make the cursor of a record: its sort keys, its id, the id of the record whose list it is."""
    key, bound_to = seal
    return key.seal(place, bound_to)


def check_parent(sealed_parent: Any, parent: Any, name: str) -> None:
    """Check that the cursor given as `name` was made for this very record's list.

    Raises
    ------
    Invalid
        If it was made for the same list of another record.
    """
    if sealed_parent != parent:
        raise foreign("", name)
