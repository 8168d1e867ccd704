"""Whether what is taken up is there."""

from collections import defaultdict
from collections.abc import Iterator
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
        there = _there(case.facts, pool)
        exceeded = False
        for instant in sorted({turn for use in uses for turn in _turns(use.span)} | {turn for turn, _ in there}):
            now = [use for use in uses if use.span.start <= instant < use.span.end]
            used = sum(use.amount for use in now)
            offered = max(0, sum(gain for turn, gain in there if turn <= instant))
            if used > offered and not exceeded:
                sentence = f"{used} of {pool} are taken up at {instant:%Y-%m-%dT%H:%MZ}; {offered} are there."
                yield Breach("capacity", tuple(sorted({use.action_id for use in now})), sentence)
            exceeded = used > offered


def _there(facts: Facts, pool: Pool) -> list[tuple[datetime, int]]:
    """Give by how much the amount of a pool that is there rises or falls, and when."""
    own = [resource for resource in facts.resources if resource.pool == pool]
    turns: list[tuple[datetime, int]] = []
    for span, amount in (entry for resource in own for entry in resource.capacities):
        turns += [(span.start, amount), (span.end, -amount)]
    sharing = {operation for resource in own for operation in resource.offered_to}
    for use in facts.elsewhere:
        if use.operation_id in sharing and use.country == pool.country:
            for need in use.resource_needs:
                if (need.kind, need.language) == (pool.kind, pool.language):
                    start = use.span.start + need.after
                    turns += [(start, -need.amount), (start + need.held, need.amount)]
    return turns


def _turns(span: Span) -> tuple[datetime, datetime]:
    return span.start, span.end
