"""The only wiring: from settings to a running service. Whoever wants to know what stands on what reads this file."""

import asyncio
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from opsplan.access.identity import Identity
from opsplan.access.issuer import ISSUER, LocalIssuer
from opsplan.access.kept import kept_secret
from opsplan.access.keys import FetchedKeys, Keys
from opsplan.access.tokens import TokenPolicy
from opsplan.calls.budget import Budgets, Share
from opsplan.calls.context import Surroundings
from opsplan.calls.door import Door
from opsplan.events.broadcast import Broadcast
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.memory import transaction_memory
from opsplan.graph.open import open_graph
from opsplan.graph.repeat import Bounds
from opsplan.languages import OWN_FOLDER, Languages
from opsplan.main.documents import limits_of, trusted_documents
from opsplan.main.memory import settle
from opsplan.nouns import LAWS
from opsplan.reading.cursors import CursorKey
from opsplan.reading.limits import LIMITS
from opsplan.reading.unseen import unseen
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, system_clock
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say
from opsplan.web.app import Parts, create_app
from opsplan.web.execution import Operations
from opsplan.web.health import Check, Fact, Readiness, Told
from opsplan.web.logs import set_up
from opsplan.web.metrics import Metrics, MetricsServer
from opsplan.web.schema import MakeApi, build_schema
from opsplan.web.token import token_routes


@dataclass(frozen=True, slots=True)
class Ground:
    """What a capability may stand on while the service runs.

    Attributes
    ----------
    graph, clock, settings
        The graph, the clock, and what the service was set up with.
    broadcast
        The commits of the graph.
    metrics
        Where it may count.
    """

    graph: Graph
    clock: Clock
    settings: Settings
    broadcast: Broadcast
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Capability:
    """What a capability brings to the running service beyond its nouns.

    Attributes
    ----------
    api
        Its fields of the schema.
    open
        Opens what it needs while the service runs, such as a worker, and gives parts for `Context.part`, by class.
    routes
        HTTP routes, such as downloads; they let callers in by the door.
    checks
        Parts of readiness.
    """

    api: MakeApi | None = None
    open: Callable[[Ground], AbstractAsyncContextManager[Mapping[type[Any], Any]]] | None = None
    routes: Callable[[Graph, Door], Sequence[BaseRoute]] | None = None
    checks: Callable[[Graph], Mapping[str, Check]] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is ready to answer.

    Attributes
    ----------
    app
        The ASGI app.
    graph
        The graph it stands on.
    issuer
        The local issuer; None where it is off.
    """

    app: Starlette
    graph: Graph
    issuer: LocalIssuer | None


def local_server(settings: Settings) -> LocalServerOptions:
    """Say how a local server is run."""
    return LocalServerOptions(data_dir=settings.data_dir, cache_dir=settings.cache_dir, heap_mb=settings.neo4j_heap_mb)


def address_of(settings: Settings) -> GraphAddress | LocalServerOptions:
    """Say where the graph is: at the server that is named, or on a local one in the data folder."""
    if settings.neo4j_uri is None:
        return local_server(settings)
    return GraphAddress(settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password or "", settings.neo4j_database)


@asynccontextmanager
async def open_service(
    settings: Settings, *, clock: Clock = system_clock, capabilities: Sequence[Capability] = ()
) -> AsyncIterator[Service]:
    """Open the graph and everything that stands on it; close all of it in reverse order.

    Raises
    ------
    SetupError
        If it cannot start as it is set up.
    """
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        cursors = CursorKey(await asyncio.to_thread(_cursor_secret, settings))
        built = build_schema(
            LAWS.catalogue,
            cursors,
            [each.api for each in capabilities if each.api is not None],
            policy=LAWS.readership,
            timeout_s=settings.request_seconds,
        )
        # Before the graph is opened and migrated: what cannot serve shall leave no trace there.
        limits = limits_of(settings)
        trusted = await asyncio.to_thread(
            trusted_documents, settings, built.reads, limits, lambda named: metrics.documents(named).inc()
        )
        translations = (OWN_FOLDER,) if settings.translations is None else (OWN_FOLDER, settings.translations)
        languages = await asyncio.to_thread(Languages.open_in, *translations)
        bounds = Bounds(timeout_s=settings.request_seconds)
        graph = await stack.enter_async_context(
            open_graph(address_of(settings), bounds, connections=settings.neo4j_connections, clock=clock)
        )
        budgets = _budgets(settings)
        # The service itself, identities and urgent changes find connections that other operations cannot take.
        ordinary = graph.share(settings.neo4j_ordinary_connections)
        if settings.metrics_port is not None:
            stack.callback(MetricsServer.start(metrics, settings.metrics_port).stop)
        issuer, identity = await _identity(settings, graph, stack)
        broadcast = await stack.enter_async_context(Broadcast(graph).running())
        ground = Ground(graph, clock, settings, broadcast, metrics)
        parts: dict[type[Any], Any] = {}
        for each in capabilities:
            if each.open is not None:
                parts |= await stack.enter_async_context(each.open(ground))
        checks: dict[str, Check] = {"graph": _graph_answers(graph)}
        routes: list[BaseRoute] = []

        async def sees(actor: Actor, record_id: str) -> bool:
            return not await unseen(LAWS.readership, LAWS.catalogue, [record_id], ordinary, actor)

        for each in capabilities:
            checks |= each.checks(graph) if each.checks else {}
            routes += each.routes(ordinary, Door(identity, budgets, sees)) if each.routes else ()
        if issuer is not None:
            routes += token_routes(ordinary, clock, issuer, settings.token_audience)
        readiness = Readiness(checks, {"transactionMemory": _transaction_memory(graph)})
        # What its operator should know is logged at the start, whether or not anybody asks.
        await readiness.told()
        app = create_app(
            Parts(
                operations=Operations(built.schema, limits, built.reads, trusted),
                identity=identity,
                surroundings=Surroundings(ordinary, graph, clock, LAWS, broadcast, parts),
                budgets=budgets,
                readiness=readiness,
                metrics=metrics,
                key_set=issuer.key_set if issuer else None,
                body_bytes=settings.body_bytes,
                request_s=settings.request_seconds,
                most_sockets=settings.sockets,
                extra_routes=routes,
                languages=languages,
            )
        )
        yield Service(app, graph, issuer)


async def _identity(settings: Settings, graph: Graph, stack: AsyncExitStack) -> tuple[LocalIssuer | None, Identity]:
    issuer: LocalIssuer | None = None
    keys: Keys
    if settings.token_jwks_url is not None:
        fetched = FetchedKeys(settings.token_jwks_url, refresh_s=settings.token_keys_refresh_seconds)
        stack.push_async_callback(fetched.close)
        keys = fetched
    else:
        issuer = await asyncio.to_thread(LocalIssuer.open_in, settings.data_dir)
        keys = issuer.keys
    policy = TokenPolicy(
        settings.token_issuer or ISSUER,
        settings.token_audience,
        settings.token_algorithms,
        float(settings.token_clock_skew_seconds),
    )
    return issuer, Identity(policy, keys, graph)


def _budgets(settings: Settings) -> Budgets:
    """Say what each agency may use; one operation must always fit."""
    for field, budget in (
        ("OPSPLAN_COST_PER_MINUTE", settings.cost_per_minute),
        ("OPSPLAN_URGENT_COST_PER_MINUTE", settings.urgent_cost_per_minute),
    ):
        if budget < LIMITS.largest_cost:
            raise SetupError(
                say(
                    "{field} is {budget:,}, and one operation may cost {largest_cost:,}: it could never be asked.",
                    field=field,
                    budget=budget,
                    largest_cost=LIMITS.largest_cost,
                ),
                field=field,
                value=budget,
                remedy=say("give {largest_cost} or more", largest_cost=LIMITS.largest_cost),
            )
    return Budgets(
        Share(settings.cost_per_minute, settings.operations_at_once),
        Share(settings.urgent_cost_per_minute, settings.urgent_operations_at_once),
        wait_s=settings.place_seconds,
    )


def _cursor_secret(settings: Settings) -> bytes:
    if settings.cursor_key is not None:
        return settings.cursor_key.encode()
    return kept_secret(settings.data_dir / "cursor-key", lambda: secrets.token_bytes(32))


def _graph_answers(graph: Graph) -> Check:
    async def check() -> str | None:
        await graph.read_rows("RETURN 1", timeout_s=1.5)
        return None

    return check


def _transaction_memory(graph: Graph) -> Fact:
    async def tell() -> Told:
        limit = await transaction_memory(graph)
        return Told({"setting": limit.setting, "value": limit.value, "limit": str(limit.kind)}, limit.warning)

    return tell


async def serve(
    settings: Settings,
    *,
    prepare: Callable[[Service, str], Awaitable[None]] | None = None,
    capabilities: Sequence[Capability] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests under way and close everything.

    `prepare` runs once the service is open and before it listens (loading an exercise, printing a token); it gets
    the address.
    """
    set_up(settings.log_level)
    async with open_service(settings, capabilities=capabilities) as service:
        listening = _listen(settings)
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            service.app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws_max_size=settings.body_bytes,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
        if prepare is not None:
            await prepare(service, f"http://{settings.host}:{port}")
        settle()
        await _Server(config).serve(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn, but a signal ends serving and no more: what was opened here is still to be closed.

    As it comes, uvicorn raises the signal again once it has stopped, which ends the process on the spot.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT end serving; a second SIGINT ends it without waiting for requests."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything is prepared, so that nothing is done in vain."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as failure:
        raise SetupError(
            say(
                "{host}:{port} cannot be listened on: {strerror}.",
                host=settings.host,
                port=settings.port,
                strerror=failure.strerror,
            ),
            field="OPSPLAN_PORT",
            value=settings.port,
            remedy=say("name a free port (0 takes any), and an address of this machine as OPSPLAN_HOST"),
        ) from failure
    # Connections inherit it. asyncio sets it only on sockets that it made itself; without it the second part of an
    # answer waits until the first is acknowledged, up to 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
