"""The debug extension: an administrator asks how an operation was read, and its answer tells, in `extensions.debug`.

A request asks with ``"extensions": {"debug": true}``, or ``{"debug": {"profile": true}}`` for the database's account
of each statement. Cypher, plans and timings are told; no value of the request or of the graph is.
"""

from collections.abc import Mapping
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.reading.trace import Trace
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.sentences import say
from opsplan.web.requests import RefusedRequest

DEBUG = "debug"
"""The extension's name, in requests and in answers."""


def trace_asked(extensions: Mapping[str, Any], actor: Actor) -> Trace | None:
    """Give a trace to fill where the request asks for one.

    Raises
    ------
    Forbidden
        If the caller is no administrator: statements and plans tell of how the graph is made and how large it is.
    RefusedRequest
        If it is asked for in another way than there is.
    """
    asked = extensions.get(DEBUG)
    if asked is None or asked is False:
        return None
    require(actor, Verb.ADMINISTER)
    if asked is True:
        return Trace()
    if isinstance(asked, dict) and asked.keys() <= {"profile"} and isinstance(asked.get("profile", False), bool):
        return Trace(profiles=asked.get("profile", False))
    raise RefusedRequest(
        400,
        say("extensions.debug is not understood."),
        remedy=say('give true, or {{"profile": true}} for database hits'),
    )
