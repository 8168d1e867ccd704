"""`/oauth/token`: tokens of the local issuer for agency systems, by client credentials with private_key_jwt.

As RFC 6749 (section 4.4) and RFC 7523 (section 2.2) have it; `/.well-known/oauth-authorization-server` (RFC 8414) says
so to clients that look it up.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from opsplan.access.clients import MOST_CHARACTERS, NoClient, grant_token
from opsplan.access.issuer import ISSUER, LocalIssuer
from opsplan.graph.driver import Graph
from opsplan.languages import told
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.sentences import say

PATH = "/oauth/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}
_MOST_BYTES = 2 * MOST_CHARACTERS


def token_routes(graph: Graph, clock: Clock, issuer: LocalIssuer, audience: str) -> Sequence[BaseRoute]:
    """Give the routes; tokens are for `audience`."""

    async def give(request: Request) -> Response:
        try:
            form = await _form(request)
            granted = await grant_token(
                graph,
                clock,
                issuer,
                assertion=form["client_assertion"],
                scope=form.get("scope"),
                audience=audience,
            )
        except NoClient as refused:
            status = 401 if refused.error == "invalid_client" else 400
            content = {"error": refused.error, "error_description": told(refused.message)}
            return JSONResponse(content, status_code=status, headers=_NO_STORE)
        scope = " ".join(role.name for role in granted.roles)
        answer: dict[str, str | int] = {
            "access_token": granted.token,
            "token_type": "Bearer",
            "expires_in": granted.seconds,
            "scope": scope,
        }
        return JSONResponse(answer, headers=_NO_STORE)

    return [
        Route(PATH, give, methods=["POST"]),
        Route("/.well-known/oauth-authorization-server", _metadata, methods=["GET"]),
    ]


async def _metadata(request: Request) -> Response:
    base = f"{request.url.scheme}://{request.url.netloc}"
    content = {
        "issuer": ISSUER,
        "token_endpoint": f"{base}{PATH}",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": [role.name for role in Role if role is not Role.ADMINISTRATOR],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["EdDSA", "ES256"],
    }
    return JSONResponse(content, headers={"cache-control": "public, max-age=300"})


async def _form(request: Request) -> Mapping[str, str]:
    """Read and check the form; each name may be given once."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise NoClient("invalid_request", say("Send a form: application/x-www-form-urlencoded."))
    body = b""
    async for some in request.stream():
        body += some
        if len(body) > _MOST_BYTES:
            raise NoClient(
                "invalid_request", say("The request is larger than {most_bytes:,} bytes.", most_bytes=_MOST_BYTES)
            )
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError as failure:
        raise NoClient("invalid_request", say("The body is no form.")) from failure
    form = dict(pairs)
    if len(form) != len(pairs):
        raise NoClient("invalid_request", say("A name is given twice."))
    if form.get("grant_type") != "client_credentials":
        raise NoClient("unsupported_grant_type", say("Give grant_type=client_credentials."))
    if form.get("client_assertion_type") != _ASSERTION_TYPE or not form.get("client_assertion"):
        raise NoClient(
            "invalid_request",
            say("Give client_assertion, and client_assertion_type={assertion_type}.", assertion_type=_ASSERTION_TYPE),
        )
    return form
