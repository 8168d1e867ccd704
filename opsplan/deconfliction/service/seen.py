"""What whoever commits has seen: the keys that he shows, held against those that he needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from opsplan.deconfliction.model import CLAIM
from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.keys import Needed, needed_keys
from opsplan.deconfliction.service.looking import Met
from opsplan.deconfliction.service.override import announce_override, cleared_claims
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.sentences import Sentence, say

_MOST_TOLD: Final = 20
"""Sentences, and claims of one's own, that are told with a key."""


async def refuse_unseen(
    unit: Unit, standing: Sequence[Footprint], committed: frozenset[str], meetings: Sequence[Met]
) -> None:
    """Refuse a write that does not show the keys of all that its claims conflict with, but for each other.

    What cannot wait is committed all the same and announced, but for what is activated and may be known.

    Parameters
    ----------
    unit
        The write, with the keys shown.
    standing
        The claims that the write has touched, or is about to make.
    committed
        Ids of those for which whoever writes has to show what he has seen.
    meetings
        What they meet.

    Raises
    ------
    KeysMissing
        With exactly the keys that are missing.
    """
    missing: dict[str, list[Needed]] = {}
    for footprint, met in meetings:
        if footprint.claim_id not in committed:
            continue
        for needed in needed_keys(footprint, [each for each in met if each.other.claim_id not in committed]):
            if needed.key not in unit.seen:
                missing.setdefault(needed.key, []).append(needed)
    if not missing:
        return
    if unit.exigent is not None:
        those = {key: needs[0].meeting.other.claim_id for key, needs in missing.items() if needs[0].meeting is not None}
        cleared = await cleared_claims(unit, those.values())
        passed = {key: needs for key, needs in missing.items() if those.get(key) not in cleared}
        if passed == missing:
            await _announce(unit, standing, passed)
            return
        missing = {key: needs for key, needs in missing.items() if key not in passed}
    refusal = KeysMissing(
        _not_seen(len(missing)) if unit.exigent is None else _not_passed_over(len(missing)),
        field="seen",
        remedy=say("read what is missing, settle it with its owners or change your plan, and show the keys"),
        missing=_all_told(unit, missing.values()),
    )
    refusal.met_hidden = tuple(hidden_met(committed, meetings))
    unit.tx.let_return()
    raise refusal


def hidden_met(committed: frozenset[str], meetings: Iterable[Met]) -> Iterator[tuple[str, str]]:
    """Give the claims that are hidden from whoever commits and that his claims meet, each with his agency."""
    for one, met in meetings:
        if one.claim_id in committed:
            for each in met:
                if not each.other.is_read_by(one.owner_id):
                    yield each.other.claim_id, one.owner_id


async def _announce(unit: Unit, standing: Sequence[Footprint], passed: Mapping[str, Sequence[Needed]]) -> None:
    claims = {need.one.claim_id for needs in passed.values() for need in needs}
    owners = {each.claim_id: (each.owner_id, each.exercise) for each in standing if each.claim_id in claims}
    await announce_override(unit, str(unit.exigent), _all_told(unit, passed.values()), owners)


def _not_seen(count: int) -> Sentence:
    if count == 1:
        return say("It conflicts with another claim, or an agency's hidden work, whose key you have not shown.")
    return say("It conflicts with {count} claims or agencies' hidden work whose keys you have not shown.", count=count)


def _not_passed_over(count: int) -> Sentence:
    if count == 1:
        return say("It conflicts with an action that is activated or under way: that is not passed over.")
    return say(
        "It conflicts with {count} actions that are activated or under way: these are not passed over.", count=count
    )


def _all_told(unit: Unit, missing: Iterable[Sequence[Needed]]) -> tuple[dict[str, Any], ...]:
    made = (each for each in unit.changes if each["noun"] == CLAIM.name and each["kind"] == ChangeKind.CREATED)
    new = frozenset(each["record_id"] for each in made)
    return tuple(_told(each, new) for each in missing)


def _told(those: Sequence[Needed], new: frozenset[str]) -> dict[str, Any]:
    """Give what is told of a key: of one that stands for what is hidden, whom to call and nothing else.

    And of which of the caller's own claims it is asked for; those that are `new`, or not made yet, have no id that
    would outlive a refusal.
    """
    needed = those[0]
    met = needed.meeting
    own = {each.one.claim_id: each.one for each in sorted(those, key=lambda each: each.one.external_id or "")}
    return {
        "key": needed.key,
        "contact_id": needed.contact_id,
        "claim_id": None if met is None else met.other.claim_id,
        "kind": None if met is None else met.kind.name,
        "rule": None if met is None else met.rule,
        "rule_version": None if met is None else met.rule_version,
        "severity": None if met is None else met.severity.name,
        "distance_m": None if met is None else met.distance_m,
        "gap_minutes": None if met is None else met.gap_minutes,
        "sentences": _first({each.meeting.sentence: None for each in those if each.meeting is not None}),
        "own_claims": [
            {
                "claim_id": None if name in new or not one.key else name,
                "external_id": one.external_id,
                "action_id": one.action_id,
            }
            for name, one in _first(own.items())
        ],
        "own_claims_count": len(own),
    }


_Each = TypeVar("_Each")


def _first(those: Iterable[_Each]) -> list[_Each]:
    return list(islice(those, _MOST_TOLD))
