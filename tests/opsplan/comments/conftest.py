"""Fixtures: the theatre of scheduling's tests, for comments on plans."""

from tests.opsplan.scheduling.conftest import theatre

__all__ = ["theatre"]
