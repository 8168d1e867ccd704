"""What a value that cannot be stored is refused with."""

from collections.abc import Callable
from typing import Any, TypeAlias

from opsplan.vocabulary.sentences import Sentence

ToStored: TypeAlias = Callable[[Any], Any]
"""From a raw value, never None, to the stored one; raises `Wrong`."""


class Wrong(Exception):
    """A value that cannot be stored: what is wrong, and what to do."""

    def __init__(self, message: Sentence, remedy: Sentence) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
