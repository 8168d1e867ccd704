"""How conflicts are brought to an end: the steps, the clocks, and the document that both sides sign."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from opsplan.deconfliction.model import ConflictState, ResolutionOutcome, ResolutionState, Severity
from opsplan.records.values import canonical_json

ACKNOWLEDGE_WITHIN: Final[Mapping[Severity, timedelta]] = MappingProxyType(
    {
        Severity.CRITICAL: timedelta(minutes=15),
        Severity.SERIOUS: timedelta(minutes=30),
        Severity.ADVISORY: timedelta(hours=2),
    }
)
"""How long a post has to acknowledge a notice before it goes to the next one: a proposal, for want of a standard."""
SETTLED_BEFORE: Final = timedelta(hours=12)
"""How long before the earlier of two plans begins their conflict should be resolved."""
SETTLE_AT_LEAST: Final = timedelta(hours=1)
"""How long the sides have in any case."""
RELEASE_WITHIN: Final = timedelta(minutes=30)
"""How long a zone's owner has to answer before the watch centre may be asked in its place."""
JUSTIFY_WITHIN: Final = timedelta(hours=24)
"""How long an emergency override may go without its justification."""

RESOLUTION_STEPS: Final[Mapping[ResolutionState, frozenset[ResolutionState]]] = MappingProxyType(
    {
        ResolutionState.PROPOSED: frozenset({ResolutionState.SIGNED, ResolutionState.DECLINED, ResolutionState.VOID}),
        ResolutionState.SIGNED: frozenset({ResolutionState.VOID}),
        ResolutionState.DECLINED: frozenset(),
        ResolutionState.VOID: frozenset(),
    }
)
"""From each state of a resolution, the states it may go to."""

YIELDING: Final = frozenset({ResolutionOutcome.JOINT, ResolutionOutcome.DELAY, ResolutionOutcome.CANCEL})
"""Outcomes of which one side has to change its plan."""

STANDING: Final = frozenset({ConflictState.OPEN, ConflictState.ACKNOWLEDGED, ConflictState.IN_DISCUSSION})
"""States of a conflict that is there and not resolved."""


def acknowledge_by(severity: Severity, now: datetime) -> datetime:
    """Give until when a post has to acknowledge what it is told now."""
    return now + ACKNOWLEDGE_WITHIN[severity]


def settle_by(start: datetime, now: datetime) -> datetime:
    """Give until when a conflict should be resolved whose side begins at `start`."""
    return max(start - SETTLED_BEFORE, now + SETTLE_AT_LEAST)


def document_of(
    resolution_id: str,
    outcome: ResolutionOutcome,
    words: str,
    yields: str | None,
    sides: Iterable[Mapping[str, Any]],
) -> str:
    """Give what both sides sign: of each side its agency and what stands for its plan, as the other may know it.

    Of a plan that is hidden from the other side, that is the key which stands for all that is hidden there, so that the
    document says no more of it than the blind notice does.
    """
    return canonical_json(
        {
            "resolution": resolution_id,
            "outcome": outcome.name,
            "words": words,
            "yields": yields,
            "sides": sorted(sides, key=lambda side: str(side["agency"])),
        }
    )
