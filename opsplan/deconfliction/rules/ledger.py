"""What claims hold of a pool over time, and where two of them hold, with others, more than there is."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from opsplan.deconfliction.rules.footprint import Footprint, Hiding, holds_as_seen
from opsplan.deconfliction.rules.holds import Pool, Spell
from opsplan.deconfliction.rules.meeting import is_hidden
from opsplan.vocabulary.sensitivity import Sensitivity

_Amounts: TypeAlias = NDArray[np.int64]
_Held: TypeAlias = NDArray[np.int64]
"""Two rows: how much is held at each instant, and by how many claims."""
_Span: TypeAlias = tuple[int, int, int]
"""From which tight instant until which, by number, how much."""


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
    _spans: dict[tuple[str, bool], list[_Span]] = field(default_factory=dict)

    def excesses(self, one: Footprint) -> Iterator[tuple[Footprint, Excess]]:
        """Give the claims that one conflicts with, each with the worst of it."""
        if not self.is_tight_for(one):
            return
        first, last = self._reach
        mine = self._place_of[one.claim_id]
        places = np.flatnonzero((first < last[mine]) & (last > first[mine])).tolist()
        with_it = [self._in_order[place] for place in places]
        at = _At(int(first[mine]), int(last[mine]))
        # By place: what those hold together that are open and came before.
        ahead = np.cumsum(np.stack([at.nothing, *(self._of_open(each, at) for each in with_it)]), axis=0)
        closed = [(place, each) for place, each in enumerate(with_it) if each.sensitivity is not Sensitivity.OPEN]
        mine = places.index(mine)
        for its, other in enumerate(with_it):
            if _joint(other) != _joint(one):
                came = max(mine, its)
                before = [each for place, each in closed if place < came]
                found = self._excess(one, other, with_it[came], ahead[came], before, at)
                if found is not None:
                    yield other, found

    def is_tight_for(self, one: Footprint) -> bool:
        """Whether there might be too little of it at some instant at which a claim holds of it."""
        return bool(self._spans_of(one, is_seen=True))

    def _excess(
        self, one: Footprint, other: Footprint, later: Footprint, held: _Held, closed: Sequence[Footprint], at: "_At"
    ) -> Excess | None:
        """Give the conflict of two; `held` is what those hold that are open and came before the later of them.

        Of those who did, `closed` are those that are not open.
        """
        mine, _ = self._held(one, at, is_seen=not one.is_read_by(other.owner_id))
        its, _ = self._held(other, at, is_seen=not other.is_read_by(one.owner_id))
        both = (mine > 0) & (its > 0)
        if not both.any():
            return None
        others = held - self._of_open(one if later is other else other, at)
        for each in closed:
            if each.claim_id not in (one.claim_id, other.claim_id) and _is_known_to_all(each, one, other):
                others += self._held(each, at)
        total = mine + its + others[0]
        lack = np.where(both, total - self._there[at.first : at.last], 0)
        worst = int(np.argmax(lack))
        return self._told(worst, total, both, 2 + int(others[1][worst]), at) if lack[worst] > 0 else None

    def _told(self, worst: int, total: _Amounts, both: NDArray[np.bool_], claims: int, at: "_At") -> Excess:
        """Give the worst instant with all after it at which it is the same."""
        tight, there = self._tight[at.first : at.last], self._there[at.first : at.last]
        last = worst
        while (
            last + 1 < len(total)
            and tight[last + 1] == tight[last] + 1
            and both[last + 1]
            and (total[last + 1], there[last + 1]) == (total[worst], there[worst])
        ):
            last += 1
        start, end = self._instants[tight[worst]], self._instants[tight[last] + 1]
        return Excess(self.pool, int(total[worst]), claims, int(there[worst]), start, end)

    @cached_property
    def _in_order(self) -> list[Footprint]:
        """Those that hold where there may be too little, in the order in which they came."""
        return sorted(filter(self.is_tight_for, self.claims), key=_place)

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {each.claim_id: place for place, each in enumerate(self._in_order)}

    @cached_property
    def _reach(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """By place in the order: the first tight instant at which a claim holds, and the one after the last."""
        spans = [self._spans_of(each, is_seen=True) for each in self._in_order]
        return np.array([each[0][0] for each in spans]), np.array([each[-1][1] for each in spans])

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

    def _of_open(self, claim: Footprint, at: "_At") -> _Held:
        return self._held(claim, at) if claim.sensitivity is Sensitivity.OPEN else at.nothing

    def _held(self, claim: Footprint, at: "_At", *, is_seen: bool = False) -> _Held:
        """Give what a claim holds at some of the tight instants."""
        held = at.nothing
        for first, last, amount in self._spans_of(claim, is_seen=is_seen):
            held[0, max(first - at.first, 0) : max(last - at.first, 0)] = amount
        held[1] = held[0] > 0
        return held

    def _spans_of(self, claim: Footprint, *, is_seen: bool) -> list[_Span]:
        which = (claim.claim_id, is_seen)
        if which not in self._spans:
            spells = [(self._number[start], self._number[end], amount) for start, end, amount in self._spells[which]]
            spans = [(*np.searchsorted(self._tight, each[:2]).tolist(), each[2]) for each in spells]
            self._spans[which] = [each for each in spans if each[0] < each[1]]
        return self._spans[which]


@dataclass(frozen=True, slots=True)
class _At:
    """Some of the tight instants of a ledger, by number: from the first, up to but not including the last."""

    first: int
    last: int

    @property
    def nothing(self) -> _Held:
        return np.zeros((2, self.last - self.first), dtype=np.int64)


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
