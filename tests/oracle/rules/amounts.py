"""Whether what is taken up is there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.breach import Breach
from tests.oracle.case import Case
from tests.oracle.facts import Facts, Pool, Span


@dataclass(frozen=True, slots=True)
class _Taken:
    span: Span
    amount: int
    action_id: str


def capacity(case: Case) -> Iterator[Breach]:
    """At no instant do the placed modes take up more of a pool than its resources hold; one breach per excess."""
    taken: defaultdict[Pool, list[_Taken]] = defaultdict(list)
    for placed in case.placed:
        for need in placed.mode.resource_needs:
            if placed.action.country is not None:
                start = placed.span.start + need.after
                pool = Pool(placed.action.country, need.kind, need.language)
                taken[pool].append(_Taken(Span(start, start + need.held), need.amount, placed.action.id))
    for pool, uses in taken.items():
        there = _There(case.facts, pool)
        exceeded = False
        for instant in sorted({turn for use in uses for turn in _turns(use.span)} | there.turns()):
            now = [use for use in uses if use.span.start <= instant < use.span.end]
            used = sum(use.amount for use in now)
            offered = there.amount(instant)
            if used > offered and not exceeded:
                sentence = f"{used} of {pool} are taken up at {instant:%Y-%m-%dT%H:%MZ}; {offered} are there."
                yield Breach("capacity", tuple(sorted({use.action_id for use in now})), sentence)
            exceeded = used > offered


class _There:
    """How much of a pool may be taken up: what is offered of it, and no more than other operations leave."""

    def __init__(self, facts: Facts, pool: Pool) -> None:
        self._own = [resource for resource in facts.resources if resource.pool == pool]
        sharing = {operation for resource in self._own for operation in resource.offered_to}
        self._elsewhere = [
            (Span(use.span.start + need.after, use.span.start + need.after + need.held), need.amount)
            for use in facts.elsewhere
            if use.operation_id in sharing and use.country == pool.country
            for need in use.resource_needs
            if (need.kind, need.language) == (pool.kind, pool.language)
        ]

    def turns(self) -> set[datetime]:
        """Give the instants at which the amount may change."""
        spans = [span for span, _ in self._elsewhere]
        spans += [span for resource in self._own for span, _ in (*resource.capacities, *resource.offers)]
        return {turn for span in spans for turn in _turns(span)}

    def amount(self, instant: datetime) -> int:
        """Give the amount at an instant."""
        held = [_sum(resource.capacities, instant) for resource in self._own]
        offered = [
            min(have, _sum(resource.offers, instant, all_of_it=have))
            for have, resource in zip(held, self._own, strict=True)
        ]
        return max(0, min(sum(offered), sum(held) - _sum(self._elsewhere, instant)))


def _sum(entries: Iterable[tuple[Span, int | None]], instant: datetime, all_of_it: int = 0) -> int:
    return sum(all_of_it if amount is None else amount for span, amount in entries if span.start <= instant < span.end)


def _turns(span: Span) -> tuple[datetime, datetime]:
    return span.start, span.end
