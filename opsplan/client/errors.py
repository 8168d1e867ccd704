"""What can go wrong, one exception for each thing that a caller does about it.

What a rule of the service refuses is no exception: it comes as an answer, of a class that is a `Refused`.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any


class ClientError(Exception):
    """Anything that a call can fail with; the message says what happened and what helps."""


class Unreachable(ClientError):
    """No answer came. Whether the request was carried out is not known: send it again, a change with the same key."""


class Unreadable(ClientError):
    """The address is none, or what answers there is none of this service's, or not to be trusted; look at it."""


class BadKey(ClientError):
    """The key file is missing, open to others, or no private key."""


class NoToken(ClientError):
    """The issuer gives no token, or what was given is none.

    `error` is the issuer's code by RFC 6749, section 5.2, such as ``invalid_client``.
    """

    def __init__(self, message: str, error: str = "") -> None:
        super().__init__(message)
        self.error = error


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of an answer: its stable code (docs/codes.md), its words, and whether to ask again."""

    code: str
    message: str
    retryable: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def remedy(self) -> str | None:
        """What the service says would help."""
        remedy = self.extensions.get("remedy")
        return remedy if isinstance(remedy, str) else None

    @property
    def words(self) -> str:
        """What happened, and what the service says would help."""
        return f"{self.message} What helps: {self.remedy}." if self.remedy else self.message


class Failed(ClientError):
    """The service answered with errors; `faults` has them all, `code` is the first one's."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(f"{each.code}: {each.words}" for each in faults))
        self.faults = tuple(faults)

    @property
    def code(self) -> str:
        """The code of the first error."""
        return self.faults[0].code

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later, unchanged."""
        return all(each.retryable for each in self.faults)


class Unauthenticated(Failed):
    """The token does not hold; a client that gets its tokens by a key has tried another one already."""


class RateLimited(Failed):
    """The agency's budget is used up: nothing was done. Ask again after `retry_after_s` seconds."""

    def __init__(self, faults: Sequence[Fault], retry_after_s: float) -> None:
        super().__init__(faults)
        self.retry_after_s = retry_after_s


class ResyncRequired(Failed):
    """The feed cannot go on from this cursor: take a new one, read everything anew, go on from there."""


def failure_of(errors: object, retry_after: str | None = None) -> ClientError:
    """Make the exception for the errors of an answer; `Unreadable` when they are none of GraphQL's."""
    if not isinstance(errors, list):
        return Unreadable("What answers tells of errors, and not as GraphQL does: is it opsplan?")
    faults = [_fault(each) for each in errors] or [Fault("UNKNOWN", "The service says that something failed.")]
    codes = {each.code for each in faults}
    if "RATE_LIMITED" in codes:
        return RateLimited(faults, _seconds(retry_after, faults))
    for code, kind in (("UNAUTHENTICATED", Unauthenticated), ("RESYNC_REQUIRED", ResyncRequired)):
        if code in codes:
            return kind(faults)
    return Failed(faults)


def _fault(error: Any) -> Fault:
    told = error if isinstance(error, Mapping) else {}
    extensions = told.get("extensions")
    extensions = extensions if isinstance(extensions, Mapping) else {}
    return Fault(
        code=str(extensions.get("code", "UNKNOWN")),
        message=str(told.get("message", error)),
        retryable=extensions.get("retryable") is True,
        extensions=extensions,
    )


def _seconds(retry_after: str | None, faults: Sequence[Fault]) -> float:
    """Read how long to wait: from the header, over a socket from the error itself."""
    with suppress(TypeError, ValueError):
        # The other form of the header is a date, by the clock of the world.
        retry_after = str(parsedate_to_datetime(retry_after or "").timestamp() - time.time())
    for each in (retry_after, *(fault.extensions.get("retryAfterSeconds") for fault in faults)):
        try:
            return max(0.0, float(each))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return 1.0
