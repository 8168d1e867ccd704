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
    pinned
        Whether schedules made from this plan keep it where it is.
    """

    action_id: str
    mode_id: str
    start: datetime
    end: datetime
    local_start: str
    time_zone: str
    h_offset_minutes: int
    staffing: tuple[tuple[str, tuple[str, ...]], ...]
    pinned: bool = False

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """All units, each once, sorted."""
        return tuple(sorted({unit for _, units in self.staffing for unit in units}))


@dataclass(frozen=True, slots=True)
class PlaceMove:
    """An action's place before and after an edit; None for none."""

    action_id: str
    before: PlacedAction | None
    after: PlacedAction | None


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


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that a plan breaks: its name (as in docs/solver.md), a sentence, and the facts behind it.

    `action_ids` are the placed actions concerned, sorted: all that take part in it, for a rule between several.
    """

    rule: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    action_ids: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What tells it from other breaches of one plan, as text: rule, actions, and what else is concerned.

        >>> BrokenRule("travel", "", {"unit_id": "unit_1", "free_minutes": 5}, ("action_1",)).mark
        'travel|action_1|unit_1'
        """
        others = (str(value) for name, value in sorted(self.facts.items()) if name in _CONCERNED)
        return "|".join((self.rule, " ".join(self.action_ids), *others))


_CONCERNED = frozenset({"unit_id", "resource", "precedence_id", "group_id", "missing", "record_id", "field", "need"})
