"""Where units are when they are not free: absent, with another operation, or not offered then."""

from collections.abc import Iterable
from datetime import UTC, datetime

from opsplan.scheduling.problem.snapshot import ReadAbsence, ReadUnitClaim, ReadUnitOffer, Snapshot
from opsplan.vocabulary.clock import minute_text
from opsplan.vocabulary.sentences import Sentence, say

_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Whereabouts:
    """Answers for the units of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._absences: dict[str, list[ReadAbsence]] = {}
        self._unoffered = {unit.id for unit in snapshot.units if not unit.offered}
        self._offers: dict[str, list[ReadUnitOffer]] = {}
        for offer in snapshot.unit_offers:
            self._offers.setdefault(offer.unit_id, []).append(offer)
        self._claims: dict[str, list[ReadUnitClaim]] = {}
        for absence in snapshot.absences:
            self._absences.setdefault(absence.unit_id, []).append(absence)
        for claim in snapshot.unit_claims:
            self._claims.setdefault(claim.unit_id, []).append(claim)

    def why(self, unit_id: str, start: datetime, end: datetime) -> Sentence:
        """Say why a unit is not free from `start` to `end`, as the words after its name.

        Its use by another operation counts with the rest and the ways around it, so of several uses the nearest is
        named.
        """
        for absence in self._absences.get(unit_id, ()):
            if absence.start < end and start < absence.end:
                return say(
                    "is absent from {start} to {end}", start=minute_text(absence.start), end=minute_text(absence.end)
                )
        if unit_id in self._unoffered:
            return say("is no longer offered, but for what is activated")
        claims = self._claims.get(unit_id, [])
        if claims:
            nearest = min(claims, key=lambda claim: max(claim.start - end, start - claim.end))
            return say(
                "serves {action} of operation {operation} from {start} to {end}",
                action=nearest.action_name,
                operation=nearest.operation_name,
                start=minute_text(nearest.start),
                end=minute_text(nearest.end),
            )
        spans = _together((offer.start or _EVER[0], offer.end or _EVER[1]) for offer in self._offers.get(unit_id, ()))
        if spans and not any(first <= start and end <= last for first, last in spans):
            return say("is offered {spans:and}", spans=[_span(first, last) for first, last in spans])
        return say("may be used in the operation's time only")


def _together(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Join spans that touch, in order."""
    joined: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _span(first: datetime, last: datetime) -> Sentence:
    """Say from when until when, where there are such bounds."""
    start, end = minute_text(first), minute_text(last)
    if first == _EVER[0]:
        return say("at any time") if last == _EVER[1] else say("until {end}", end=end)
    return (
        say("from {start}", start=start) if last == _EVER[1] else say("from {start} until {end}", start=start, end=end)
    )
