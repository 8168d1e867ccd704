"""``/graphql`` over HTTP: who asks, what, within what time, and the answer with its status and media type."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import orjson
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from opsplan.access.identity import Caller, Identity
from opsplan.access.refusal import Unauthenticated
from opsplan.calls.budget import Account, Bill, Budgets
from opsplan.calls.context import Context, Surroundings
from opsplan.calls.errors import MASKED, describe
from opsplan.vocabulary.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    OpsplanError,
    RateLimited,
    Unavailable,
)
from opsplan.vocabulary.sentences import say
from opsplan.web.charging import headers_of, over, refused_by_budget, share_of, tell_cost
from opsplan.web.debugging import DEBUG, trace_asked
from opsplan.web.documents.trusted import DocumentNotFound, DocumentNotTrusted, PersistedQueryNotFound
from opsplan.web.execution import Chosen, Operations, Outcome, is_long
from opsplan.web.metrics import Metrics
from opsplan.web.middleware import NOTED
from opsplan.web.requests import (
    JSON,
    GraphQLRequest,
    RefusedRequest,
    RequestTimedOut,
    answer_type,
    of_get,
    of_post,
)

Result = TypeVar("Result")

_STATUS: tuple[tuple[type[OpsplanError], int], ...] = (
    (Unauthenticated, 401),
    (Invalid, 400),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (RateLimited, 429),
    (Unavailable, 503),
)
"""The HTTP status of refusals outside of GraphQL."""

_STATUS_OF_CODE: dict[object, int] = {
    DocumentNotFound.code: 404,
    PersistedQueryNotFound.code: 404,
    DocumentNotTrusted.code: 403,
}
"""The HTTP status of answers without data whose code has one of its own, by the newer media type."""

_WATCHED_AFTER_S = 0.05
"""Seconds of work after which it is watched whether the caller is still there."""

_FAILED = frozenset({MASKED, "UNAVAILABLE", "TIMED_OUT", "OUT_OF_MEMORY", "SETUP", "OUTCOME_UNKNOWN"})
"""Codes that are the service's fault."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers GraphQL requests over HTTP.

    Attributes
    ----------
    operations, identity, surroundings, budgets, metrics
        Its parts.
    body_bytes
        Longest body.
    request_s
        Seconds that a request may take.
    page
        The page that a browser gets, HTML, with the headers that it needs.
    """

    operations: Operations
    identity: Identity
    surroundings: Surroundings
    budgets: Budgets
    metrics: Metrics
    body_bytes: int
    request_s: float
    page: Callable[[], HTMLResponse]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as an ASGI app: without what Starlette puts around a function for each call of it."""
        response = await self.answer(Request(scope, receive, send))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Give the answer to one request."""
        if request.method == "GET" and not _names_document(request) and _wants_page(request):
            return self.page()
        media = JSON
        try:
            media = answer_type(request.headers.get("accept"))
            # Nothing of a caller without a token is read, not even the body.
            caller = await self.identity.of_header(request.headers.get("authorization"))
            asked = of_get(request) if request.method == "GET" else await of_post(request, self.body_bytes)
            outcome, headers = await self._in_time(asked, caller, request)
        except OpsplanError as refused:
            return _of(refused, media)
        body = orjson.dumps(outcome.content(), option=orjson.OPT_NON_STR_KEYS)
        return _response(body, _status(outcome, media), media, headers)

    async def _in_time(self, asked: GraphQLRequest, caller: Caller, request: Request) -> tuple[Outcome, dict[str, str]]:
        received = time.perf_counter()
        trace = trace_asked(asked.extensions, caller.actor) if asked.extensions else None
        chosen = self.operations.choose(asked) if not is_long(asked) else await self._prepared(asked)
        if isinstance(chosen, Outcome):
            return self._noted(chosen, 0.0, request), {}
        if request.method == "GET" and chosen.kind is not OperationType.QUERY:
            raise RefusedRequest(
                405, say("By GET only queries are taken."), remedy=say("send it by POST"), headers={"allow": "POST"}
            )
        for element in chosen.prepared.deprecated:
            self.metrics.deprecated_uses(caller.actor.agency_code, element).inc()
        urgent = self.operations.is_urgent(chosen)
        bill = Bill(self.budgets.of(caller.actor, urgent=urgent))
        context = Context(
            self.surroundings,
            request.state.request_id,
            self.surroundings.clock(),
            caller,
            bill=bill,
            urgent=urgent,
            trace=trace,
        )
        # A change under way is finished even if nobody waits for the answer any more.
        finishes = chosen.kind is not OperationType.QUERY
        share, begun = share_of(urgent=urgent), time.perf_counter()
        try:
            async with asyncio.timeout(self.request_s):
                outcome = await self._in_turn(chosen, context, bill.account, request, finishes=finishes)
        except TimeoutError:
            raise self._timed_out(finishes=finishes) from None
        finally:
            self.metrics.cost(chosen.kind.value, share).inc(bill.charged)
        standing, refusal = tell_cost(outcome, bill, bill.charged), over(outcome)
        if trace is not None:
            trace.timings = {
                "prepareMs": (begun - received) * 1_000,
                "executeMs": (time.perf_counter() - begun) * 1_000,
            }
            outcome.extensions[DEBUG] = trace.shown()
        if refusal is not None:
            self.metrics.rate_limited(refusal["over"], share).inc()
        noted = self._noted(outcome, time.perf_counter() - begun, request, chosen.trusted, bill.charged)
        return noted, headers_of(bill.account, standing, share, refusal)

    async def _prepared(self, asked: GraphQLRequest) -> Chosen | Outcome:
        """Have a long document prepared, which takes its turn, within a request's time."""
        try:
            async with asyncio.timeout(self.request_s):
                return await self.operations.chosen(asked)
        except TimeoutError:
            raise self._timed_out(finishes=False) from None

    def _timed_out(self, *, finishes: bool) -> RequestTimedOut:
        remedy = (
            say("a change may stand or not: repeat it with the same idempotency key")
            if finishes
            else say("narrow it down")
        )
        return RequestTimedOut(
            504,
            say("This took longer than {request_s:g} s and was ended.", request_s=self.request_s),
            remedy=say("ask for less at once; {remedy}", remedy=remedy),
        )

    async def _in_turn(
        self, chosen: Chosen, context: Context, account: Account, request: Request, *, finishes: bool
    ) -> Outcome:
        """Answer an operation when its agency has a place for it."""
        has_begun = asyncio.Event()

        async def answer() -> Outcome:
            async with account.place():
                has_begun.set()
                return await self.operations.answer(chosen, context)

        with self.metrics.under_way(share_of(urgent=context.urgent)).track_inprogress():
            try:
                return await while_connected(answer(), request, unless=has_begun if finishes else None)
            except RateLimited as refused:
                return refused_by_budget(refused)

    def _noted(
        self, outcome: Outcome, spent_s: float, request: Request, trusted: str | None = None, cost: int = 0
    ) -> Outcome:
        kind = outcome.kind.value if outcome.kind else "none"
        self.metrics.operations(kind, "yes" if outcome.errors else "no").inc()
        self.metrics.seconds(kind).observe(spent_s)
        request.scope["state"][NOTED] = {
            "operation": kind,
            "trusted": trusted,
            "cost": cost,
            "codes": sorted({str((error.extensions or {}).get("code")) for error in outcome.errors}),
        }
        return outcome


async def while_connected(work: Awaitable[Result], request: Request, *, unless: asyncio.Event | None = None) -> Result:
    """Do the work; when the caller leaves meanwhile, end it, and with it its transaction on the server.

    Parameters
    ----------
    unless
        When it is set by then, the work is finished all the same.

    Raises
    ------
    RefusedRequest
        When the caller has left: there is nobody to answer.
    """
    doing = asyncio.current_task()
    assert doing is not None, "a coroutine runs in a task"
    has_left = False

    async def watch() -> None:
        nonlocal has_left
        while (await request.receive())["type"] != "http.disconnect":
            pass
        if unless is None or not unless.is_set():
            has_left = True
            doing.cancel()

    watching: asyncio.Task[None] | None = None

    def begin() -> None:
        nonlocal watching
        watching = asyncio.ensure_future(watch())

    # Most work is done before anybody could leave it; a task that watches would cost each request as much as its token.
    timer = asyncio.get_running_loop().call_later(_WATCHED_AFTER_S, begin)
    try:
        return await work
    except asyncio.CancelledError:
        # Where the service, or a time-out, has cancelled too, that goes on its way.
        if has_left and doing.uncancel() == 0:
            raise RefusedRequest(499, say("The caller left."), remedy=say("stay for the answer")) from None
        raise
    finally:
        timer.cancel()
        if watching is not None:
            watching.cancel()


def _names_document(request: Request) -> bool:
    return not request.query_params.keys().isdisjoint(("query", "documentId", "extensions"))


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _status(outcome: Outcome, media: str) -> int:
    """The HTTP status of an outcome, by the GraphQL-over-HTTP specification.

    What an agency may not use now is refused with 429 under both media types, as a missing token is with 401: it says
    nothing of the operation, and proxies and clients that know nothing of GraphQL must heed it.
    """
    if over(outcome) is not None:
        return 429
    if outcome.executed or media == JSON:
        return 200
    codes = {(error.extensions or {}).get("code") for error in outcome.errors}
    if codes & _FAILED:
        return 500
    return next((_STATUS_OF_CODE[code] for code in codes if code in _STATUS_OF_CODE), 400)


async def refusal(_: Request, failure: Exception) -> Response:
    """Answer a request to a route outside of GraphQL that was refused."""
    assert isinstance(failure, OpsplanError)
    return _of(failure, JSON)


def _of(failure: OpsplanError, media: str) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(failure, kind)), 500)
    headers: dict[str, str] = {}
    if isinstance(failure, RefusedRequest):
        status, headers = failure.status, failure.headers
    elif isinstance(failure, Unauthenticated):
        headers = {"www-authenticate": _challenge(failure)}
    elif isinstance(failure, RateLimited):
        headers = {"retry-after": str(failure.retry_after_s)}
    elif failure.retryable:
        headers = {"retry-after": "5"}
    message, extensions = describe(failure)
    return _response(orjson.dumps({"errors": [{"message": message, "extensions": extensions}]}), status, media, headers)


def _challenge(refused: Unauthenticated) -> str:
    """What a caller without a token that holds is told by RFC 6750."""
    challenge = 'Bearer realm="opsplan"'
    if refused.had_token:
        words = refused.message.encode("ascii", "replace").decode().replace("\\", "").replace('"', "'")
        challenge += f', error="invalid_token", error_description="{words}"'
    return challenge


def _response(body: bytes, status: int, media: str, headers: dict[str, str] | None = None) -> Response:
    return Response(
        body,
        status_code=status,
        headers={"content-type": f"{media}; charset=utf-8", "cache-control": "no-store", **(headers or {})},
    )
