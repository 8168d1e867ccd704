"""Fixtures: the small operation that scheduling's tests have, with a published plan."""

from tests.opsplan.scheduling.conftest import theatre

__all__ = ["theatre"]
