"""What a delivery keeps of an attempt."""

from datetime import datetime
from typing import Any

from opsplan.vocabulary.clock import instant_text
from opsplan.webhooks.sending import Attempt


def told_of(attempt: Attempt, at: datetime) -> dict[str, Any]:
    """Give the properties of a delivery that tell of its last attempt, begun at `at`."""
    return {
        "last_attempt_at": instant_text(at),
        "outcome": attempt.outcome.name,
        "status_code": attempt.status_code,
        "took_ms": attempt.took_ms,
        "excerpt": attempt.excerpt,
    }
