"""Conflicts in the graph's words: which rules contradict each other, and which changes would resolve that.

What the solver found comes as its JSON has it (docs/solver.md), about the problem that the words are made from.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.sentences import Sentence, first_of, say
from solver import Action, Problem, UnitNeed

_SHOWN = 5
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A rule that takes part in a conflict: its name (docs/solver.md), a sentence, and what it is about."""

    rule: str
    sentence: str
    action_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    facts: Plain


@dataclass(frozen=True, slots=True)
class ToldRelaxation:
    """A change that helps.

    Parameters
    ----------
    kind, sentence, facts, action_ids, unit_ids
        What is changed: a key of ``solver.COSTS``, in words, and about what.
    resolves
        ``REQUEST``, ``ACTIONS`` or ``CONFLICT``.
    cost
        What it is ranked by.
    smallest
        Whether it is proven that less does not do.
    """

    kind: str
    sentence: str
    action_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    facts: Plain
    resolves: str
    cost: int
    smallest: bool


@dataclass(frozen=True, slots=True)
class ToldConflict:
    """A conflict: whether its set is shown to be minimal, its rules, and what would help, the best first."""

    feasibility: str
    minimal: bool
    causes: tuple[ToldCause, ...]
    relaxations: tuple[ToldRelaxation, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for beside the problem: that an action has this start, this unit."""

    start_slot: int | None = None
    unit: int | None = None


def told_conflict(found: Plain, problem: Problem, index: Index, asked: Asked | None = None) -> ToldConflict:
    """Say a conflict in the graph's words; `asked` is what its cause of that name is about."""
    teller = _Teller(problem, index, asked or Asked())
    return ToldConflict(
        found["feasibility"],
        found["minimal"],
        tuple(teller.cause(each) for each in found["causes"]),
        tuple(teller.relaxation(each) for each in found["relaxations"]),
    )


def conflict_from_json(kept: Plain) -> ToldConflict:
    """Give a conflict that was kept as JSON."""

    def about(each: Plain) -> dict[str, Any]:
        return {**each, "action_ids": tuple(each["action_ids"]), "unit_ids": tuple(each["unit_ids"])}

    return ToldConflict(
        kept["feasibility"],
        kept["minimal"],
        tuple(ToldCause(**about(each)) for each in kept["causes"]),
        tuple(ToldRelaxation(**about(each)) for each in kept["relaxations"]),
    )


class _Teller:
    def __init__(self, problem: Problem, index: Index, asked: Asked) -> None:
        self._problem = problem
        self._index = index
        self._words = Words(problem, index)
        self._asked = asked

    # -- causes

    def cause(self, cause: Plain) -> ToldCause:
        rule = cause["rule"]
        actions, units = self._about(cause)
        facts = self._facts(cause)
        return ToldCause(rule, _CAUSES[rule](self, cause), actions, units, facts)

    def _about(self, found: Plain) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The actions and units that something is about, by id."""
        actions = [] if found["action"] is None else [found["action"]]
        if found["precedence"] is not None:
            relation = self._problem.precedences[found["precedence"]]
            actions = [relation.before, relation.after]
        if found["group"] is not None:
            actions = list(self._problem.groups[found["group"]].actions)
        units = [*found.get("units", ())]
        if found.get("unit") is not None:
            units.append(found["unit"])
        return tuple(self._index.action_ids[each] for each in actions), tuple(
            self._index.unit_ids[each] for each in units if each < len(self._index.unit_ids)
        )

    def _facts(self, found: Plain) -> dict[str, Any]:
        """What can be counted, with the names and ids of records."""
        kept = {name: value for name, value in found["facts"].items() if not isinstance(value, list)}
        if "kind" in kept:
            kept["kind"] = self._problem.unit_kinds[kept["kind"]]
        if kept.pop("mode", None) is not None:
            kept["mode_id"] = self._index.mode_ids[found["action"]][found["facts"]["mode"]]
        return self._words.facts(kept)

    def _action(self, found: Plain) -> tuple[Action, str]:
        return self._problem.actions[found["action"]], self._words.action(found["action"])

    def asked(self, cause: Plain) -> Sentence:
        _, action = self._action(cause)
        if self._asked.unit is not None:
            unit = self._words.unit(self._asked.unit)
            if self._asked.start_slot is None:
                return say("{action} is asked for with {unit}.", action=action, unit=unit)
            start = self._words.slot(self._asked.start_slot)
            return say("{action} is asked for at {start} with {unit}.", action=action, start=start, unit=unit)
        if self._asked.start_slot is not None:
            return say(
                "{action} is asked for at {start}.", action=action, start=self._words.slot(self._asked.start_slot)
            )
        return say("{action} is to be placed; it takes at least {length}.", action=action, length=self._shortest(cause))

    def _shortest(self, cause: Plain) -> Sentence | str:
        action, _ = self._action(cause)
        return self._words.length(min(mode.duration_slots for mode in action.modes))

    def mandatory(self, cause: Plain) -> Sentence:
        _, action = self._action(cause)
        return say("{action} is mandatory; it takes at least {length}.", action=action, length=self._shortest(cause))

    def placed(self, cause: Plain) -> Sentence:
        return say("{action} stays placed.", action=self._action(cause)[1])

    def locks(self, cause: Plain) -> Sentence:
        action, name = self._action(cause)
        if action.lock is None or action.lock.start_slot is None:
            return say("{action} keeps its place: it is pinned, or activated or further.", action=name)
        start = self._words.slot(action.lock.start_slot)
        return say(
            "{action} keeps its place at {start}: it is pinned, or activated or further.", action=name, start=start
        )

    def stays(self, cause: Plain) -> Sentence:
        start = self._words.slot(cause["facts"]["start_slot"])
        return say("{action} stays where the plan has it, at {start}.", action=self._action(cause)[1], start=start)

    def unit_needs(self, cause: Plain) -> Sentence:
        action, name = self._action(cause)
        host = self._problem.host(cause["action"])
        modes = [[self._need(need, host) for need in mode.unit_needs] for mode in action.modes]
        if len(modes) == 1:
            return say("{action} needs {needs}.", action=name, needs=modes[0])
        told = [say("{needs}", needs=needs) if needs else say("no units") for needs in modes]
        return say("{action} needs {needs:or}, by mode.", action=name, needs=told)

    def _need(self, need: UnitNeed, host: int) -> Sentence:
        fitting = [
            unit
            for unit in self._problem.units
            if unit.kind == need.kind and unit.type <= need.type and set(need.skills) <= set(unit.skills)
        ]
        return say(
            "{count} of {wanted} ({fitting} fit, {permitted} of them may act in {country})",
            count=need.count,
            wanted=self._wanted(need),
            fitting=len(fitting),
            permitted=sum(host in unit.permitted for unit in fitting),
            country=self._words.country(host),
        )

    def _wanted(self, need: UnitNeed) -> Sentence:
        kind = self._problem.unit_kinds[need.kind]
        if not need.skills:
            return say("{kind} of type {type} or better", kind=kind, type=need.type)
        languages = [self._problem.skills[skill] for skill in need.skills]
        return say("{kind} of type {type} or better with {languages}", kind=kind, type=need.type, languages=languages)

    def windows(self, cause: Plain) -> Sentence:
        action, name = self._action(cause)
        hindrances = self._index.hindrances.get(cause["action"], ())
        if hindrances:
            # It has no windows because it can have no place at all: say why.
            return say("{action}: {why}", action=name, why=hindrances[0].sentence)
        if not action.windows:
            return say("{action} has no time in which it may run.", action=name)
        window = action.windows[0]
        start, end = self._words.slot(window.start_slot), self._words.slot(window.end_slot)
        return say("{action} must run between {start} and {end}.", action=name, start=start, end=end)

    def warrants(self, cause: Plain) -> Sentence:
        action, name = self._action(cause)
        if not action.warrants:
            return say("{action} needs a warrant and has none that is valid.", action=name)
        spans = [
            say("{start} to {end}", start=self._words.slot(each.start_slot), end=self._words.slot(each.end_slot))
            for each in action.warrants[:_SHOWN]
        ]
        return say("{action} must run inside a warrant: {spans:or}.", action=name, spans=spans)

    def forbidden_hours(self, cause: Plain) -> Sentence:
        return say(
            "Quiet hours of {country} bind {action} ({zone}).",
            country=self._words.country(self._problem.host(cause["action"])),
            action=self._action(cause)[1],
            zone=self._index.zones[cause["action"]],
        )

    def capacity(self, cause: Plain) -> Sentence:
        facts = cause["facts"]
        return say(
            "Of {pool} there are {least} to {most}; the actions use at least {wanted}.",
            pool=self._words.pool(cause["resource"]),
            least=facts["least"],
            most=facts["most"],
            wanted=facts["wanted"],
        )

    def precedence(self, cause: Plain) -> Sentence:
        relation = self._problem.precedences[cause["precedence"]]
        before, after = self._words.action(relation.before), self._words.action(relation.after)
        least = self._words.length(relation.min_lag_slots)
        if relation.max_lag_slots is None:
            return say(
                "{after} starts at least {least} after the end of {before}, and only with it.",
                after=after,
                least=least,
                before=before,
            )
        return say(
            "{after} starts {least} to {most} after the end of {before}, and only with it.",
            after=after,
            least=least,
            most=self._words.length(relation.max_lag_slots),
            before=before,
        )

    def simultaneity(self, cause: Plain) -> Sentence:
        group = self._problem.groups[cause["group"]]
        tolerance = self._words.length(group.tolerance_slots)
        return say(
            "{actions} start within {tolerance} of one another, or not at all.",
            actions=self._names(group.actions, self._words.action),
            tolerance=tolerance,
        )

    def _names(self, numbers: Any, name: Callable[[int], str]) -> Sentence:
        listed = list(numbers)
        return first_of([name(each) for each in listed[:_SHOWN]], len(listed))

    def permitted(self, cause: Plain) -> Sentence:
        count = cause["facts"]["count"]
        country = self._words.country(cause["country"])
        if not count:
            return say("Only permitted units may act in {country}.", country=country)
        return say("{count} units that would fit may not act in {country}.", count=count, country=country)

    def calendars(self, cause: Plain) -> Sentence:
        units = self._names(cause["units"], self._words.unit)
        return say("{units}: free only when offered, not away, and not bound elsewhere.", units=units)

    def travel(self, cause: Plain) -> Sentence:
        facts = cause["facts"]
        if "longest_slots" not in facts:
            return say("There is no way for the units to or between the places.")
        return say(
            "The ways of the units to and between the places take {shortest} to {longest}.",
            shortest=self._words.length(facts["shortest_slots"]),
            longest=self._words.length(facts["longest_slots"]),
        )

    def duty(self, cause: Plain) -> Sentence:
        return say(
            "{units}: at most {longest} on duty before a rest of {rest}.",
            units=self._names(cause["units"], self._words.unit),
            longest=self._words.length(cause["facts"]["max_duty_slots"]),
            rest=self._words.length(cause["facts"]["min_rest_slots"]),
        )

    # -- changes

    def relaxation(self, found: Plain) -> ToldRelaxation:
        change = found["change"]
        actions, units = self._about(change)
        return ToldRelaxation(
            change["kind"],
            self._change(change),
            actions,
            units,
            self._facts(change) | self._measured(change),
            found["resolves"],
            found["cost"],
            found["smallest"],
        )

    def _measured(self, change: Plain) -> dict[str, Any]:
        """The amount in people's units."""
        if change["kind"] not in _LONGER:
            return {}
        return {"amount_minutes": change["amount"] * self._index.grid.slot_minutes}

    def _change(self, change: Plain) -> Sentence:
        kind, amount = change["kind"], change["amount"]
        action = "" if change["action"] is None else self._words.action(change["action"])
        unit = "" if change["unit"] is None else self._words.unit(change["unit"])
        if kind in _LONGER:
            return _LONGER[kind](self, change, self._words.length(amount))
        if kind == "CAPACITY_RAISED":
            pool = self._words.pool(change["resource"])
            if change["from_slot"] is None:
                return say("{amount} more of {pool}.", amount=amount, pool=pool)
            return say(
                "{amount} more of {pool} from {start} to {end}.",
                amount=amount,
                pool=pool,
                start=self._words.slot(change["from_slot"]),
                end=self._words.slot(change["until_slot"]),
            )
        if kind == "UNITS_ADDED":
            need = change["need"]
            wanted = self._wanted(UnitNeed(need["kind"], need["type"], 1, tuple(need["skills"])))
            country = self._words.country(self._problem.host(change["action"]))
            return say(
                "{amount} more of {wanted} that may act in {country}, for {action}.",
                amount=amount,
                wanted=wanted,
                country=country,
                action=action,
            )
        if kind == "UNIT_PERMITTED":
            return say("{unit} may act in {country}.", unit=unit, country=self._words.country(change["country"]))
        return _WHOLE[kind](self, change, action)

    def _tied(self, change: Plain) -> dict[str, Any]:
        relation = self._problem.precedences[change["precedence"]]
        return {"before": self._words.action(relation.before), "after": self._words.action(relation.after)}

    def _together(self, change: Plain) -> Sentence:
        return self._names(self._problem.groups[change["group"]].actions, self._words.action)


_CAUSES: Mapping[str, Callable[[_Teller, Plain], Sentence]] = {
    "asked": _Teller.asked,
    "mandatory": _Teller.mandatory,
    "placed": _Teller.placed,
    "locks": _Teller.locks,
    "stays": _Teller.stays,
    "unit_needs": _Teller.unit_needs,
    "windows": _Teller.windows,
    "warrants": _Teller.warrants,
    "forbidden_hours": _Teller.forbidden_hours,
    "capacity": _Teller.capacity,
    "precedence": _Teller.precedence,
    "simultaneity": _Teller.simultaneity,
    "permitted_countries": _Teller.permitted,
    "calendars": _Teller.calendars,
    "travel": _Teller.travel,
    "duty_and_rest": _Teller.duty,
}

Longer = Callable[[_Teller, Plain, str], Sentence]


def _of_action(make: Callable[[str, str], Sentence]) -> Longer:
    return lambda teller, change, length: make(teller._words.action(change["action"]), length)


def _of_unit(make: Callable[[str, str], Sentence]) -> Longer:
    return lambda teller, change, length: make(teller._words.unit(change["unit"]), length)


_LONGER: Mapping[str, Longer] = {
    "WINDOW_EARLIER": _of_action(lambda a, by: say("The window of {action} begins {by} earlier.", action=a, by=by)),
    "WINDOW_LATER": _of_action(lambda a, by: say("The window of {action} ends {by} later.", action=a, by=by)),
    "WARRANT_EARLIER": _of_action(lambda a, by: say("The warrants of {action} begin {by} earlier.", action=a, by=by)),
    "WARRANT_LATER": _of_action(lambda a, by: say("The warrants of {action} end {by} later.", action=a, by=by)),
    "UNIT_AVAILABLE_EARLIER": _of_unit(lambda u, by: say("{unit} is free {by} earlier.", unit=u, by=by)),
    "UNIT_AVAILABLE_LATER": _of_unit(lambda u, by: say("{unit} is free {by} longer.", unit=u, by=by)),
    "DUTY_LONGER": _of_unit(lambda u, by: say("{unit} may be on duty {by} longer.", unit=u, by=by)),
    "LAG_SHORTER": lambda teller, change, by: say(
        "{after} may start {by} sooner after {before}.", by=by, **teller._tied(change)
    ),
    "LAG_LONGER": lambda teller, change, by: say(
        "{after} may start {by} later after {before}.", by=by, **teller._tied(change)
    ),
    "TOLERANCE_WIDER": lambda teller, change, by: say(
        "The starts of {actions} may lie {by} further apart.", actions=teller._together(change), by=by
    ),
}
"""Kinds of changes whose amount is a length of time."""

_WHOLE: Mapping[str, Longer] = {
    "WARRANT_GRANTED": lambda _teller, _change, action: say("{action} has a warrant for any time.", action=action),
    "FORBIDDEN_HOURS_WAIVED": lambda _teller, _change, action: say("Quiet hours do not bind {action}.", action=action),
    "LOCK_LIFTED": lambda _teller, _change, action: say("{action} is free to move.", action=action),
    "ACTION_MOVED": lambda _teller, _change, action: say("{action} moves elsewhere.", action=action),
    "MANDATORY_DROPPED": lambda _teller, _change, action: say("{action} is not mandatory.", action=action),
    "PRECEDENCE_WAIVED": lambda teller, change, _action: say(
        "{after} does not depend on {before}.", **teller._tied(change)
    ),
    "GROUP_WAIVED": lambda teller, change, _action: say(
        "{actions} need not start together.", actions=teller._together(change)
    ),
}
"""Kinds of changes that waive something whole."""
