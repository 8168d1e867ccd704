"""Looking round claims before they are written: whoever shows too few keys is refused at the cost of a look.

Where many claim one place, each writer's first attempt is refused, as it is made to learn what there is. Whoever shows
keys is let in most of the time, and is looked at once. Nothing is let in here; that is decided under the commit
sequence (`deconflict`), by the same rules.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opsplan.deconfliction.model import CLAIM
from opsplan.deconfliction.rules.footprint import Footprint, footprint_of
from opsplan.deconfliction.service.crowd import Crowd
from opsplan.deconfliction.service.looking import meetings_ahead
from opsplan.deconfliction.service.seen import refuse_unseen
from opsplan.records.declaration import Noun
from opsplan.records.writing.row import parted
from opsplan.records.writing.unit import Unit

MOST_AHEAD: Final = 20
"""Most claims of a write that are looked round for twice: before it waits for others, and while they wait for it."""
_BESIDE_PLACE_AND_TIME: Final = ("action", "capacities", "subjects", "targets", "units")
_UNKNOWN: Final = dict.fromkeys(("read_by", "operation_id", "h_hour", "key", "cover_key", "outline"))


async def look_round(unit: Unit, noun: Noun, owners: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse new claims without keys that would be refused at the end, if they take nothing but place and time.

    What takes units or is about somebody is looked at once it is written: what it meets stands in the graph.

    Raises
    ------
    KeysMissing
        With exactly the keys that are missing.
    TooManyConflicts
        When they conflict in more ways than one commit may bring.
    """
    is_few = len(rows) <= MOST_AHEAD
    if noun.name != CLAIM.name or not is_few or unit.exigent is not None or unit.seen:
        return
    if any(row.get(name) for row in rows for name in _BESIDE_PLACE_AND_TIME):
        return
    those = enumerate(zip(owners, rows, strict=True))
    claims = [_footprint(unit, str(place), owner, row) for place, (owner, row) in those]
    near = await meetings_ahead(unit, claims, Crowd())
    await refuse_unseen(unit, claims, frozenset(each.claim_id for each in claims), near)


def wants_more(footprint: Footprint) -> bool:
    """Whether a claim takes more than place and time, so that no look was taken before it was written."""
    return bool(footprint.subjects or footprint.unit_ids or footprint.anchor_ids or footprint.holds)


def _footprint(unit: Unit, name: str, owner_id: str, row: Mapping[str, Any]) -> Footprint:
    """Give what a row will take, under a name of its own as long as it has no id."""
    properties, points = parted(CLAIM, row)
    location = points["location"]
    return footprint_of(
        {
            **_UNKNOWN,
            **properties,
            "id": name,
            "owner_id": owner_id,
            "exercise": unit.known[owner_id].exercise,
            "location": [location["longitude"], location["latitude"]],
        }
    )
