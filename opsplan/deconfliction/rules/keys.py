"""The keys that a commit has to show, and what stands for what its committer may not know of.

As in airspace (ASTM F3548-21, the operational intents' keys), who commits a plan shows one key for each plan that it
conflicts with, and so proves that he has seen them as they are. For what is hidden from him but points to whom to call,
one key stands for all that one agency has there.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.vocabulary.sensitivity import Sensitivity


@dataclass(frozen=True, slots=True)
class Needed:
    """A key to show for a claim, and what it stands for: a meeting that may be known, or whom to call where not."""

    key: str
    one: Footprint
    contact_id: str
    meeting: Meeting | None = None


def needed_keys(one: Footprint, meetings: Sequence[Meeting]) -> list[Needed]:
    """Give the keys that a claim's owner has to show for what it meets, each once, what may be known first."""
    known = [
        Needed(each.other.key, one, each.other.owner_id, each)
        for each in meetings
        if each.other.is_read_by(one.owner_id)
    ]
    pointers: dict[str, list[str]] = {}
    for each in meetings:
        if each.other.sensitivity is Sensitivity.POINTER and not each.other.is_read_by(one.owner_id):
            pointers.setdefault(each.other.owner_id, []).append(each.other.cover_key)
    blind = [Needed(blind_key(one.owner_id, covers), one, contact) for contact, covers in sorted(pointers.items())]
    return known + blind


def blind_key(agency_id: str, cover_keys: Iterable[str]) -> str:
    """Give the key that stands, for an agency, for hidden claims of one other: it changes only when they do.

    What it is made of is random and never told, so that it tells nothing but whether it is the same as before.
    """
    made_of = "\n".join([agency_id, *sorted(set(cover_keys))])
    return "blind-" + hashlib.sha256(made_of.encode()).hexdigest()[:32]
