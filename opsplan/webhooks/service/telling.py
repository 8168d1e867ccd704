"""What there is to tell an endpoint: the feed of changes, with the eyes of its agency."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.reading.telling import happened_for
from opsplan.records.feed import Happened
from opsplan.records.laws import Laws
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock

END_OF_COMMIT = 2**31 - 1
"""Behind the last change of any commit."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the feed: behind one place (commit, ordinal), up to another one and with it.

    `nouns` are the kinds of records that it tells of; all, when empty.
    """

    number: int
    ordinal: int
    to_number: int
    to_ordinal: int
    nouns: tuple[str, ...] = ()

    @property
    def properties(self) -> dict[str, Any]:
        """It as a node keeps it."""
        return {**asdict(self), "nouns": list(self.nouns)}

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> "Stretch":
        """Read it back."""
        return cls(**{**properties, "nouns": tuple(properties["nouns"])})


@dataclass(frozen=True, slots=True)
class _Reading:
    """The context of a read for which nobody has asked: it is on nobody's bill."""

    graph: Graph
    actor: Actor
    clock: Clock
    trace: None = None

    def charge(self, cost: int) -> None:
        del cost


def reader_of(agency_id: str) -> Actor:
    """Give who reads for an agency's endpoints: somebody of that agency, and no more."""
    return Actor("service:webhooks", agency_id, roles=frozenset({Role.READER}))


async def happened_in(
    graph: Graph, laws: Laws, clock: Clock, agency_id: str, stretch: Stretch, limit: int
) -> Sequence[Happened]:
    """Give up to `limit` changes of a stretch of the feed that may be told to an agency now, in order.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    found = await happened_for(
        laws.readership,
        laws.catalogue,
        (stretch.number, stretch.ordinal),
        limit,
        _Reading(graph, reader_of(agency_id), clock),
        nouns=stretch.nouns or None,
        last=stretch.to_number,
    )
    end = (stretch.to_number, stretch.to_ordinal)
    return [each for each in found if (each.number, each.ordinal) <= end]
