"""What callers and the log learn of an error: callers a code, words and a remedy; the log codes and places, no values.

An `OpsplanError` was made for the caller's eyes and goes out with its code, field, value and remedy as `extensions`,
unless it tells of our inside (`_INSIDE`): then the caller gets a sentence by its code. Everything else is masked: the
caller gets an error id, and the log has the same id with the kind of the fault and where in the code it arose.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from graphql import GraphQLError

from opsplan.calls.facts import facts_as_json
from opsplan.calls.plain import camel, camel_path, plain
from opsplan.languages import told
from opsplan.vocabulary.errors import OpsplanError, OutOfMemory, SetupError, TimedOut, Unavailable
from opsplan.vocabulary.faults import kinds, places
from opsplan.vocabulary.sentences import Sentence, say

_log = structlog.get_logger("opsplan.calls")

_INSIDE: tuple[tuple[type[OpsplanError], Sentence, Sentence], ...] = (
    (TimedOut, say("This took longer than it may."), say("ask for less at once")),
    (OutOfMemory, say("This needed more memory than it may use."), say("ask for less at once")),
    (Unavailable, say("A part of the service is not there at present."), say("try again")),
    (SetupError, say("The service is not set up as it should be."), say("tell its operator the error id")),
)
"""Kinds whose own words name servers, statements or settings; and what the caller is told instead."""

MASKED = "INTERNAL"
"""The code of errors that nobody expected."""


class PublicError(GraphQLError):
    """An error whose words and extensions may go out as they are."""


def public(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """Give errors as callers may see them; what is masked is logged under its id."""
    return [each if isinstance(each, PublicError) else _public(each) for each in errors]


def _public(error: GraphQLError) -> PublicError:
    cause = root_cause(error)
    if cause is None and error.path is not None:
        # A stored value that the schema does not allow: no fault of the caller's.
        extensions = {"code": MASKED, "retryable": False, "errorId": log_fault(error, MASKED)}
        return _made(error.message, extensions, error)
    if cause is None:
        # Parsing, validation, coercion: the caller's own words and the public schema.
        extensions = {"code": "BAD_QUERY", "retryable": False, **(error.extensions or {})}
        return _made(error.message, extensions, error)
    message, extensions = describe(cause)
    return _made(message, extensions, error)


def _made(message: str, extensions: Mapping[str, Any], error: GraphQLError) -> PublicError:
    return PublicError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=dict(extensions),
    )


def root_cause(error: GraphQLError) -> BaseException | None:
    """Give the exception behind a GraphQL error, through any number of wrappings; None when there is none."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def describe(failure: BaseException) -> tuple[str, dict[str, Any]]:
    """Give what a caller is told of an exception: a message, and extensions with at least `code` and `retryable`.

    An exception that is not ours to tell, or tells of our inside, is logged, and `errorId` names the entry.
    """
    if not isinstance(failure, OpsplanError):
        error_id = log_fault(failure, MASKED)
        message = say(
            "Something went wrong in the service; its operator can find it by the error id {error_id}.",
            error_id=error_id,
        )
        return told(message), {"code": MASKED, "retryable": False, "errorId": error_id}
    extensions: dict[str, Any] = {"code": failure.code, "retryable": failure.retryable}
    for kind, inside, instead in _INSIDE:
        if isinstance(failure, kind):
            extensions |= {"remedy": told(instead), "errorId": log_fault(failure, failure.code)}
            return told(inside), extensions
    remedy = None if failure.remedy is None else told(failure.remedy)
    given = {"field": camel_path(failure.field), "value": failure.value, "remedy": remedy}
    extensions |= {name: plain(each) for name, each in given.items() if each is not None}
    extensions |= {camel(name): plain(fact) for name, fact in failure.facts.items()}
    if named := facts_as_json(failure.message, failure.remedy):
        extensions["facts"] = named
    return told(failure.message), extensions


def log_fault(failure: BaseException, code: str) -> str:
    """Log a fault under a new error id, without a single value, and give the id."""
    error_id = secrets.token_hex(8)
    _log.error("fault", error_id=error_id, code=code, kind=kinds(failure), places=places(failure))
    return error_id
