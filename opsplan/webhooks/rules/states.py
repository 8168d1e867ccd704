"""Which states an endpoint may come to, from where."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.model import WebhookEndpointState

STEPS: Final[Mapping[WebhookEndpointState, frozenset[WebhookEndpointState]]] = MappingProxyType(
    {
        WebhookEndpointState.PENDING: frozenset({WebhookEndpointState.ACTIVE}),
        WebhookEndpointState.ACTIVE: frozenset({WebhookEndpointState.PAUSED, WebhookEndpointState.DISABLED}),
        WebhookEndpointState.PAUSED: frozenset({WebhookEndpointState.ACTIVE}),
        WebhookEndpointState.DISABLED: frozenset({WebhookEndpointState.ACTIVE}),
    }
)
PROVABLE: Final = frozenset({WebhookEndpointState.PENDING, WebhookEndpointState.DISABLED})
"""Where the way to ACTIVE leads over the challenge."""


def refuse_proof(now: WebhookEndpointState) -> None:
    """Refuse to prove what is proven.

    Raises
    ------
    StateConflict
        When it is ACTIVE, or PAUSED.
    """
    if now not in PROVABLE:
        raise StateConflict(
            say("The endpoint is {now}: there is nothing to prove.", now=now.name),
            field="input.endpointId",
            value=now.name,
            remedy=say("send it a test with testWebhookEndpoint, or resume it if it is PAUSED"),
        )


def refuse_step(now: WebhookEndpointState, to: WebhookEndpointState) -> None:
    """Refuse what the table does not allow, and to pass the challenge by.

    Raises
    ------
    StateConflict
        Which says where it may go.
    """
    if to in STEPS[now] and not (to is WebhookEndpointState.ACTIVE and now in PROVABLE):
        return
    remedy = say("prove it with proveWebhookEndpoint") if now in PROVABLE else say("leave it as it is")
    raise StateConflict(
        say("The endpoint is {now}, and cannot become {to} by that.", now=now.name, to=to.name),
        field="input.endpointId",
        value=now.name,
        remedy=remedy,
    )
