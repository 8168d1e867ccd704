"""What a worker reads and writes about the endpoints that it tells: it holds only while the lease is its own."""

import os
import secrets
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.marking import Marking
from opsplan.vocabulary.sentences import Sentence
from opsplan.webhooks.dispatch import Receiver
from opsplan.webhooks.model import WEBHOOK_DELIVERY, WebhookDeliveryState, WebhookEndpointState
from opsplan.webhooks.service.own import change_own
from opsplan.webhooks.service.telling import Stretch
from opsplan.webhooks.store import deliveries, tails
from opsplan.webhooks.store.endpoints import LOCK_ENDPOINT

COURIER = Actor("service:webhooks", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)
"""Who a worker is in the history."""

_MOST_CLAIMED: Final = 200
_MOST_REMOVED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is under way."""

    id: str
    sequence: int
    attempts: int
    made_at: str
    next_attempt_at: datetime
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Head:
    """An endpoint as its worker finds it: the place behind which it is told, and the delivery under way, if any."""

    place: tuple[int, int]
    owner_id: str
    nouns: tuple[str, ...]
    exercise: bool
    failing_since: str | None
    receiver: Receiver
    waiting: Waiting | None


class Desk:
    """A worker's hand on endpoints.

    Parameters
    ----------
    graph, clock, laws
        As `write` takes them.
    lease_s
        Seconds that a lease holds without being renewed.
    """

    def __init__(self, graph: Graph, clock: Clock, laws: Laws, *, lease_s: float) -> None:
        self.graph = graph
        self.clock = clock
        self.laws = laws
        self._name = f"{socket.gethostname()}-{os.getpid()}"
        # The fence: a random word of this very worker.
        self._attempt = secrets.token_hex(8)
        self._lease_ms = int(lease_s * 1000)

    async def claim(self) -> list[str]:
        """Take the endpoints that nobody tells, and give their ids."""
        free = [row[0] for row in await self.graph.read_rows(tails.FREE_TAILS, {"most": _MOST_CLAIMED})]
        if not free:
            return []

        async def work(tx: Tx) -> list[dict[str, Any]]:
            await tx.run(tails.LOCK_TAILS, endpoints=free)
            return await tx.run(
                tails.CLAIM_TAILS, endpoints=free, worker=self._name, attempt=self._attempt, lease_ms=self._lease_ms
            )

        return [row["id"] for row in await self.graph.write(work)]

    async def renew(self, endpoints: Collection[str]) -> set[str]:
        """Hold the leases for another while, and give those that are still this worker's."""
        given = {"endpoints": sorted(endpoints), "attempt": self._attempt, "lease_ms": self._lease_ms}
        return {row["id"] for row in await self.graph.write(lambda tx: tx.run(tails.RENEW_TAILS, **given))}

    async def leave(self, endpoint_id: str) -> None:
        """Let another worker tell the endpoint."""
        given = {"endpoint": endpoint_id, "attempt": self._attempt}
        await self.graph.write(lambda tx: tx.run(tails.LEAVE_TAIL, **given))

    async def head(self, endpoint_id: str) -> Head | None:
        """Give an endpoint as it stands; None where this worker shall tell it no more."""
        given = {"endpoint": endpoint_id, "attempt": self._attempt, "now": instant_text(self.clock())}
        row = await self.graph.read(lambda tx: tx.single(tails.HEAD, **given))
        if row is None:
            return None
        return Head(
            (row["number"], row["ordinal"]),
            row["owner_id"],
            tuple(row["nouns"]),
            row["exercise"],
            row["failing_since"],
            Receiver(endpoint_id, row["url"], row["secrets"]),
            _waiting(row["waiting"]),
        )

    async def pass_over(self, head: Head, known: tuple[int, int], place: tuple[int, int]) -> bool:
        """Move on to a place up to which there is nothing to tell; say whether that was this worker's to do."""
        given = {
            "endpoint": head.receiver.endpoint_id,
            "attempt": self._attempt,
            "nouns": list(head.nouns),
            "known_number": known[0],
            "known_ordinal": known[1],
            "number": place[0],
            "ordinal": place[1],
        }
        return await self.graph.write(lambda tx: tx.single(tails.MOVE_TAIL, **given)) is not None

    async def open(self, head: Head, known: tuple[int, int], stretch: Stretch, changes: int) -> Head | None:
        """Make the delivery of a stretch of the feed; None where that is not this worker's to do any more.

        From then on it is sent until it arrives or is given up, whoever tells the endpoint.
        """
        now = self.clock()
        text, delivery_id = instant_text(now), mint(WEBHOOK_DELIVERY.name)
        standard = {
            "owner_id": head.owner_id,
            "version": 1,
            "exercise": head.exercise,
            "marking": Marking.TLP_AMBER.name,
            "created_at": text,
            "created_by": COURIER.subject,
            "changed_at": text,
            "changed_by": COURIER.subject,
        }
        own = {"state": WebhookDeliveryState.WAITING.name, "changes": changes, "attempts": 0, "next_attempt_at": text}
        given = {
            "endpoint": head.receiver.endpoint_id,
            "attempt": self._attempt,
            "known_number": known[0],
            "known_ordinal": known[1],
            "range": stretch.properties,
            "properties": {"id": delivery_id, **own, **standard},
            "now": text,
        }
        row = await self.graph.write(lambda tx: tx.single(deliveries.OPEN_DELIVERY, **given))
        if row is None:
            return None
        return Head(
            (stretch.to_number, stretch.to_ordinal),
            head.owner_id,
            head.nouns,
            head.exercise,
            row["failing_since"],
            Receiver(head.receiver.endpoint_id, row["url"], row["secrets"]),
            Waiting(delivery_id, row["sequence"], 0, text, now, stretch),
        )

    async def close(
        self, endpoint_id: str, delivery_id: str, properties: Mapping[str, Any], told: Mapping[str, Any]
    ) -> bool:
        """Keep what came of an attempt, of the delivery and the endpoint; say whether that was this worker's to do."""
        given = {
            "endpoint": endpoint_id,
            "attempt": self._attempt,
            "delivery": delivery_id,
            "properties": dict(properties),
            "told": dict(told),
        }
        return await self.graph.write(lambda tx: tx.single(deliveries.CLOSE_ATTEMPT, **given)) is not None

    async def disable(self, endpoint_id: str, why: Sentence) -> None:
        """Tell an endpoint nothing any more until it is proven anew. Its agency finds that in the feed."""

        async def work(writing: Writing) -> None:
            row = await writing.tx.single(LOCK_ENDPOINT, endpoint=endpoint_id)
            if row is None or row["properties"]["state"] != WebhookEndpointState.ACTIVE.name:
                return
            after = {"state": WebhookEndpointState.DISABLED.name, "state_reason": str(why)}
            await change_own(writing, endpoint_id, row["properties"], after, why)

        request_id = f"webhooks-{secrets.token_hex(4)}"
        await write(self.graph, COURIER, self.clock, work, laws=self.laws, request_id=request_id)

    async def remove_old(self, before: datetime) -> int:
        """Remove deliveries that are over and were made before an instant; give how many."""
        given = {"before": instant_text(before), "most": _MOST_REMOVED}
        ids: Sequence[str] = [row[0] for row in await self.graph.read_rows(deliveries.OLD_DELIVERIES, given)]
        if ids:
            await self.graph.write(lambda tx: tx.run(deliveries.REMOVE_DELIVERIES, ids=list(ids)))
        return len(ids)


def _waiting(rows: Sequence[Mapping[str, Any]]) -> Waiting | None:
    if not rows:
        return None
    (row,) = rows
    return Waiting(
        row["id"],
        row["sequence"],
        row["attempts"],
        row["made_at"],
        instant_from_text(row["next_attempt_at"]),
        Stretch.of(row["range"]),
    )
