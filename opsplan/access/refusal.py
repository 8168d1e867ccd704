"""Why a caller is not let in."""

from typing import ClassVar

from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.sentences import Sentence, say


class Unauthenticated(OpsplanError):
    """The caller showed no token, or one that does not hold.

    The message tells what is wrong with the token in words that help its holder, and nothing of keys or claims of
    others.
    """

    code: ClassVar[str] = "UNAUTHENTICATED"

    def __init__(self, message: Sentence, *, remedy: Sentence, had_token: bool) -> None:
        super().__init__(message, field="authorization", remedy=remedy)
        self.had_token = had_token


def no_token() -> Unauthenticated:
    """Make the refusal of a call without any token."""
    return Unauthenticated(
        say("This needs a bearer token."),
        remedy=say("send the header `Authorization: Bearer TOKEN`; `opsplan token` makes one on this machine"),
        had_token=False,
    )


def bad_token(what: Sentence, remedy: Sentence | None = None) -> Unauthenticated:
    """Make the refusal of a token, e.g. ``bad_token(say("has expired"))``."""
    remedy = remedy or say("ask your issuer for a new token")
    return Unauthenticated(say("The token {what}.", what=what), remedy=remedy, had_token=True)
