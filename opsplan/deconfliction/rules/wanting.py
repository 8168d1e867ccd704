"""Whether two claims want the same: a unit at once, or a subject; and whether one tips off whom the other is after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Final

from opsplan.deconfliction.model import ConflictKind, Severity
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, veiled
from opsplan.deconfliction.rules.meeting import Meeting, gap_between, is_hidden
from opsplan.deconfliction.subjects import Match, match
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.sentences import say

SUBJECT_WITHIN: Final = timedelta(days=30)
"""Two who work on one subject are told of each other if no more time than this lies between what they plan."""
TIP_OFF_WITHIN: Final = timedelta(days=14)
"""How long before an H-hour something seen by one of its network may still warn the others."""
TIP_OFF_HOPS: Final = 2
"""Links over which a warning is thought to run: to whoever knows somebody who is concerned."""
MOST_LINKS: Final = 500
"""Nothing is said to run over a record with more links than this: a bank or an exchange is linked to everybody."""
_HOUR: Final = timedelta(hours=1)
_LOUD: Final = frozenset(
    {
        ActionKind.RAID,
        ActionKind.ARREST,
        ActionKind.SEARCH,
        ActionKind.VICTIM_EXTRACTION,
        ActionKind.CYBER_TAKEDOWN,
        ActionKind.ASSET_FREEZE,
    }
)
"""What those concerned notice."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way over links from what one claim concerns to what another does.

    Attributes
    ----------
    records, links
        Ids of the targets and sites on it, in order, and of the links between them: one fewer.
    names
        What the records are called.
    """

    records: tuple[str, ...]
    links: tuple[str, ...]
    names: tuple[str, ...]

    def reversed(self) -> "Way":
        """Give the way back."""
        return Way(self.records[::-1], self.links[::-1], self.names[::-1])


def share_units(one: Footprint, other: Footprint, names: Sequence[str], hiding: Hiding) -> Meeting | None:
    """Give the conflict of two claims that use units at the same time; `names` are what these are called."""
    shared = sorted(one.unit_ids & other.unit_ids)
    if not shared or one.is_over or other.is_over or not one.may_want_the_same_as(other):
        return None
    mine, its = _compared(one, other, hiding)
    if not mine.time.overlaps(its.time):
        return None
    sentence = say("Both use {names} at the same time.", names=sorted(names))
    return Meeting(
        one,
        other,
        ConflictKind.UNIT,
        "UNIT",
        0,
        Severity.SERIOUS,
        is_hidden(one, other),
        sentence=sentence,
        facts={"unit_ids": shared},
    )


def share_subjects(one: Footprint, other: Footprint, hiding: Hiding) -> Meeting | None:
    """Give the conflict of two claims that concern one subject, by the surest match of any two of theirs."""
    if not one.may_conflict_with(other):
        return None
    mine, its = _compared(one, other, hiding)
    if gap_between(mine.time, its.time) > SUBJECT_WITHIN:
        return None
    # In one order, whichever of the two was committed last.
    first, second = sorted((one, other), key=lambda each: each.claim_id)
    found = [matched for pair in product(first.subjects, second.subjects) if (matched := match(*pair)) is not None]
    if not found:
        return None
    best: Match = max(found, key=lambda each: each.score)
    words = [each.words for each in best.reasons]
    return Meeting(
        one,
        other,
        ConflictKind.SUBJECT,
        "SUBJECT",
        0,
        Severity.SERIOUS,
        is_hidden(one, other),
        score=best.score,
        sentence=say("Both work on one subject: {words}.", words=words),
        facts={
            "reasons": [
                {"kind": each.kind.name, "one": each.one, "other": each.other, "part": each.part}
                for each in best.reasons
            ]
        },
    )


def tip_off(one: Footprint, other: Footprint, way: Way, hiding: Hiding) -> Meeting | None:
    """Give the conflict of two claims of which one may warn those whom the other is after, before its H-hour.

    Parameters
    ----------
    way
        A way of at most `TIP_OFF_HOPS` links from what the first concerns to what the second does.
    """
    if not one.may_conflict_with(other):
        return None
    mine, its = _compared(one, other, hiding)
    directions = [(mine, its, way), (its, mine, way.reversed())]
    for early, late, along in sorted(directions, key=lambda each: (each[0].time.start, each[0].claim_id)):
        ahead = late.strikes_at - early.time.start
        if early.kind in _LOUD and timedelta(0) < ahead <= TIP_OFF_WITHIN:
            sentence = say(
                "What begins {hours} hours before the other's H-hour is seen by those concerned, and {count} links "
                "lead from there to whom the other is after: {names}.",
                hours=ahead // _HOUR,
                count=len(along.links),
                names=list(along.names),
            )
            return Meeting(
                one,
                other,
                ConflictKind.TIP_OFF,
                "TIP_OFF",
                0,
                Severity.CRITICAL if len(along.links) < TIP_OFF_HOPS else Severity.SERIOUS,
                is_hidden(one, other),
                sentence=sentence,
                facts={"early_claim_id": early.claim_id, "path": list(along.records), "links": list(along.links)},
            )
    return None


def _compared(one: Footprint, other: Footprint, hiding: Hiding) -> tuple[Footprint, Footprint]:
    """Give both as they are compared: exactly, or, where one is hidden from the other's owner, that one veiled."""
    if not is_hidden(one, other):
        return one, other
    return (
        one if one.is_read_by(other.owner_id) else veiled(one, hiding),
        other if other.is_read_by(one.owner_id) else veiled(other, hiding),
    )
