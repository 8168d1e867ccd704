"""Fixtures: the small operation that scheduling's tests have."""

from tests.opsplan.scheduling.conftest import theatre

__all__ = ["theatre"]
