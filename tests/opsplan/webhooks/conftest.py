# Fixture strategy: one certificate authority and one TLS receiver on loopback per session; each test has a path of its
# own there. Telling is tested by an office over the session's Neo4j, in agencies of the test's own, so that tests share
# the graph in peace; what callers see, by a service in a thread; kills, by a service in another process.
"""Fixtures of the webhook tests: a receiver, and an office that tells it."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from opsplan.events.broadcast import Broadcast
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import LAWS
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock
from opsplan.webhooks import service
from opsplan.webhooks.sending import Attempt, Limits, SystemResolver
from opsplan.webhooks.worker import Options, WebhookOffice, open_office
from tests.opsplan.records.world import World
from tests.opsplan.webhooks.receiver import Receiver, make_authority

OPEN_NETWORKS = (ip_network("127.0.0.0/8"),)
KEY = b"a key of the tests alone, and long enough"


def soon(attempts: int, _chance: float, wish: timedelta | None = None) -> timedelta | None:
    """Try again at once, ten times; or when the endpoint wishes."""
    return None if attempts >= 10 else max(timedelta(milliseconds=20), wish or timedelta(0))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Give the file of an authority, and the TLS of a server that it vouches for."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def receiver(authority: tuple[Path, Any]) -> Iterator[Receiver]:
    """Run a receiver."""
    with Receiver(authority[1]).serving() as running:
        yield running


@pytest.fixture
def path() -> str:
    """Give a path at the receiver that no other test uses."""
    return f"/{secrets.token_hex(8)}"


@pytest.fixture
def limits(authority: tuple[Path, Any], receiver: Receiver) -> Limits:
    """Give limits within which the receiver may be called, for two seconds at most."""
    return Limits(2.0, (443, receiver.port), OPEN_NETWORKS, authority[0])


@pytest.fixture
async def system_resolver() -> AsyncIterator[SystemResolver]:
    """Give the machine's resolver."""
    resolver = SystemResolver()
    yield resolver
    resolver.close()


@pytest.fixture
async def world(graph: Graph) -> World:
    """Give agencies of the test's own; nobody is left to be told by others' endpoints."""
    if not await graph.read_rows("MATCH (n:Reference {id: 'country_kh'}) RETURN n.id"):
        await keep_countries(graph)
    await graph.run_outside("MATCH (n:WebhookEndpoint) SET n.state = 'PAUSED'")
    return await World(graph).open()


@dataclass
class Told:
    """An office, and what agencies do with their endpoints there."""

    office: WebhookOffice
    world: World

    async def register(self, url: str, *nouns: str, agency: str = "A") -> tuple[str, str]:
        """Register an endpoint; give its id and secret."""
        made = await service.register_endpoint(
            **self.asking(agency),
            sealing=self.office.sealing,
            ports=self.office.limits.ports,
            url=url,
            description=None,
            nouns=nouns,
        )
        assert made.secret is not None
        return made.endpoint_id, made.secret

    async def prove(self, endpoint_id: str, *, agency: str = "A", from_now: bool = False) -> Attempt:
        """Prove it, and have it told."""
        attempt = await service.prove_endpoint(
            **self.asking(agency), dispatch=self.office.dispatch, endpoint_id=endpoint_id, from_now=from_now
        )
        self.office.nudge(endpoint_id)
        return attempt

    async def active(self, url: str, *nouns: str, agency: str = "A") -> tuple[str, str]:
        """Register and prove an endpoint."""
        endpoint_id, secret = await self.register(url, *(nouns or ("Compound",)), agency=agency)
        attempt = await self.prove(endpoint_id, agency=agency)
        assert attempt.is_ok, attempt
        return endpoint_id, secret

    def asking(self, agency: str = "A") -> dict[str, Any]:
        """Give what every service takes."""
        actor = self.world.actor(agency, Role.COORDINATOR)
        return {
            "graph": self.world.graph,
            "actor": actor,
            "clock": system_clock,
            "laws": LAWS,
            "request_id": "test",
        }

    async def endpoint(self, endpoint_id: str) -> dict[str, Any]:
        """Give an endpoint as it stands."""
        ((found,),) = await self.world.graph.read_rows(
            "MATCH (n:WebhookEndpoint {id: $id}) RETURN properties(n)", {"id": endpoint_id}
        )
        return dict(found)

    async def deliveries(self, endpoint_id: str) -> list[dict[str, Any]]:
        """Give what was sent to it, in order."""
        rows = await self.world.graph.read_rows(
            "MATCH (n:WebhookDelivery)-[:DELIVERY_TO]->({id: $id}) RETURN properties(n) ORDER BY n.sequence",
            {"id": endpoint_id},
        )
        return [dict(row[0]) for row in rows]


Opening = Callable[..., AbstractAsyncContextManager[Told]]


@pytest.fixture
def telling(world: World, limits: Limits) -> Opening:
    """Give a way to open offices, as many as a test wants."""

    @asynccontextmanager
    async def opened(resolve: Any = None, **more: Any) -> AsyncIterator[Told]:
        options = Options(KEY, limits, lease_s=1.5, pause_s=0.1, pause=soon)
        async with (
            Broadcast(world.graph, pause_s=0.05).running() as broadcast,
            open_office(
                world.graph, system_clock, LAWS, broadcast, replace(options, **more), resolve=resolve
            ) as office,
        ):
            yield Told(office, world)

    return opened
