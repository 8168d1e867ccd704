"""What callers are told of their agency's budget: in each answer, in its headers, and when they are refused.

The headers are those of the IETF's draft "RateLimit header fields for HTTP" (11 of May 2026): `RateLimit-Policy` names
what an agency may use, `RateLimit` what is left of it. The draft knows no unit for cost, so that policy names its own.
"""

from typing import Any

from opsplan.calls.budget import WINDOW_S, Account, Bill, Standing
from opsplan.calls.errors import PublicError, describe
from opsplan.vocabulary.errors import RateLimited
from opsplan.web.execution import Outcome

ORDINARY, URGENT = "ordinary", "urgent"
"""The two shares of an agency."""

_PREFIX = {ORDINARY: "", URGENT: "urgent-"}


def share_of(*, urgent: bool) -> str:
    """Give the name of the share that an operation uses."""
    return URGENT if urgent else ORDINARY


def refused_by_budget(refused: RateLimited) -> Outcome:
    """Give the outcome of an operation that was refused before it began."""
    message, extensions = describe(refused)
    return Outcome(None, [PublicError(message, extensions=extensions)], executed=False)


def over(outcome: Outcome) -> dict[str, Any] | None:
    """Give the facts of the refusal when an operation was refused by its agency's budget as a whole; else None."""
    if outcome.executed:
        return None
    for error in outcome.errors:
        extensions = error.extensions or {}
        if extensions.get("code") == RateLimited.code:
            return extensions
    return None


def tell_cost(outcome: Outcome, bill: Bill, cost: int) -> Standing:
    """Put into an outcome what it cost, and how its agency's account stands; and give that."""
    standing = bill.account.standing()
    outcome.extensions["cost"] = {
        "cost": cost,
        "limit": standing.limit,
        "remaining": standing.remaining,
        "resetSeconds": standing.reset_s,
    }
    return standing


def headers_of(account: Account, standing: Standing, share: str, refusal: dict[str, Any] | None) -> dict[str, str]:
    """Give the headers of an answer."""
    prefix = _PREFIX[share]
    limit = f'"{prefix}cost";r={standing.remaining};t={standing.reset_s}'
    headers = {
        "ratelimit-policy": f'"{prefix}cost";q={standing.limit};w={WINDOW_S};opsplan-unit="cost", '
        f'"{prefix}operations";q={account.share.at_once};qu="concurrent-requests"'
    }
    if refusal is not None:
        after_s = refusal["retryAfterSeconds"]
        headers["retry-after"] = str(after_s)
        # Retry-After must not be earlier than the time that RateLimit speaks of.
        what = "cost" if refusal["over"] == "BUDGET" else "operations"
        limit = f'"{prefix}{what}";r={standing.remaining if what == "cost" else 0};t={after_s}'
    headers["ratelimit"] = limit
    return headers
