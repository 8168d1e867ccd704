"""What the command `opsplan token` does."""

from collections.abc import Sequence

from opsplan.access.issuer import LocalIssuer
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock, system_clock
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say


def make_token(
    settings: Settings,
    *,
    agency_code: str,
    roles: Sequence[Role],
    hours: float = 12.0,
    subject: str = "local",
    clock: Clock = system_clock,
) -> str:
    """Make a token with the local issuer's key.

    Raises
    ------
    SetupError
        If the local issuer is off, or its key cannot be had.
    Invalid
        If an argument is out of its range.
    """
    if not settings.issues_tokens:
        raise SetupError(
            say("The local issuer is off, because OPSPLAN_TOKEN_ISSUER names another one."),
            field="OPSPLAN_TOKEN_ISSUER",
            remedy=say("ask that issuer for a token"),
        )
    return LocalIssuer.open_in(settings.data_dir).issue(
        clock, agency_code=agency_code, roles=roles, audience=settings.token_audience, hours=hours, subject=subject
    )
