"""What makes an action impossible even in an otherwise empty plan."""

from __future__ import annotations

from solver.draft import Draft
from solver.explain.reason import Fact, Reason
from solver.facts import Facts
from solver.facts.slots import listed, span
from solver.problem import Action, Interval, UnitNeed


class _Everything:
    """Contains every action: no predecessor is missed."""

    def __contains__(self, action: object) -> bool:
        return True


def reasons_alone(facts: Facts, empty: Draft, action: int) -> tuple[Reason, ...]:
    """Return one reason per mode when the action is impossible by itself; nothing when some mode is possible.

    Parameters
    ----------
    facts
        The problem's facts.
    empty
        A draft with nothing placed.
    action
        The action in question; groups and predecessors are not looked at.
    """
    reasons = []
    for mode in range(len(facts.durations[action])):
        if empty.starts(action, mode, _Everything()):
            return ()
        reasons.append(_reason(facts, empty, action, mode))
    return tuple(reasons)


def _reason(facts: Facts, empty: Draft, index: int, mode: int) -> Reason:
    action = facts.problem.actions[index]
    duration_slots = facts.durations[index][mode]
    in_windows = _inside(action.windows, duration_slots, facts.horizon_slots)
    if not in_windows:
        longest = max((w.end_slot - w.start_slot for w in action.windows), default=0)
        message = f"{action.name} needs {duration_slots} slots and its longest window has {longest}."
        found: dict[str, Fact] = {
            "mode": mode,
            "duration_slots": duration_slots,
            "longest_window_slots": longest,
        }
        return Reason("WINDOW_TOO_SHORT", message, found)
    allowed = in_windows
    for interval in action.forbidden:
        allowed &= ~span(interval.start_slot - duration_slots + 1, interval.end_slot)
    if not allowed:
        message = f"Forbidden hours leave {action.name} no {duration_slots} slots in any window."
        found = {"mode": mode, "duration_slots": duration_slots}
        return Reason("FORBIDDEN_HOURS_COVER_WINDOW", message, found)
    for interval in action.claimed:
        allowed &= ~span(interval.start_slot - duration_slots + 1, interval.end_slot)
    if not allowed:
        message = f"What others claim leaves {action.name} no {duration_slots} slots in any window."
        found = {"mode": mode, "duration_slots": duration_slots}
        return Reason("CLAIMS_COVER_WINDOW", message, found)
    if action.warrants is not None:
        if not action.warrants:
            return Reason("WARRANT_MISSING", f"{action.name} needs a warrant and has none.", {"mode": mode})
        if not allowed & _inside(action.warrants, duration_slots, facts.horizon_slots):
            message = f"No warrant of {action.name} covers a time that its windows allow."
            return Reason("WARRANT_OUTSIDE_WINDOW", message, {"mode": mode, "warrants": len(action.warrants)})
    by_units = _unit_reason(facts, index, mode)
    if by_units is not None:
        return by_units
    by_capacity = _capacity_reason(facts, empty, index, mode)
    if by_capacity is not None:
        return by_capacity
    message = f"No start of {action.name} meets its windows, units and resources all at once."
    return Reason("CONDITIONS_DO_NOT_MEET", message, {"mode": mode})


def _inside(intervals: tuple[Interval, ...], duration_slots: int, horizon_slots: int) -> int:
    starts = 0
    for interval in intervals:
        last_slot = min(interval.end_slot, horizon_slots) - duration_slots
        starts |= span(interval.start_slot, last_slot + 1)
    return starts


def _unit_reason(facts: Facts, index: int, mode: int) -> Reason | None:
    """The first need that cannot be filled, with the first condition that leaves too few units."""
    problem = facts.problem
    action = problem.actions[index]
    host = facts.hosts[index]
    for number, need in enumerate(action.modes[mode].unit_needs):
        fitting = [
            unit
            for unit in problem.units
            if unit.kind == need.kind and unit.type <= need.type and set(need.skills).issubset(unit.skills)
        ]
        permitted = facts.candidates(index, mode, number)
        wanted = _wanted(facts, need)
        found: dict[str, Fact] = {
            "mode": mode,
            "need": number,
            "kind": need.kind,
            "type": need.type,
            "count": need.count,
            "fitting": len(fitting),
            "permitted": len(permitted),
            "country": host,
        }
        if len(fitting) < need.count:
            message = f"{action.name} needs {need.count} of {wanted}, and there are {len(fitting)}."
            return Reason("NO_UNIT_OF_TYPE", message, found)
        if len(permitted) < need.count:
            country = problem.countries[host].name
            message = f"{action.name} needs {need.count} of {wanted}; {len(permitted)} may act in {country}."
            return Reason("NO_PERMITTED_UNIT", message, found)
        allowed = facts.starts[index][mode]
        on_duty = [_available(facts, action, unit, mode, allowed) for unit in permitted]
        if not _at_least(need.count, on_duty):
            message = f"At no allowed start of {action.name} are {need.count} of {wanted} available."
            return Reason("NO_AVAILABLE_UNIT", message, found)
        if not _at_least(need.count, [starts for _, starts in facts.staff(index, mode, number)]):
            message = f"At no allowed start of {action.name} can {need.count} of {wanted} have come from home."
            return Reason("UNREACHABLE_IN_TIME", message, found)
    return None


def _wanted(facts: Facts, need: UnitNeed) -> str:
    kind = facts.problem.unit_kinds[need.kind]
    skills = " and ".join(facts.problem.skills[skill] for skill in need.skills)
    return f"{kind} type {need.type}" + (f" with {skills}" if skills else "")


def _available(facts: Facts, action: Action, unit: int, mode: int, allowed: int) -> int:
    duration_slots = action.modes[mode].duration_slots
    return allowed & _inside(facts.problem.units[unit].availability, duration_slots, facts.horizon_slots)


def _at_least(count: int, sets: list[int]) -> int:
    """Starts that lie in at least `count` of the sets."""
    levels = [0] * (count + 1)
    for starts in sets:
        for level in range(count, 1, -1):
            levels[level] |= levels[level - 1] & starts
        levels[1] |= starts
    return levels[count]


def _capacity_reason(facts: Facts, empty: Draft, index: int, mode: int) -> Reason | None:
    problem = facts.problem
    allowed = facts.starts[index][mode]
    for resource, amount, offset_slots, length_slots in facts.demands[index][mode]:
        profile = empty.profiles[resource]
        if allowed & ~profile.blocked_starts(amount, offset_slots, length_slots):
            continue
        slot, capacity = _best_shortfall(profile.segments(), allowed, offset_slots, length_slots)
        noun = problem.resources[resource]
        message = (
            f"{problem.actions[index].name} needs {amount} of {noun.name}; "
            f"at its best start there are {capacity} in slot {slot}."
            if noun.renewable
            else f"{problem.actions[index].name} uses up {amount} of {noun.name}, and there are {capacity} in all."
        )
        found: dict[str, Fact] = {
            "mode": mode,
            "resource": resource,
            "amount": amount,
            "capacity": capacity,
            "slot": slot,
        }
        return Reason("NOT_ENOUGH_CAPACITY", message, found)
    return None


def _best_shortfall(
    segments: list[tuple[int, int, int]], starts: int, offset_slots: int, length_slots: int
) -> tuple[int, int]:
    """The scarcest slot and its capacity at the start where that capacity is largest."""
    best: tuple[int, int] | None = None
    for start_slot in listed(starts):
        low, high = start_slot + offset_slots, start_slot + offset_slots + length_slots
        scarcest = min(
            (capacity, max(from_slot, low))
            for from_slot, until_slot, capacity in segments
            if from_slot < high and until_slot > low
        )
        if best is None or scarcest[0] > best[1]:
            best = (scarcest[1], scarcest[0])
    assert best is not None
    return best
