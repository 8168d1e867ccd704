"""Whether two claims are too near each other, and by how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from opsplan.deconfliction.model import ConflictKind, Severity
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, as_indexed
from opsplan.deconfliction.rules.separation import Separation, SeparationTable
from opsplan.geography.areas import distances_m
from opsplan.vocabulary.area import Area
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sentences import say

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two claims that conflict, and by which rule.

    Attributes
    ----------
    one, other
        The claims.
    kind
        In what they meet.
    rule, rule_version, severity
        By which rule.
    is_veiled
        Whether cells were compared, as one of the two is hidden from the other's owner; the figures are None then.
    distance_m, margin_m
        How near they come, and how much nearer that is than the rule allows.
    gap_minutes, margin_minutes
        Whole minutes between them, and how many fewer these are than the rule asks for.
    score
        How surely what they both name is one.
    sentence, facts
        Why they conflict, for whoever may read both, and the ids and figures behind it.
    """

    one: Footprint
    other: Footprint
    kind: ConflictKind
    rule: str
    rule_version: int
    severity: Severity
    is_veiled: bool = False
    distance_m: float | None = None
    margin_m: float | None = None
    gap_minutes: int | None = None
    margin_minutes: int | None = None
    score: float | None = None
    sentence: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What tells it from other conflicts: kind and claims."""
        return "|".join((self.kind, *sorted((self.one.claim_id, self.other.claim_id))))


def is_hidden(one: Footprint, other: Footprint) -> bool:
    """Whether one of the two is hidden from the owner of the other."""
    return not (one.is_read_by(other.owner_id) and other.is_read_by(one.owner_id))


def meetings_of(one: Footprint, others: Sequence[Footprint], table: SeparationTable, hiding: Hiding) -> list[Meeting]:
    """Give those of the others that conflict with a claim in place and time, in their order."""
    seen = as_indexed(one, hiding)
    found: dict[int, Meeting] = {}
    for veil, mine in ((False, one), (True, seen)):
        near: list[tuple[int, Footprint, Footprint, Separation]] = []
        for place, other in enumerate(others):
            if not one.may_conflict_with(other) or is_hidden(one, other) is not veil:
                continue
            # Whichever of the two is hidden, both are compared as they are told.
            its = as_indexed(other, hiding) if veil else other
            separation = _unknowing(one, other, table) if veil else table.of(one.kind, other.kind)
            if mine.time.overlaps(its.time) or gap_between(mine.time, its.time) < separation.buffer:
                near.append((place, other, its, separation))
        away = distances_m(mine.area, [its.area for _, _, its, _ in near]) if near else []
        for (place, other, its, separation), distance_m in zip(near, away, strict=True):
            if distance_m <= separation.distance_m:
                gap = None if veil else gap_between(mine.time, its.time)
                found[place] = _meeting(one, other, separation, distance_m, gap)
    return [found[place] for place in sorted(found)]


def reach_of(footprint: Footprint, table: SeparationTable, hiding: Hiding) -> tuple[Area, Interval, float]:
    """Give area, time and metres round the area in which all claims lie that may conflict with one."""
    seen = as_indexed(footprint, hiding)
    widest = table.widest if seen is not footprint else table.widest_of(footprint.kind)
    return seen.area, Interval(seen.time.start - widest.buffer, seen.time.end + widest.buffer), widest.distance_m


def _unknowing(one: Footprint, other: Footprint, table: SeparationTable) -> Separation:
    """Give what holds between two of which one does not know the other's kind."""
    known = [each for each, by in ((one, other), (other, one)) if each.is_read_by(by.owner_id)]
    return table.widest_of(known[0].kind) if known else table.widest


def gap_between(one: Interval, other: Interval) -> timedelta:
    """Give the time between two; none where they overlap or touch."""
    return max(one.start - other.end, other.start - one.end, timedelta(0))


def _meeting(
    one: Footprint, other: Footprint, separation: Separation, distance_m: float, gap: timedelta | None
) -> Meeting:
    """Give the conflict; without figures where there is no gap, as cells were compared."""
    named = (one, other, ConflictKind.SPACE_TIME, separation.rule, separation.version, separation.severity)
    distance, buffer = separation.distance_m, separation.buffer // _MINUTE
    if gap is None:
        coarsely = say(
            "By cell and hours, as one is hidden from the other, they may come within {distance} m and {buffer} "
            "minutes of each other.",
            distance=distance,
            buffer=buffer,
        )
        return Meeting(*named, is_veiled=True, sentence=coarsely)
    sentence = say(
        "They come within {near} m and {gap} minutes of each other; {rule} asks for {distance} m or {buffer} minutes.",
        near=round(distance_m),
        gap=gap // _MINUTE,
        rule=separation.rule,
        distance=distance,
        buffer=buffer,
    )
    return Meeting(
        *named,
        distance_m=distance_m,
        margin_m=separation.distance_m - distance_m,
        gap_minutes=gap // _MINUTE,
        margin_minutes=max(separation.buffer - gap, timedelta(0)) // _MINUTE,
        sentence=sentence,
    )
