"""Why a caller is not let in."""

from typing import ClassVar

from opsplan.vocabulary.errors import OpsplanError


class Unauthenticated(OpsplanError):
    """The caller showed no token, or one that does not hold.

    The message tells what is wrong with the token in words that help its holder, and nothing of keys or claims of
    others.
    """

    code: ClassVar[str] = "UNAUTHENTICATED"

    def __init__(self, message: str, *, remedy: str, had_token: bool) -> None:
        super().__init__(message, field="authorization", remedy=remedy)
        self.had_token = had_token


def no_token() -> Unauthenticated:
    """Make the refusal of a call without any token."""
    return Unauthenticated(
        "This needs a bearer token.",
        remedy="send the header `Authorization: Bearer TOKEN`; `opsplan token` makes one on this machine",
        had_token=False,
    )


def bad_token(what: str, remedy: str = "ask your issuer for a new token") -> Unauthenticated:
    """Make the refusal of a token, e.g. ``bad_token("has expired")``."""
    return Unauthenticated(f"The token {what}.", remedy=remedy, had_token=True)
