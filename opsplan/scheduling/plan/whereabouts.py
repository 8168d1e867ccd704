"""Where units are when they are not free: absent, or with another operation."""

from datetime import datetime

from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.snapshot import ReadAbsence, ReadUnitClaim, Snapshot


class Whereabouts:
    """Answers for the units of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._absences: dict[str, list[ReadAbsence]] = {}
        self._claims: dict[str, list[ReadUnitClaim]] = {}
        for absence in snapshot.absences:
            self._absences.setdefault(absence.unit_id, []).append(absence)
        for claim in snapshot.unit_claims:
            self._claims.setdefault(claim.unit_id, []).append(claim)

    def why(self, unit_id: str, start: datetime, end: datetime) -> str:
        """Say why a unit is not free from `start` to `end`, as the words after its name.

        Its use by another operation counts with the rest and the ways around it, so of several uses the nearest is
        named.
        """
        for absence in self._absences.get(unit_id, ()):
            if absence.start < end and start < absence.end:
                return f"is absent from {Words.instant_text(absence.start)} to {Words.instant_text(absence.end)}"
        claims = self._claims.get(unit_id, [])
        if claims:
            nearest = min(claims, key=lambda claim: max(claim.start - end, start - claim.end))
            return (
                f"serves {nearest.action_name} of operation {nearest.operation_name} from "
                f"{Words.instant_text(nearest.start)} to {Words.instant_text(nearest.end)}"
            )
        return "may be used in the operation's time only"
