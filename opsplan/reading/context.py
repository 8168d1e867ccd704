"""What reading needs to know of a request."""

from typing import Protocol

from opsplan.graph.driver import Graph
from opsplan.reading.trace import Trace
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock


class ReadingContext(Protocol):
    """What the context of a GraphQL request must have."""

    @property
    def graph(self) -> Graph:
        """The graph that is read."""

    @property
    def actor(self) -> Actor:
        """The reader."""

    @property
    def clock(self) -> Clock:
        """The clock that says what is now."""

    @property
    def trace(self) -> Trace | None:
        """Where it is noted how the operation is read; None unless somebody asked."""

    def charge(self, cost: int) -> None:
        """Charge the reader for statements that cost this much, before they go out; raise to refuse them."""
