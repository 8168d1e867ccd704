"""What a value that cannot be stored is refused with."""

from collections.abc import Callable
from typing import Any, TypeAlias

ToStored: TypeAlias = Callable[[Any], Any]
"""From a raw value, never None, to the stored one; raises `Wrong`."""


class Wrong(Exception):
    """A value that cannot be stored: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
