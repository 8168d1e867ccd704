"""Actions as the solver sees them: site, modes, windows, quiet hours, warrants, lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from opsplan.scheduling.problem.calendars import meeting
from opsplan.scheduling.problem.clearances import Clearances, claimed_slots
from opsplan.scheduling.problem.grid import FARTHEST_SLOT, Grid
from opsplan.scheduling.problem.index import Hindrance, HindranceCode
from opsplan.scheduling.problem.lookup import Bond, Lookup
from opsplan.scheduling.problem.pools import PoolKey
from opsplan.scheduling.problem.quiet import Quiet
from opsplan.scheduling.problem.snapshot import (
    ReadAction,
    ReadLock,
    ReadMode,
    ReadResourceNeed,
    ReadUnitNeed,
    Snapshot,
)
from opsplan.scheduling.problem.ways import Ways
from opsplan.vocabulary.clock import minute_text
from opsplan.vocabulary.sentences import Sentence, say
from solver import Action, Interval, Kept, Lock, Mode, ResourceNeed, UnitNeed, merged

_NO_MODE = Mode(1, name="no mode")


@dataclass(frozen=True, slots=True)
class Workshop:
    """What making an action needs beside its own rows."""

    snapshot: Snapshot
    lookup: Lookup
    grid: Grid
    ways: Ways
    quiet: Quiet
    pools: Mapping[PoolKey, int]
    cost_scale: int
    clearances: Clearances


def make_action(action: ReadAction, shop: Workshop, hindrances: list[Hindrance]) -> Action:
    """Make one action; add to `hindrances` whatever leaves it without any place."""
    grid = shop.grid
    operation = shop.snapshot.operation
    modes = shop.lookup.modes.get(action.id, [])
    frozen_until = None if action.id in shop.lookup.lock else shop.snapshot.frozen_until
    first, last = max(action.window_start, operation.start), min(action.window_end, operation.end)
    window = grid.inward(first if frozen_until is None else max(first, frozen_until), last)
    hindrances.extend(_what_is_missing(action, bool(modes)))
    if frozen_until is not None and window is None and grid.inward(first, last) is not None:
        hindrances.append(_frozen_over(action, frozen_until))
    elif window is None:
        hindrances.append(_outside(action, operation.start, operation.end))
    hindrances.extend(
        Hindrance(
            HindranceCode.REFUSED_BY_HOST,
            say(
                "The approving authority {authority} refuses it: {reason}", authority=each.authority, reason=each.reason
            ),
            {"authority": each.authority, "reason": each.reason},
        )
        for each in shop.lookup.refused.get(action.id, ())
    )
    lock, misfit = _lock(action, shop)
    if misfit is not None:
        hindrances.append(misfit)
    return Action(
        name=action.name,
        site=shop.ways.site_of_action[action.id],
        modes=tuple(_mode(mode, action, shop) for mode in modes) or (_NO_MODE,),
        windows=() if window is None or hindrances else (window,),
        forbidden=_forbidden(action, window, shop),
        warrants=_warranted(action, shop),
        weight=action.priority,
        mandatory=action.mandatory,
        expected_victims=action.expected_victims,
        due_slot=_due_slot(action.due, grid),
        lock=lock,
        kept=_kept(action, shop),
        claimed=_claimed(action, window, shop),
    )


def _what_is_missing(action: ReadAction, has_modes: bool) -> list[Hindrance]:
    found = []
    if action.point is None:
        found.append(
            Hindrance(
                HindranceCode.NO_LOCATION, say("It has no location; give it a point, or a compound that has one.")
            )
        )
    if action.country is None:
        found.append(
            Hindrance(
                HindranceCode.NO_HOST_COUNTRY,
                say("Its host country is not certain; name the country, or settle where its compound lies."),
            )
        )
    if not has_modes:
        found.append(
            Hindrance(HindranceCode.NO_MODE, say("No mode has been entered for it: nobody says how it is done."))
        )
    return found


def _outside(action: ReadAction, start: datetime, end: datetime) -> Hindrance:
    return Hindrance(
        HindranceCode.OUTSIDE_OPERATION,
        say(
            "Its window from {first} to {last} leaves no time inside the operation, which lasts from {start} to {end}.",
            first=minute_text(action.window_start),
            last=minute_text(action.window_end),
            start=minute_text(start),
            end=minute_text(end),
        ),
        {
            "window_start": minute_text(action.window_start),
            "window_end": minute_text(action.window_end),
            "operation_start": minute_text(start),
            "operation_end": minute_text(end),
        },
    )


def _frozen_over(action: ReadAction, frozen_until: datetime) -> Hindrance:
    return Hindrance(
        HindranceCode.INSIDE_FROZEN_TIME,
        say(
            "Its window ends at {last}, and nothing new begins before {frozen_until}, until which the plan is frozen.",
            last=minute_text(action.window_end),
            frozen_until=minute_text(frozen_until),
        ),
        {"window_end": minute_text(action.window_end), "frozen_until": minute_text(frozen_until)},
    )


def _mode(mode: ReadMode, action: ReadAction, shop: Workshop) -> Mode:
    return Mode(
        duration_slots=shop.grid.up(mode.duration_minutes),
        unit_needs=tuple(_unit_need(need, shop.lookup) for need in shop.lookup.unit_needs.get(mode.id, ())),
        resource_needs=tuple(
            _resource_need(need, action, shop) for need in shop.lookup.resource_needs.get(mode.id, ())
        ),
        cost=mode.cost * shop.cost_scale,
        name=mode.name,
    )


def _unit_need(need: ReadUnitNeed, lookup: Lookup) -> UnitNeed:
    return UnitNeed(
        kind=lookup.unit_kind[need.kind],
        type=need.type,
        count=need.count,
        skills=tuple(sorted(lookup.language[language] for language in set(need.languages))),
    )


def _resource_need(need: ReadResourceNeed, action: ReadAction, shop: Workshop) -> ResourceNeed:
    first = shop.grid.down(need.after_start_minutes)
    last = shop.grid.up(need.after_start_minutes + need.held_minutes)
    return ResourceNeed(shop.pools[pool_of(need, action)], need.amount, first, last - first)


def pool_of(need: ReadResourceNeed, action: ReadAction) -> PoolKey:
    """Give the pool that a need of an action draws on."""
    return PoolKey(action.country or "", need.kind, need.language or "")


def _forbidden(action: ReadAction, window: Interval | None, shop: Workshop) -> tuple[Interval, ...]:
    if window is None or action.country is None:
        return ()
    return meeting(window, shop.quiet.slots(action.country, action.kind, shop.ways.zones[action.id]))


def _claimed(action: ReadAction, window: Interval | None, shop: Workshop) -> tuple[Interval, ...]:
    """Give when others claim what is too near; nothing for what must stay where it is, whoever came near since."""
    if window is None or action.id in shop.lookup.lock:
        return ()
    return claimed_slots(shop.clearances.get(action.id, ()), window)


def _warranted(action: ReadAction, shop: Workshop) -> tuple[Interval, ...] | None:
    rows = shop.lookup.warrants.get(action.id)
    if rows is None:
        return None
    # Merged as instants first: two warrants that adjoin inside a slot leave no gap.
    spans: list[tuple[datetime, datetime]] = []
    for start, end in sorted((row.start, row.end) for row in rows):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return merged(found for found in (shop.grid.inward(*span) for span in spans) if found is not None)


def _due_slot(due: datetime | None, grid: Grid) -> int | None:
    if due is None:
        return None
    slot = (due - grid.epoch) // grid.slot
    return slot if abs(slot) <= FARTHEST_SLOT else (None if slot > 0 else -FARTHEST_SLOT)


def _lock(action: ReadAction, shop: Workshop) -> tuple[Lock | None, Hindrance | None]:
    row = shop.lookup.lock.get(action.id)
    if row is None:
        return None, None
    start_slot = shop.grid.slot_at(row.start)
    modes = shop.lookup.modes.get(action.id, [])
    mode = next((number for number, each in enumerate(modes) if each.id == row.mode_id), None)
    refusals = shop.lookup.refused.get(action.id, ())
    if start_slot is None or not 0 <= start_slot < shop.grid.horizon_slots:
        words = say("its start {start} no longer lies in the operation's time", start=minute_text(row.start))
        return Lock(), _misfit(row, words, shop)
    if mode is None:
        return Lock(start_slot), _misfit(row, say("its mode has been retired"), shop)
    if any(unit not in shop.lookup.unit for _, units in row.staffing for unit in units):
        return Lock(start_slot, mode), _misfit(row, say("one of its units is no longer offered"), shop)
    units = _locked_units(row, modes[mode], shop.lookup)
    if units is None:
        return Lock(start_slot, mode), _misfit(row, say("its mode now needs other units"), shop)
    if refusals:
        who = say("the approving authority {authority} refuses it", authority=refusals[0].authority)
        return Lock(start_slot, mode, units), _misfit(row, who, shop)
    return Lock(start_slot, mode, units), None


def _kept(action: ReadAction, shop: Workshop) -> Kept | None:
    """Give where the earlier plan has it, with those of its units that can still be sent; None where no trace is left.

    A start that lies off the grid by now, or in a mode that is no more, is no place that could be kept.
    """
    row = shop.lookup.earlier.get(action.id)
    if row is None:
        return None
    start_slot = shop.grid.slot_at(row.start)
    modes = shop.lookup.modes.get(action.id, [])
    mode = next((number for number, each in enumerate(modes) if each.id == row.mode_id), None)
    if start_slot is None or mode is None or abs(start_slot) > FARTHEST_SLOT:
        return None
    staffing, known = dict(row.staffing), shop.lookup.unit
    needs = shop.lookup.unit_needs.get(modes[mode].id, [])
    units = [sorted(known[unit] for unit in staffing.get(need.id, ()) if unit in known) for need in needs]
    return Kept(start_slot, mode, tuple(tuple(some[: need.count]) for some, need in zip(units, needs, strict=True)))


def _locked_units(row: ReadLock, mode: ReadMode, lookup: Lookup) -> tuple[tuple[int, ...], ...] | None:
    needs = lookup.unit_needs.get(mode.id, [])
    staffing = dict(row.staffing)
    if set(staffing) != {need.id for need in needs}:
        return None
    if any(len(staffing[need.id]) != need.count for need in needs):
        return None
    return tuple(tuple(sorted(lookup.unit[unit] for unit in staffing[need.id])) for need in needs)


def _misfit(row: ReadLock, why: Sentence, shop: Workshop) -> Hindrance:
    bond = shop.lookup.bond[row.action_id]
    bound = {
        Bond.PINNED: say("pinned to its place in the draft"),
        Bond.FROZEN: say("frozen in its place, where it starts at {start}", start=minute_text(row.start)),
        Bond.TOLD: say("NOTIFIED and so kept to its place in the published plan"),
        Bond.LOCKED: say("locked to its place in the published plan"),
    }[bond]
    return Hindrance(
        HindranceCode.LOCK_DOES_NOT_FIT,
        say("It is {bound}, but {why}.", bound=bound, why=why),
        {"planned_action": row.id, "start": minute_text(row.start), "bond": bond.value},
    )
