"""Whether more is held of a pool than there is, and who is told: those who came later, with those who came before.

Two claims conflict where, at an instant at which both hold of a pool, what they hold is more than there is, together
with what those hold who came before the later of the two. So whoever overfills a pool meets all who hold of it, and
they do not all meet each other. Of the others only those count that all may read who may read the conflict, and where
one of the two is hidden from the other's owner, only those that are open: so nothing hidden shows in it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from opsplan.deconfliction.model import ConflictKind, Severity
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, holds_as_seen
from opsplan.deconfliction.rules.holds import Pool, Spell
from opsplan.deconfliction.rules.meeting import Meeting, is_hidden
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.sensitivity import Sensitivity
from opsplan.vocabulary.sentences import say

RULE: Final = "CAPACITY"

_Amounts: TypeAlias = NDArray[np.int64]
_Held: TypeAlias = NDArray[np.int64]
"""Two rows: how much is held at each instant, and by how many claims."""


@dataclass(frozen=True, slots=True)
class Excess:
    """Where two claims hold, with others, more of a pool than there is: the worst of it, and when that is.

    Attributes
    ----------
    pool
        Of what.
    amount, claims, available
        How much is held by how many claims, and how much there is.
    start, end
        From when until when, exclusive.
    """

    pool: Pool
    amount: int
    claims: int
    available: int
    start: datetime
    end: datetime

    @property
    def lack(self) -> int:
        """How much more is held than there is."""
        return self.amount - self.available


@dataclass
class Ledger:
    """What claims hold of one pool in a time, and how much there is of it.

    Attributes
    ----------
    pool
        The pool.
    claims
        All that hold of it in that time.
    available
        How much there is: entries that add up.
    hiding
        How what is hidden is seen.
    """

    pool: Pool
    claims: Sequence[Footprint]
    available: Sequence[Spell]
    hiding: Hiding
    _kept: dict[tuple[str, bool], _Held] = field(default_factory=dict)
    _places: dict[str, list[int]] = field(default_factory=dict)
    _read: dict[str, list[Footprint]] = field(default_factory=dict)

    def excesses(self, one: Footprint) -> Iterator[tuple[Footprint, Excess]]:
        """Give the claims that one conflicts with, each with the worst of it."""
        if not self.is_tight_for(one):
            return
        place = self._place_of[one.claim_id]
        for number in self._beside(_joint(one)):
            other = self._in_order[number]
            later = one if place > number else other
            yield from self._excess(one, other, self._open_ahead[max(place, number)], later)

    def is_tight_for(self, one: Footprint) -> bool:
        """Whether there might be too little of it at some instant at which a claim holds of it."""
        return bool(self._tight.size and self._held(one, is_seen=True)[0].any())

    def _excess(
        self, one: Footprint, other: Footprint, held: _Held, later: Footprint
    ) -> Iterator[tuple[Footprint, Excess]]:
        """Give the conflict of two; `held` is what those hold that are open and came before the later of them."""
        mine, _ = self._held(one, is_seen=not one.is_read_by(other.owner_id))
        its, _ = self._held(other, is_seen=not other.is_read_by(one.owner_id))
        both = (mine > 0) & (its > 0)
        if not both.any():
            return
        others = held - self._of_open(one if later is other else other)
        for each in min(self._closed_to(one.owner_id), self._closed_to(other.owner_id), key=len):
            is_of_two = each.claim_id in (one.claim_id, other.claim_id)
            if not is_of_two and _place(each) < _place(later) and _is_known_to_all(each, one, other):
                others += self._held(each)
        total = mine + its + others[0]
        lack = np.where(both, total - self._there, 0)
        worst = int(np.argmax(lack))
        if lack[worst] > 0:
            yield other, self._told(worst, total, both, 2 + int(others[1][worst]))

    def _told(self, worst: int, total: _Amounts, both: NDArray[np.bool_], count: int) -> Excess:
        """Give the worst instant with all after it at which it is the same."""
        last = worst
        while (
            last + 1 < len(total)
            and self._tight[last + 1] == self._tight[last] + 1
            and both[last + 1]
            and (total[last + 1], self._there[last + 1]) == (total[worst], self._there[worst])
        ):
            last += 1
        start, end = self._instants[self._tight[worst]], self._instants[self._tight[last] + 1]
        return Excess(self.pool, int(total[worst]), count, int(self._there[worst]), start, end)

    @cached_property
    def _in_order(self) -> list[Footprint]:
        """Those that hold where there may be too little, in the order in which they came."""
        return sorted(filter(self.is_tight_for, self.claims), key=_place)

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {each.claim_id: place for place, each in enumerate(self._in_order)}

    @cached_property
    def _open_ahead(self) -> NDArray[np.int64]:
        """By place in the order: what those hold together that are open and came before it."""
        held = [self._nothing, *(self._of_open(each) for each in self._in_order)]
        return np.cumsum(np.stack(held), axis=0)

    def _beside(self, joint: str) -> list[int]:
        """Give the places in the order of those that are not of one plan with others."""
        if joint not in self._places:
            self._places[joint] = [place for place, each in enumerate(self._in_order) if _joint(each) != joint]
        return self._places[joint]

    def _closed_to(self, agency_id: str) -> list[Footprint]:
        """Give those that are not open and that an agency reads."""
        if agency_id not in self._read:
            those = (each for each in self._in_order if each.sensitivity is not Sensitivity.OPEN)
            self._read[agency_id] = [each for each in those if each.is_read_by(agency_id)]
        return self._read[agency_id]

    @cached_property
    def _spells(self) -> dict[tuple[str, bool], list[Spell]]:
        """What each claim holds of the pool: exactly, and (True) as those see it from whom it is hidden."""
        return {
            (each.claim_id, is_seen): [(hold.start, hold.end, hold.amount) for hold in holds if hold.pool == self.pool]
            for each in self.claims
            for is_seen, holds in ((False, each.holds), (True, holds_as_seen(each, self.hiding)))
        }

    @cached_property
    def _instants(self) -> list[datetime]:
        """All instants at which something changes for somebody."""
        spells = chain(self.available, *self._spells.values())
        return sorted({instant for start, end, _ in spells for instant in (start, end)})

    @cached_property
    def _number(self) -> dict[datetime, int]:
        return {instant: number for number, instant in enumerate(self._instants)}

    @cached_property
    def _supply(self) -> _Amounts:
        """How much there is from each instant until the next."""
        return self._added(self.available)

    @cached_property
    def _tight(self) -> NDArray[np.intp]:
        """The instants from which until the next there may be too little for plans that are not one.

        That is, were all held that is seen of any claim.
        """
        seen: dict[str, list[Spell]] = {}
        for each in self.claims:
            seen.setdefault(_joint(each), []).extend(self._spells[each.claim_id, True])
        too_much = self._added(chain(*seen.values())) > self._supply
        if not too_much.any():
            return np.flatnonzero(too_much)
        plans = np.zeros(len(too_much), dtype=np.int64)
        for spells in seen.values():
            plans += self._added(spells) > 0
        return np.flatnonzero(too_much & (plans > 1))

    @cached_property
    def _there(self) -> _Amounts:
        return self._supply[self._tight]

    def _added(self, spells: Iterable[Spell]) -> _Amounts:
        turns = np.zeros(len(self._instants), dtype=np.int64)
        for start, end, amount in spells:
            turns[self._number[start]] += amount
            turns[self._number[end]] -= amount
        return np.cumsum(turns)

    def _of_open(self, claim: Footprint) -> _Held:
        return self._held(claim) if claim.sensitivity is Sensitivity.OPEN else self._nothing

    @cached_property
    def _nothing(self) -> _Held:
        return np.zeros((2, len(self._tight)), dtype=np.int64)

    def _held(self, claim: Footprint, *, is_seen: bool = False) -> _Held:
        """Give what a claim holds at each instant at which there may be too little."""
        which = (claim.claim_id, is_seen)
        if which not in self._kept:
            amounts = self._added(self._spells[which])[self._tight]
            self._kept[which] = np.stack((amounts, (amounts > 0).astype(np.int64)))
        return self._kept[which]


def capacity_meetings(one: Footprint, ledgers: Iterable[Ledger]) -> list[Meeting]:
    """Give the conflicts of a claim in all pools that it holds of, one for each other claim."""
    found: dict[str, tuple[Footprint, list[Excess]]] = {}
    for ledger in ledgers:
        for other, excess in ledger.excesses(one):
            found.setdefault(other.claim_id, (other, []))[1].append(excess)
    return [_meeting(one, other, excesses) for _, (other, excesses) in sorted(found.items())]


def _meeting(one: Footprint, other: Footprint, excesses: Sequence[Excess]) -> Meeting:
    ordered = sorted(excesses, key=lambda each: (each.pool, each.start))
    worst = max(ordered, key=lambda each: each.lack)
    sentence = say(
        "Of {pool} there are {available}; {count} claims hold {amount} from {start} until {end}.",
        count=worst.claims,
        amount=worst.amount,
        pool=worst.pool.title,
        start=instant_text(worst.start),
        end=instant_text(worst.end),
        available=worst.available,
    )
    return Meeting(
        one,
        other,
        ConflictKind.CAPACITY,
        RULE,
        0,
        Severity.SERIOUS,
        is_hidden(one, other),
        sentence=sentence,
        facts={"pools": [_facts(each) for each in ordered]},
    )


def _facts(excess: Excess) -> Mapping[str, Any]:
    return {
        "country": excess.pool.country,
        "kind": excess.pool.kind,
        "language": excess.pool.language or None,
        "amount": excess.amount,
        "claims": excess.claims,
        "available": excess.available,
        "from": instant_text(excess.start),
        "until": instant_text(excess.end),
    }


def _place(claim: Footprint) -> tuple[float, str]:
    """Give the place in the order in which claims came; those that are being committed come last."""
    return (math.inf if claim.held_since is None else claim.held_since), claim.claim_id


def _joint(claim: Footprint) -> str:
    """Give what is the same of claims of one operation, which do not conflict."""
    return claim.claim_id if claim.operation_id is None else claim.operation_id


def _is_known_to_all(third: Footprint, one: Footprint, other: Footprint) -> bool:
    """Whether a claim that is not open may be read by both owners and by all who may read both claims.

    Where one of the two is hidden from the other's owner, none is said to be: who reads it would show in the answer.
    """
    if is_hidden(one, other):
        return False
    readers = {third.owner_id, *third.read_by}
    closed = [{each.owner_id, *each.read_by} for each in (one, other) if each.sensitivity is not Sensitivity.OPEN]
    return {one.owner_id, other.owner_id} <= readers and bool(closed) and set.intersection(*closed) <= readers
