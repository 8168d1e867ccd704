"""What one operation knows of its surroundings: who asks, since when, under which id."""

from dataclasses import dataclass
from datetime import datetime

from opsplan.access.identity import Caller
from opsplan.vocabulary.actor import Actor


@dataclass(slots=True)
class Context:
    """The `context` of an operation; resolvers and compiled reads take it from GraphQL's info.

    Not frozen: a socket gets its caller only with its first message.

    Attributes
    ----------
    request_id
        Names this request in logs and change records.
    now
        The instant at which it came in, UTC; what "now" means in its filters.
    caller
        Who asks; None only until a socket has shown a token.
    authorization, connection_params
        What a socket's handshake and its first message carried; emptied once they are read.
    """

    request_id: str
    now: datetime
    caller: Caller | None = None
    authorization: str | None = None
    connection_params: dict[str, object] | None = None

    @property
    def actor(self) -> Actor:
        """The actor behind the call."""
        if self.caller is None:
            raise RuntimeError("an operation began without a caller: identity was passed by")
        return self.caller.actor
