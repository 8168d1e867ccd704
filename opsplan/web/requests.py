"""From bytes to a GraphQL request, by the GraphQL-over-HTTP specification; all that is malformed is refused here."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson
from starlette.requests import ClientDisconnect, Request

from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.sentences import Sentence, say

GRAPHQL_RESPONSE = "application/graphql-response+json"
"""The media type of GraphQL answers whose status tells how the request fared."""
JSON = "application/json"
"""The older media type: well-formed requests are answered 200, whatever the result."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_MEMBERS = ("query", "documentId", "variables", "operationName", "extensions")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One operation to be executed.

    Attributes
    ----------
    query
        The document's text; None only where a trusted document is named instead.
    document_id
        The id of a trusted document, as the specification's appendix on persisted documents has it.
    sha256
        The same in the way of Apollo's clients, ``extensions.persistedQuery.sha256Hash``.
    """

    query: str | None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] = field(default_factory=dict)
    document_id: str | None = None
    sha256: str | None = None


class RefusedRequest(OpsplanError):
    """A request that is refused, or ended, as a whole, with an HTTP status of its own."""

    code: ClassVar[str] = "BAD_REQUEST"

    def __init__(
        self, status: int, message: Sentence, *, remedy: Sentence, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.headers = dict(headers or {})


class RequestTimedOut(RefusedRequest):
    """A request that took longer than any may."""

    code: ClassVar[str] = "REQUEST_TIMED_OUT"


def request_id_of(given: str | None) -> str:
    """Give the caller's request id where it is a plain one of 8 to 64 characters, else a new one.

    >>> request_id_of("case-4711-a"), len(request_id_of("no blanks, please"))
    ('case-4711-a', 26)
    """
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return secrets.token_hex(13)


def answer_type(accept: str | None) -> str:
    """Choose the media type of the answer from an Accept header.

    A missing header means the older `application/json`, as the specification has it until 2025.

    Raises
    ------
    RefusedRequest
        406 when the caller takes neither.
    """
    if not accept:
        return JSON
    best: tuple[float, int, str] | None = None
    for place, entry in enumerate(accept.split(",")):
        media, *parameters = (part.strip().lower() for part in entry.split(";"))
        weight, charset = _weight_and_charset(parameters)
        if weight <= 0 or charset not in ("", "utf-8", "utf8"):
            continue
        if media in (GRAPHQL_RESPONSE, JSON):
            chosen = media
        elif media in ("*/*", "application/*"):
            chosen = JSON
        else:
            continue
        if best is None or weight > best[0]:
            best = (weight, place, chosen)
    if best is None:
        raise RefusedRequest(
            406,
            say("No media type that you accept is offered."),
            remedy=say("accept {graphql_response} or {json}, in UTF-8", graphql_response=GRAPHQL_RESPONSE, json=JSON),
        )
    return best[2]


def _weight_and_charset(parameters: list[str]) -> tuple[float, str]:
    weight, charset = 1.0, ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
        elif name.strip() == "charset":
            charset = value.strip().strip('"')
    return weight, charset


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read the body, giving up as soon as it is too long, told or not.

    Raises
    ------
    RefusedRequest
        413 when it is; 400 when the caller left or tells a length that is no number.
    """
    told = request.headers.get("content-length")
    if told is not None and (not told.isdigit() or int(told) > most_bytes):
        raise _too_long(most_bytes)
    parts: list[bytes] = []
    length = 0
    try:
        async for part in request.stream():
            length += len(part)
            if length > most_bytes:
                raise _too_long(most_bytes)
            parts.append(part)
    except ClientDisconnect as failure:
        raise RefusedRequest(400, say("The body did not arrive."), remedy=say("send the whole body")) from failure
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_long(most_bytes: int) -> RefusedRequest:
    return RefusedRequest(
        413,
        say("The body is longer than {most_bytes:,} bytes.", most_bytes=most_bytes),
        remedy=say("send less at once, or set OPSPLAN_BODY_BYTES; large data goes in by `opsplan load`"),
    )


async def of_post(request: Request, most_bytes: int) -> GraphQLRequest:
    """Read the GraphQL request of a POST.

    Raises
    ------
    RefusedRequest
        With the status that fits what is wrong.
    """
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = _weight_and_charset(parameters)[1]
    if media != JSON or charset not in ("", "utf-8", "utf8"):
        raise RefusedRequest(
            415,
            say("The body is of a media type that is not taken."),
            remedy=say("send {json} in UTF-8 with that Content-Type", json=JSON),
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedRequest(415, say("The body is compressed."), remedy=say("send it plain"))
    body = await read_body(request, most_bytes)
    try:
        # orjson refuses bytes that are not UTF-8, NaN, and trailing data.
        content = orjson.loads(body)
    except orjson.JSONDecodeError as failure:
        raise RefusedRequest(400, say("The body is no JSON in UTF-8."), remedy=say("send a JSON object")) from failure
    if isinstance(content, list):
        raise RefusedRequest(
            400, say("Several operations in one request are not taken."), remedy=say("send one request for each")
        )
    if not isinstance(content, dict):
        raise RefusedRequest(400, say("The body is no JSON object."), remedy=say('send {{"query": "..."}}'))
    return of_members(content)


def of_get(request: Request) -> GraphQLRequest:
    """Read the GraphQL request of a GET from its address; raises as `of_post`."""
    content: dict[str, Any] = {}
    for name in _MEMBERS:
        values = request.query_params.getlist(name)
        if len(values) > 1:
            raise RefusedRequest(400, say("{name} is given more than once.", name=name), remedy=say("give it once"))
        if values and values[0] != "":
            content[name] = values[0]
    for name in ("variables", "extensions"):
        if name in content:
            try:
                content[name] = orjson.loads(content[name])
            except orjson.JSONDecodeError as failure:
                raise RefusedRequest(
                    400, say("{name} is no JSON.", name=name), remedy=say("give a JSON object")
                ) from failure
    return of_members(content)


def of_members(content: Mapping[str, Any]) -> GraphQLRequest:
    """Check the members of a request and give it; raises as `of_post`."""
    variables = content.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise RefusedRequest(400, say("variables is no object."), remedy=say("give an object, or leave it out"))
    operation_name = content.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RefusedRequest(400, say("operationName is no text."), remedy=say("give a text, or leave it out"))
    extensions = content.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise RefusedRequest(400, say("extensions is no object."), remedy=say("give an object, or leave it out"))
    document_id = content.get("documentId")
    if document_id is not None and (not isinstance(document_id, str) or not document_id):
        raise RefusedRequest(
            400, say("documentId is no text."), remedy=say("give a trusted document's id, or leave it out")
        )
    sha256 = _sha256_in(extensions or {})
    query = content.get("query")
    if query is not None and not isinstance(query, str):
        raise RefusedRequest(400, say("query is no text."), remedy=say("give a GraphQL document as `query`"))
    if not (query or "").strip():
        # Clients whose protocol demands a query send an empty one beside an id.
        query = None
        if document_id is None and sha256 is None:
            raise RefusedRequest(
                400,
                say("query is missing."),
                remedy=say("give a GraphQL document as `query`, or a trusted document's id as `documentId`"),
            )
    return GraphQLRequest(query, variables, operation_name or None, extensions or {}, document_id, sha256)


def _sha256_in(extensions: Mapping[str, Any]) -> str | None:
    """Give the hash by which Apollo's clients name a document, if there is one."""
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    if isinstance(given, dict) and given.get("version", 1) == 1:
        sha256 = given.get("sha256Hash")
        if isinstance(sha256, str) and sha256:
            return sha256
    raise RefusedRequest(
        400,
        say("extensions.persistedQuery is none that is known here."),
        remedy=say('give {{"version": 1, "sha256Hash": "..."}}, or leave it out'),
    )
