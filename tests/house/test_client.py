"""The typed client is what the schema and its documents make of it."""

from tests.house.client import differing


def test_the_client_is_as_made() -> None:
    """Made anew, it is the same, byte for byte; else run ``make client``."""
    assert differing() == []
