"""What a plan is made of: where each placed action runs, and why each other one does not. Values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PlacedAction:
    """An action's place in a plan, in the graph's words.

    Parameters
    ----------
    action_id, mode_id
        Which action, done how.
    start, end
        Instants in UTC; `end` is the start plus the mode's true duration.
    local_start
        The start in the site's local time with offset, as ``2026-12-01T11:00+07:00``.
    time_zone
        The site's IANA time zone.
    h_offset_minutes
        Whole minutes from H-hour to the start, negative before it.
    staffing
        Per unit need of the mode: its id, and the ids of the units that fill it.
    """

    action_id: str
    mode_id: str
    start: datetime
    end: datetime
    local_start: str
    time_zone: str
    h_offset_minutes: int
    staffing: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """All units, each once, sorted."""
        return tuple(sorted({unit for _, units in self.staffing for unit in units}))


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable code, a sentence that names the records concerned, and the facts behind it."""

    code: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {"code": self.code, "sentence": self.sentence, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class UnplacedAction:
    """An action without a place in a plan; at least one reason."""

    action_id: str
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, each once, in their order."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))

    @property
    def sentence(self) -> str:
        """All reasons in words."""
        return " ".join(reason.sentence for reason in self.reasons)
