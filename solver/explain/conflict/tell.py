"""Causes and changes in words, with their facts."""

from __future__ import annotations

from dataclasses import replace

from solver.explain.conflict.cause import Cause
from solver.explain.conflict.change import Change
from solver.explain.conflict.part import fits
from solver.explain.reason import Fact
from solver.problem import Anchor, Interval, Lock, Problem, UnitNeed

_MOST_NAMES = 4


def told(problem: Problem, cause: Cause, among: tuple[int, ...]) -> Cause:
    """Return a cause with its sentence and facts; `among` are the actions that the conflict is about."""
    message, facts = _Teller(problem, among).cause(cause)
    return replace(cause, message=message, facts=facts)


def told_change(problem: Problem, change: Change) -> Change:
    """Return a change with its sentence and facts."""
    message, facts = _Teller(problem, ()).change(change)
    return replace(change, message=message, facts=facts)


Said = tuple[str, dict[str, Fact]]


class _Teller:
    def __init__(self, problem: Problem, among: tuple[int, ...]) -> None:
        self._problem = problem
        self._among = among

    def cause(self, cause: Cause) -> Said:
        if cause.action is not None:
            return self._of_action(cause.rule, cause.action)
        if cause.resource is not None:
            return self._capacity(cause.resource)
        if cause.precedence is not None:
            return self._precedence(cause.precedence)
        if cause.group is not None:
            return self._group(cause.group)
        if cause.country is not None:
            return self._permitted(cause.country)
        if cause.rule == "travel":
            return self._travel()
        return self._units(cause.rule, cause.units)

    def _of_action(self, rule: str, number: int) -> Said:
        action, facts = self._problem.actions[number], dict[str, Fact](action=number)
        if rule in ("mandatory", "placed") or (rule == "asked" and action.lock is None):
            shortest = min(mode.duration_slots for mode in action.modes)
            facts["duration_slots"] = shortest
            must = {"mandatory": "must be placed", "placed": "stays placed", "asked": "is to be placed"}[rule]
            return f"{action.name} {must}; it takes at least {shortest} slots.", facts
        if rule == "stays":
            assert action.lock is not None
            return f"{action.name} stays where it is, from slot {action.lock.start_slot}.", facts | _lock(action.lock)
        if rule in ("asked", "locks"):
            assert action.lock is not None
            bound = "is asked for" if rule == "asked" else "is locked"
            return f"{action.name} {bound}{_places(action.lock)}.", facts | _lock(action.lock)
        if rule == "unit_needs":
            return self._unit_needs(number, facts)
        intervals = {
            "windows": action.windows,
            "warrants": action.warrants or (),
            "forbidden_hours": action.forbidden,
            "claims": action.claimed,
        }[rule]
        facts["intervals"] = tuple(slot for each in intervals for slot in (each.start_slot, each.end_slot))
        if rule == "forbidden_hours":
            return f"{action.name} must not touch {_spans(intervals)}.", facts
        if rule == "claims":
            return f"{action.name} must not touch {_spans(intervals)}, which others claim.", facts
        noun = "window" if rule == "windows" else "warrant"
        if not intervals:
            return f"{action.name} has no {noun}.", facts
        return f"{action.name} must lie in its {noun} {_spans(intervals)}.", facts

    def _unit_needs(self, number: int, facts: dict[str, Fact]) -> Said:
        problem = self._problem
        action, host = problem.actions[number], problem.host(number)
        needs = sorted({need for mode in action.modes for need in mode.unit_needs}, key=_order)
        said = []
        for need in needs:
            fitting = [unit for unit in problem.units if fits(unit, need)]
            permitted = sum(host in unit.permitted for unit in fitting)
            said.append(
                f"{need.count} of {self.wanted(need)} ({len(fitting)} fit, "
                f"{permitted} of them may act in {problem.countries[host].name})"
            )
            facts.setdefault("fitting", len(fitting))
            facts.setdefault("permitted", permitted)
            facts.setdefault("count", need.count)
            facts.setdefault("kind", need.kind)
            facts.setdefault("type", need.type)
        joined = " or " if len(action.modes) > 1 else " and "
        return f"{action.name} needs {joined.join(said)}.", facts | {"country": host}

    def wanted(self, need: UnitNeed) -> str:
        """Kind, type and skills in words."""
        skills = " and ".join(self._problem.skills[skill] for skill in need.skills)
        return f"{self._problem.unit_kinds[need.kind]} type {need.type}" + (f" with {skills}" if skills else "")

    def _capacity(self, number: int) -> Said:
        resource = self._problem.resources[number]
        wanting = [
            (self._problem.actions[action].name, amount)
            for action in self._among
            if (amount := self._least_amount(action, number))
        ]
        offered = [step.capacity for step in resource.steps]
        low, high = (min(offered), max(offered)) if offered else (0, 0)
        there = f"{low}" if low == high else f"{low} to {high}"
        asked = ", ".join(f"{name} uses {amount}" for name, amount in wanting[:_MOST_NAMES])
        facts: dict[str, Fact] = {"resource": number, "least": low, "most": high}
        facts["wanted"] = sum(amount for _, amount in wanting)
        return f"Of {resource.name} there are {there}" + (f"; {asked}." if asked else "."), facts

    def _least_amount(self, action: int, resource: int) -> int:
        """What an action uses at once, or up, in the mode that uses least."""
        together = max if self._problem.resources[resource].renewable else sum
        return min(
            together([0, *(need.amount for need in mode.resource_needs if need.resource == resource)])
            for mode in self._problem.actions[action].modes
        )

    def _precedence(self, number: int) -> Said:
        relation = self._problem.precedences[number]
        before, after = (self._problem.actions[action].name for action in (relation.before, relation.after))
        since = "start" if relation.anchor is Anchor.START else "end"
        only = f", and is placed only with {before}" if relation.required else ""
        facts: dict[str, Fact] = {
            "precedence": number,
            "before": relation.before,
            "after": relation.after,
            "min_lag_slots": relation.min_lag_slots,
        }
        if relation.max_lag_slots is not None:
            facts["max_lag_slots"] = relation.max_lag_slots
        # A least lag of a horizon before is none.
        least = relation.min_lag_slots if relation.min_lag_slots > -self._problem.horizon_slots else None
        bounds = (("at least", least), ("at most", relation.max_lag_slots))
        lag = " and ".join(f"{bound} {slots}" for bound, slots in bounds if slots is not None) or "any number of"
        return f"{after} starts {lag} slots after the {since} of {before}{only}.", facts

    def _group(self, number: int) -> Said:
        group = self._problem.groups[number]
        names = self._names(self._problem.actions[action].name for action in group.actions)
        facts: dict[str, Fact] = {
            "group": number,
            "actions": group.actions,
            "tolerance_slots": group.tolerance_slots,
        }
        return f"{names} are placed together, starts at most {group.tolerance_slots} slots apart.", facts

    def _permitted(self, country: int) -> Said:
        units = tuple(number for number, unit in enumerate(self._problem.units) if country not in unit.permitted)
        wanted = [
            number
            for number in units
            if any(
                fits(self._problem.units[number], need)
                for action in self._among
                if self._problem.host(action) == country
                for mode in self._problem.actions[action].modes
                for need in mode.unit_needs
            )
        ]
        name = self._problem.countries[country].name
        facts: dict[str, Fact] = {
            "country": country,
            "count": len(wanted),
            "units": tuple(wanted[:_MOST_NAMES]),
        }
        names = self._names(self._problem.units[unit].name for unit in wanted)
        return f"In {name} {names or 'some units'} may not act.", facts

    def _units(self, rule: str, units: tuple[int, ...]) -> Said:
        names = self._names(self._problem.units[unit].name for unit in units)
        facts: dict[str, Fact] = {"units": units[:_MOST_NAMES], "count": len(units)}
        if rule == "calendars":
            if len(units) > 1:
                return f"{names} are available at their times only.", facts
            available = self._problem.units[units[0]].availability
            facts["intervals"] = tuple(slot for each in available for slot in (each.start_slot, each.end_slot))
            when = f"only in {_spans(available)}" if available else "never"
            return f"{names} is available {when}.", facts
        limits = [duty for duty in (self._problem.units[unit].duty for unit in units) if duty is not None]
        facts["max_duty_slots"] = max(duty.max_duty_slots for duty in limits)
        facts["min_rest_slots"] = min(duty.min_rest_slots for duty in limits)
        longest = f"at most {facts['max_duty_slots']} slots on duty before {facts['min_rest_slots']} of rest"
        return f"{names}: {longest}.", facts

    def _travel(self) -> Said:
        problem = self._problem
        sites = sorted({problem.actions[action].site for action in self._among})
        homes = sorted({unit.home for unit in problem.units})
        pairs = [(one, other) for one in homes for other in sites] + [(one, other) for one in sites for other in sites]
        ways = [problem.travel_slots(one, other) for one, other in pairs if one != other]
        known = [slots for slots in ways if slots is not None]
        facts: dict[str, Fact] = {"unreachable": len(ways) - len(known)}
        if not known:
            return "Units have no way from their homes, or between the places.", facts
        facts |= {"shortest_slots": min(known), "longest_slots": max(known)}
        return f"Ways to and between the places take {min(known)} to {max(known)} slots.", facts

    def _names(self, names: object) -> str:
        listed = list(dict.fromkeys(str(name) for name in names))  # type: ignore[attr-defined]
        more = f" and {len(listed) - _MOST_NAMES} more" if len(listed) > _MOST_NAMES else ""
        shown = listed[:_MOST_NAMES]
        if more or len(shown) < 2:
            return ", ".join(shown) + more
        return f"{', '.join(shown[:-1])} and {shown[-1]}"

    # -- changes

    def change(self, change: Change) -> Said:
        problem, amount = self._problem, change.amount
        facts: dict[str, Fact] = {
            name: value
            for name in ("action", "unit", "resource", "country", "precedence", "group", "from_slot", "until_slot")
            if (value := getattr(change, name)) is not None
        }
        facts["amount"] = amount
        action = "" if change.action is None else problem.actions[change.action].name
        unit = "" if change.unit is None else problem.units[change.unit].name
        more = f"{amount} slots" if amount != 1 else "1 slot"
        if change.resource is not None:
            raised = problem.resources[change.resource].name
            when = "" if change.from_slot is None else f" from slot {change.from_slot} to {change.until_slot}"
            return f"{amount} more of {raised}{when}.", facts
        if change.need is not None:
            assert change.action is not None
            facts |= {"kind": change.need.kind, "type": change.need.type, "skills": change.need.skills}
            host = problem.countries[problem.host(change.action)].name
            return f"{amount} more of {self.wanted(change.need)} that may act in {host}, for {action}.", facts
        if change.precedence is not None:
            relation = problem.precedences[change.precedence]
            before, after = (problem.actions[each].name for each in (relation.before, relation.after))
            lag = f"{after} after {before}"
            sentences = {
                "LAG_SHORTER": f"The least lag of {lag} is {more} shorter.",
                "LAG_LONGER": f"The longest lag of {lag} is {more} longer.",
                "PRECEDENCE_WAIVED": f"No lag is asked of {lag}.",
            }
            return sentences[change.kind], facts
        if change.group is not None:
            names = self._names(problem.actions[each].name for each in problem.groups[change.group].actions)
            if change.kind == "GROUP_WAIVED":
                return f"{names} need not be placed together.", facts
            return f"The starts of {names} may lie {more} further apart.", facts
        country = "" if change.country is None else problem.countries[change.country].name
        return {
            "WINDOW_EARLIER": f"The windows of {action} begin {more} earlier.",
            "WINDOW_LATER": f"The windows of {action} end {more} later.",
            "WARRANT_EARLIER": f"The warrants of {action} begin {more} earlier.",
            "WARRANT_LATER": f"The warrants of {action} end {more} later.",
            "WARRANT_GRANTED": f"{action} has a warrant for any time.",
            "FORBIDDEN_HOURS_WAIVED": f"{action} may touch forbidden hours.",
            "CLAIMS_SETTLED": f"{action} may touch what others claim.",
            "LOCK_LIFTED": f"The lock of {action} is lifted.",
            "ACTION_MOVED": f"{action} may be placed elsewhere.",
            "MANDATORY_DROPPED": f"{action} need not be placed.",
            "UNIT_AVAILABLE_EARLIER": f"{unit} is available {more} earlier.",
            "UNIT_AVAILABLE_LATER": f"{unit} is available {more} longer.",
            "UNIT_PERMITTED": f"{unit} may act in {country}.",
            "DUTY_LONGER": f"{unit} may be on duty {more} longer.",
        }[change.kind], facts


def _order(need: UnitNeed) -> tuple[int, int, int, tuple[int, ...]]:
    return need.kind, need.type, need.count, need.skills


def _lock(lock: Lock) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if lock.start_slot is not None:
        facts["start_slot"] = lock.start_slot
    if lock.mode is not None:
        facts["mode"] = lock.mode
    if lock.units is not None:
        facts["units"] = tuple(unit for units in lock.units for unit in units)
    return facts


def _places(lock: Lock) -> str:
    said = []
    if lock.start_slot is not None:
        said.append(f" at slot {lock.start_slot}")
    if lock.mode is not None:
        said.append(f" in mode {lock.mode}")
    if lock.units is not None:
        said.append(" with its units")
    return "".join(said) or " into the plan"


def _spans(intervals: tuple[Interval, ...]) -> str:
    shown = [f"[{each.start_slot}, {each.end_slot})" for each in intervals[:_MOST_NAMES]]
    more = f" and {len(intervals) - _MOST_NAMES} more" if len(intervals) > _MOST_NAMES else ""
    return " or ".join(shown) + more
