"""Register an endpoint, and change what it is told of."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from opsplan.access.rules import Verb, require
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.model import LONGEST_DESCRIPTION, WEBHOOK_ENDPOINT, WebhookEndpointState
from opsplan.webhooks.rules.addresses import Network
from opsplan.webhooks.rules.messages import secret_text
from opsplan.webhooks.rules.urls import location_of, refuse_address
from opsplan.webhooks.sealing import Sealing
from opsplan.webhooks.service.own import change_own, lock_own
from opsplan.webhooks.store.endpoints import ADD_SECRET, CREATE_ENDPOINT, LOCK_OWNER, OWNER

MOST_ENDPOINTS: Final = 20
"""Of one agency."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An endpoint that was registered, and its secret; None where the call was a repeated one, as it is told once."""

    endpoint_id: str
    secret: str | None


async def register_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    sealing: Sealing,
    ports: Collection[int],
    networks: Sequence[Network] = (),
    url: str,
    description: str | None,
    nouns: Sequence[str],
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> Registered:
    """Register an endpoint of the actor's agency, PENDING until it is proven.

    Raises
    ------
    Forbidden
        When the actor may not, or acts for no agency.
    Conflict
        When the agency has as many as it may.
    Invalid
        When the URL may not be called, or a kind of records is none.
    """
    agency_id = agency_of(actor)
    location = location_of(url, ports)
    refuse_address(location, networks)
    described = {
        "url": location.url,
        "description": _description(description),
        "nouns": _nouns(laws, nouns),
        "state": WebhookEndpointState.PENDING.name,
    }
    secret = sealing.new_secret()
    # Once per call, so that the answer that is kept with an idempotency key tells whether this secret is the one.
    secret_id = mint("WebhookSecret")

    async def work(writing: Writing) -> dict[str, str]:
        await writing.tx.run(LOCK_OWNER, agency=agency_id)
        owner = await writing.tx.single(OWNER, agency=agency_id)
        assert owner is not None, "an actor's agency is in force"
        if owner["endpoints"] >= MOST_ENDPOINTS:
            raise Conflict(
                say("Your agency has {most} endpoints, and may have no more.", most=MOST_ENDPOINTS),
                remedy=say("retire one that is not needed (retireWebhookEndpoint)"),
            )
        endpoint_id = mint(WEBHOOK_ENDPOINT.name)
        standard = writing.standard_of_made(agency_id, exercise=owner["exercise"])
        await writing.tx.run(CREATE_ENDPOINT, properties={**described, **standard, "id": endpoint_id})
        sealed = base64.b64encode(sealing.seal(secret, endpoint_id)).decode("ascii")
        await writing.tx.run(ADD_SECRET, endpoint=endpoint_id, id=secret_id, sealed=sealed, now=writing.now)
        writing.note(endpoint_id, WEBHOOK_ENDPOINT.name, ChangeKind.CREATED, None, described)
        return {"endpoint": endpoint_id, "secret": secret_id}

    made = await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)
    return Registered(made["endpoint"], secret_text(secret) if made["secret"] == secret_id else None)


async def change_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    endpoint_id: str,
    given: Mapping[str, Any],
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Change what an endpoint is for (`description`) or told of (`nouns`), from its next message on; give its id.

    Raises
    ------
    Forbidden, NotFound, StateConflict, Invalid
        As their names say.
    """
    agency_of(actor)
    after: dict[str, Any] = {}
    if "description" in given:
        after["description"] = _description(given["description"])
    if "nouns" in given:
        after["nouns"] = _nouns(laws, given["nouns"] or ())

    async def work(writing: Writing) -> str:
        before = await lock_own(writing, endpoint_id)
        changed = {name: value for name, value in after.items() if value != before.get(name)}
        if changed:
            await change_own(writing, endpoint_id, before, changed)
        return endpoint_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


def agency_of(actor: Actor) -> str:
    """Give the agency whose endpoints the actor looks after.

    Raises
    ------
    Forbidden
        When it may not, or acts for none.
    """
    require(actor, Verb.CONNECT)
    if actor.agency_id is None:
        raise Forbidden(
            say("You act for no agency, and an endpoint belongs to one."),
            remedy=say("ask with a token of the agency whose endpoint it is"),
        )
    return actor.agency_id


def _description(text: str | None) -> str | None:
    return None if not text else reason_given(text, LONGEST_DESCRIPTION, "input.description", say("say what it is for"))


def _nouns(laws: Laws, names: Sequence[str]) -> list[str]:
    known = {noun.name for noun in laws.catalogue if not noun.system}
    for each in names:
        if each not in known:
            raise Invalid(
                say("input.nouns: {name!r} is no kind of record.", name=each),
                field="input.nouns",
                value=each[:200],
                remedy=say("give names such as Compound; the enum RecordNoun lists them all"),
            )
    return sorted(set(names))
