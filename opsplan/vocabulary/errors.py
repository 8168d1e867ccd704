"""What may go wrong, as types. A service raises these; `opsplan.calls.errors` alone turns them into GraphQL.

    OpsplanError
    ├── Invalid            what was sent breaks a rule: field, value and remedy are named
    ├── NotFound           no record of that id is there for this caller
    ├── Forbidden          the caller may not do this
    ├── Conflict           the caller acted on something that has changed or exists already
    │   ├── VersionConflict        the record has another version than expected
    │   ├── IdempotencyConflict    the key was used before with other arguments
    │   ├── StateConflict          the state machine does not allow this step
    │   ├── KeysMissing            a commit does not show that its maker has seen all that it conflicts with
    │   ├── TooManyConflicts       a commit would bring more conflicts than can be told at once
    │   └── ActivationRefused      something stands in the way of an action's activation
    ├── RateLimited        the caller's agency has used up what it may use for now; try again when it says
    ├── Unavailable        a part that is needed is not there now; try again
    │   ├── TimedOut               a statement ran longer than it may (never retried by us)
    │   └── OutOfMemory            a statement needed more memory than it may (never retried by us)
    └── SetupError         opsplan cannot start or run as it is set up

`code` and `retryable` are read from the class, so a subclass that forgets them inherits its parent's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from opsplan.vocabulary.sentences import Sentence, say


def sentence_end(words: Sentence) -> Sentence:
    """End a sentence with a full stop, unless it ends as a question.

    >>> sentence_end(say("did you mean {code}?", code="KH")), sentence_end(say("give 1 to 4"))
    ('did you mean KH?', 'give 1 to 4.')
    """
    return words if words.endswith("?") else say("{words}.", words=words)


class OpsplanError(Exception):
    """Anything that opsplan refuses or fails at, in words for the caller.

    Parameters
    ----------
    message
        One or two sentences, made by `say`: what is wrong and what to do. May hold the caller's value; so it is for
        the caller's eyes and never for the log (log `code`, `field` and an error id instead).
    field
        Path of the offending input, e.g. ``input.location`` or ``row 14, column country``.
    value
        What was given there.
    remedy
        What would be accepted instead.
    facts
        Further typed facts (ids, numbers, names) by name.
    """

    code: ClassVar[str] = "ERROR"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: Sentence,
        *,
        field: str | None = None,
        value: object = None,
        remedy: Sentence | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = value
        self.remedy = remedy
        self.facts = facts


class Invalid(OpsplanError):
    """What was sent breaks a rule."""

    code = "INVALID"


class NotFound(OpsplanError):
    """No record of that id is there for this caller."""

    code = "NOT_FOUND"


class Forbidden(OpsplanError):
    """The caller may not do this."""

    code = "FORBIDDEN"


class Conflict(OpsplanError):
    """The caller acted on something that has changed, or that exists already."""

    code = "CONFLICT"


class VersionConflict(Conflict):
    """The record has another version than the caller expected: read it again, then decide."""

    code = "VERSION_CONFLICT"


class Outrun(Conflict):
    """What the service took for granted has changed meanwhile; it does its work anew, and succeeds."""


class IdempotencyConflict(Conflict):
    """The idempotency key was used before with other arguments."""

    code = "IDEMPOTENCY_CONFLICT"


class StateConflict(Conflict):
    """The state machine does not allow this step."""

    code = "STATE_CONFLICT"


class KeysMissing(Conflict):
    """A commit does not show that its maker has seen all that it conflicts with; what is missing is in its facts.

    Attributes
    ----------
    met_hidden
        For the service alone, never for the caller: hidden claims that it met, each with the agency that met it.
    """

    code = "KEYS_MISSING"
    met_hidden: tuple[tuple[str, str], ...] = ()


class TooManyConflicts(Conflict):
    """A commit would bring more conflicts than can be told at once, while all other commits wait for it."""

    code = "TOO_MANY_CONFLICTS"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that stands in the way of an action's activation.

    Attributes
    ----------
    rule
        Stable name: ``UNSETTLED_CONFLICT``, a kind of zone, ``ZONE`` where that is hidden, or a rule of docs/solver.md.
    sentence
        What is missing, in words.
    action_id
        The action.
    facts
        Ids, times and names behind it: ``contact_id`` (whom to call), ``notice_id``, ``zone_id``, ``crossing_id``,
        ``unit_id``.
    """

    rule: str
    sentence: Sentence
    action_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class ActivationRefused(Conflict):
    """Something stands in the way of an action's activation: its fact ``hindrances``, each a `Hindrance`."""

    code = "ACTIVATION_REFUSED"


class RateLimited(OpsplanError):
    """The caller's agency has used up what it may use for now.

    Parameters
    ----------
    retry_after_s
        Whole seconds after which the same may be asked again.
    message, more
        As of every error.
    """

    code = "RATE_LIMITED"
    retryable = True

    def __init__(self, message: Sentence, *, retry_after_s: int = 1, **more: Any) -> None:
        super().__init__(message, retry_after_seconds=retry_after_s, **more)
        self.retry_after_s = retry_after_s


class Unavailable(OpsplanError):
    """A part that is needed is not there now."""

    code = "UNAVAILABLE"
    retryable = True


class TimedOut(Unavailable):
    """A statement ran longer than it may."""

    code = "TIMED_OUT"
    retryable = False


class OutOfMemory(Unavailable):
    """A statement needed more memory than it may use."""

    code = "OUT_OF_MEMORY"
    retryable = False


class SetupError(OpsplanError):
    """opsplan cannot start or run as it is set up."""

    code = "SETUP"
