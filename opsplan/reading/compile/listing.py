"""How the records of one list are found, without regard to its page."""

from dataclasses import dataclass

from opsplan.reading.compile.conditions import where
from opsplan.reading.compile.order import Key


@dataclass(frozen=True, slots=True)
class Start:
    """Where the records of a list are found.

    Attributes
    ----------
    text, conditions
        Cypher that binds them, and what must hold of them.
    counted
        The same where order does not matter, so that the server may begin wherever it likes.
    """

    text: str
    conditions: list[str]
    counted: str


@dataclass(frozen=True, slots=True)
class Listing:
    """How the records of a list are found, and their order."""

    start: Start
    keys: list[Key]

    def label(self, at: str) -> str:
        """What a cursor says of the list and its order."""
        order = " ".join(f"{key.name}{'-' if key.descending else '+'}" for key in self.keys)
        return f"{at} {order}"

    def places(self, parameter: str) -> list[str]:
        """The expressions of the sort keys in a cursor's parameter."""
        return [f"{parameter}.k{at}" for at in range(len(self.keys))]


def start_of(text: str, conditions: list[str]) -> Start:
    """Give a start whose records are counted as they are found."""
    return Start(text, conditions, f"{text}{where(conditions)}")
