"""When a unit may be used, as intervals of slots."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.snapshot import ReadAbsence, ReadUnit, ReadUnitClaim, ReadUnitOffer
from solver import Interval, merged

SlotsAround: TypeAlias = Callable[[ReadUnitClaim], tuple[int, int]]
"""For a claim on a unit: slots that it may need to get to the claim's site, and slots from there to its home."""


def availability(
    unit: ReadUnit,
    grid: Grid,
    offers: Sequence[ReadUnitOffer],
    bound: Sequence[Interval],
    absences: Iterable[ReadAbsence],
    claims: Iterable[ReadUnitClaim],
    slots_around: SlotsAround,
) -> tuple[Interval, ...]:
    """Give the slots in which the unit may be used: when it is offered, without absences and other operations' use.

    A unit that nobody offers stands in the problem because locks bind it: it may be used in the slots `bound` to them
    and in no others.
    """
    horizon = grid.horizon
    if horizon is None:
        return ()
    spans: Sequence[Interval | None] = [grid.inward_open(offer.start, offer.end) for offer in offers]
    if not offers:
        spans = (horizon,) if unit.offered else bound
    whole = common(merged(span for span in spans if span is not None), horizon)
    taken = [grid.outward(absence.start, absence.end) for absence in absences]
    rest = timedelta(minutes=unit.min_rest_minutes)
    for claim in claims:
        held = grid.outward(claim.start - rest, claim.end + rest)
        if held is not None:
            there_slots, home_slots = slots_around(claim)
            taken.append(Interval(held.start_slot - there_slots, held.end_slot + home_slots))
    known = [interval for interval in taken if interval is not None]
    return tuple(left for span in whole for left in without(span, known))


def without(whole: Interval, taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Give what is left of `whole`, sorted and merged.

    >>> without(Interval(0, 10), [Interval(4, 6), Interval(5, 7), Interval(9, 20)])
    (Interval(start_slot=0, end_slot=4), Interval(start_slot=7, end_slot=9))
    """
    left: list[Interval] = []
    start = whole.start_slot
    for interval in merged(taken):
        if interval.end_slot <= start:
            continue
        if interval.start_slot >= whole.end_slot:
            break
        if interval.start_slot > start:
            left.append(Interval(start, interval.start_slot))
        start = interval.end_slot
    if start < whole.end_slot:
        left.append(Interval(start, whole.end_slot))
    return tuple(left)


def common(intervals: Iterable[Interval], whole: Interval) -> tuple[Interval, ...]:
    """Give the parts of sorted, merged `intervals` that lie in `whole`.

    >>> common([Interval(-5, 2), Interval(4, 6), Interval(8, 99)], Interval(0, 10))
    (Interval(start_slot=0, end_slot=2), Interval(start_slot=4, end_slot=6), Interval(start_slot=8, end_slot=10))
    """
    return tuple(
        Interval(max(each.start_slot, whole.start_slot), min(each.end_slot, whole.end_slot))
        for each in intervals
        if each.meets(whole.start_slot, whole.end_slot)
    )


def meeting(window: Interval, intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Give those of `intervals` that share a slot with `window`, sorted and merged."""
    return merged(each for each in intervals if each.meets(window.start_slot, window.end_slot))
