"""The Starlette app: routes, and what every request passes. Built from parts; it makes none of them itself."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from opsplan.access.identity import Identity
from opsplan.calls.budget import Budgets
from opsplan.calls.context import Surroundings
from opsplan.languages import Languages
from opsplan.vocabulary.errors import OpsplanError
from opsplan.web.endpoint import Endpoint, refusal
from opsplan.web.execution import Operations
from opsplan.web.explorer import explorer, no_explorer
from opsplan.web.health import Readiness, alive
from opsplan.web.languages import InLanguage
from opsplan.web.metrics import Metrics
from opsplan.web.middleware import Envelope
from opsplan.web.socket import SocketEndpoint

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the app is built from.

    Attributes
    ----------
    operations
        Executes GraphQL.
    identity
        Tells callers from their tokens.
    surroundings
        What all operations share.
    budgets
        What each agency may use.
    readiness
        Tells whether the service is ready.
    key_set
        The local issuer's public keys; None where it is off.
    extra_routes
        Further routes, such as downloads. Each asks `identity` for its caller itself, and may raise any
        `OpsplanError`, which is answered with the status that fits.
    languages
        In which callers may have refusals and errors told.
    """

    operations: Operations
    identity: Identity
    surroundings: Surroundings
    budgets: Budgets
    readiness: Readiness
    metrics: Metrics
    key_set: Mapping[str, Any] | None = None
    body_bytes: int = 8_000_000
    request_s: float = 30.0
    most_sockets: int = 1_000
    extra_routes: Sequence[BaseRoute] = ()
    languages: Languages = field(default_factory=lambda: Languages({}))
    lifespan: Lifespan | None = None


def create_app(parts: Parts) -> Starlette:
    """Build the app."""
    endpoint = Endpoint(
        parts.operations,
        parts.identity,
        parts.surroundings,
        parts.budgets,
        parts.metrics,
        body_bytes=parts.body_bytes,
        request_s=parts.request_s,
        page=no_explorer if parts.operations.trusted.only else explorer,
    )
    socket = SocketEndpoint(
        parts.operations,
        parts.identity,
        parts.surroundings,
        parts.budgets,
        parts.metrics,
        most_sockets=parts.most_sockets,
    )
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", socket),
        Route("/", _to_the_page, methods=["GET"]),
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", parts.readiness.answer, methods=["GET"]),
        *parts.extra_routes,
    ]
    if parts.key_set is not None:
        routes.append(Route("/.well-known/jwks.json", _key_set(parts.key_set), methods=["GET"]))
    counted = [route.path for route in routes if isinstance(route, Route) and "{" not in route.path]
    return Starlette(
        routes=routes,
        lifespan=parts.lifespan,
        exception_handlers={OpsplanError: refusal},
        middleware=[
            Middleware(Envelope, metrics=parts.metrics, routes=counted),
            *([Middleware(InLanguage, languages=parts.languages)] if len(parts.languages.tags) > 1 else ()),
        ],
    )


async def _to_the_page(_: Request) -> Response:
    return Response(status_code=307, headers={"location": "/graphql"})


def _key_set(key_set: Mapping[str, Any]) -> Callable[[Request], Any]:
    async def answer(_: Request) -> Response:
        return JSONResponse(dict(key_set), headers={"cache-control": "public, max-age=300"})

    return answer
