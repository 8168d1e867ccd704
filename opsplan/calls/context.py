"""What one operation knows of its surroundings: who asks, since when, under which id, and the parts it works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from opsplan.access.identity import Caller
from opsplan.calls.budget import Bill
from opsplan.events.broadcast import Broadcast
from opsplan.graph.driver import Graph
from opsplan.reading.trace import Trace
from opsplan.records.laws import Laws
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all operations of a process share.

    Attributes
    ----------
    graph, clock, laws
        The database, the clock, the catalogue with its rules.
    urgent_graph
        The same database for urgent changes, with the connections that `graph` leaves free.
    broadcast
        The commits of the graph, for subscriptions.
    parts
        What further capabilities put here for their own api modules, by class.
    """

    graph: Graph
    urgent_graph: Graph
    clock: Clock
    laws: Laws
    broadcast: Broadcast
    parts: Mapping[type[Any], Any] = field(default_factory=dict)

    def changed(self) -> None:
        """Say that something was written, so that subscriptions in this process hear of it at once."""
        self.broadcast.wake()


@dataclass(slots=True)
class Context:
    """The `context` of an operation; resolvers and compiled reads take it from GraphQL's info.

    Not frozen: a socket gets its caller only with its first message.

    Attributes
    ----------
    surroundings
        What all operations share.
    request_id
        Names this request in logs and change records.
    now
        The instant at which it came in, UTC; what "now" means in its filters.
    caller
        Who asks; None only until a socket has shown a token.
    authorization, connection_params
        What a socket's handshake and its first message carried; emptied once they are read.
    bill
        Where the operation's cost goes; None only on a socket, between its operations.
    urgent
        Whether it is a change that must not wait behind others.
    trace
        Where it is noted how the operation is read; None unless an administrator asked for it.
    exchanged
        What stands for the ids of records that the caller may not know of, with the ids as it gave them.
    """

    surroundings: Surroundings
    request_id: str
    now: datetime
    caller: Caller | None = None
    authorization: str | None = None
    connection_params: dict[str, object] | None = None
    bill: Bill | None = None
    urgent: bool = False
    trace: Trace | None = None
    exchanged: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """The actor behind the call."""
        if self.caller is None:
            raise RuntimeError("an operation began without a caller: identity was passed by")
        return self.caller.actor

    @property
    def graph(self) -> Graph:
        """The database."""
        return self.surroundings.urgent_graph if self.urgent else self.surroundings.graph

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.surroundings.clock

    @property
    def laws(self) -> Laws:
        """The catalogue and the rules of its nouns."""
        return self.surroundings.laws

    @property
    def now_text(self) -> str:
        """`now` as stored text."""
        return instant_text(self.now)

    def begin(self, cost: int, *, finishes: bool) -> None:
        """Charge what an operation is foreseen to cost, before anything of it is done.

        Parameters
        ----------
        finishes
            Whether it is finished once it has begun: what it costs beyond is charged then, and not refused.

        Raises
        ------
        RateLimited
            If the agency's budget does not hold it.
        """
        bill = self._bill()
        bill.prepay(cost)
        bill.may_be_refused = not finishes

    def charge(self, cost: int) -> None:
        """Charge the caller for statements that cost this much, before they go out.

        Raises
        ------
        RateLimited
            If it may be refused, and the agency's budget does not hold it.
        """
        self._bill().charge(cost)

    def _bill(self) -> Bill:
        if self.bill is None:
            raise RuntimeError("an operation began without a bill: its agency's budget was passed by")
        return self.bill

    def part(self, kind: type[Part]) -> Part:
        """Give the part of a class that the wiring put there; KeyError when it did not."""
        part: Part = self.surroundings.parts[kind]
        return part
