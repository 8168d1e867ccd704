"""One signed message to an endpoint: what all who send have in common."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from opsplan.vocabulary.clock import Clock
from opsplan.webhooks.model import WebhookOutcome
from opsplan.webhooks.rules.messages import headers
from opsplan.webhooks.sealing import Sealing
from opsplan.webhooks.sending import Attempt, Post


@dataclass(frozen=True, slots=True)
class Receiver:
    """An endpoint as a sender has to know it: `secrets` are sealed, as they are kept, the newest first."""

    endpoint_id: str
    url: str
    secrets: Sequence[str]


class Dispatch:
    """Signs messages and sends them.

    Parameters
    ----------
    post
        The way out.
    sealing
        Opens secrets.
    clock
        What attempts are stamped with.
    """

    def __init__(self, post: Post, sealing: Sealing, clock: Clock) -> None:
        self._post = post
        self._sealing = sealing
        self._clock = clock

    async def send(self, receiver: Receiver, message_id: str, body: bytes) -> Attempt:
        """Make one attempt, signed by each secret that is in force."""
        opened = [self._sealing.open(base64.b64decode(each), receiver.endpoint_id) for each in receiver.secrets]
        secrets = [each for each in opened if each is not None]
        if not secrets:
            return Attempt(WebhookOutcome.NO_SECRET)
        return await self._post.send(receiver.url, headers(message_id, self._clock(), body, secrets), body)
