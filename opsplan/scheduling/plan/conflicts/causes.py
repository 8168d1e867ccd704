"""Causes in words: one sentence per rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opsplan.scheduling.plan.clearances import clearances_said
from opsplan.scheduling.plan.conflicts.nouns import Nouns
from opsplan.scheduling.plan.conflicts.told import Plain, ToldCause
from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.sentences import Sentence, say
from solver import Problem, UnitNeed

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for beside the problem: that an action has this start, this unit."""

    start_slot: int | None = None
    unit: int | None = None


class CauseTeller(Nouns):
    """Says causes; `asked` is what the cause of that name is about."""

    def __init__(self, problem: Problem, index: Index, asked: Asked) -> None:
        super().__init__(problem, index)
        self._asked = asked

    def cause(self, cause: Plain) -> ToldCause:
        rule = cause["rule"]
        actions, units = self.about(cause)
        facts = self.facts(cause)
        return ToldCause(rule, _SENTENCES[rule](self, cause), actions, units, facts)

    def asked(self, cause: Plain) -> Sentence:
        _, action = self.action(cause)
        if self._asked.unit is not None:
            unit = self.words.unit(self._asked.unit)
            if self._asked.start_slot is None:
                return say("{action} is asked for with {unit}.", action=action, unit=unit)
            start = self.words.slot(self._asked.start_slot)
            return say("{action} is asked for at {start} with {unit}.", action=action, start=start, unit=unit)
        if self._asked.start_slot is not None:
            return say(
                "{action} is asked for at {start}.", action=action, start=self.words.slot(self._asked.start_slot)
            )
        return say("{action} is to be placed; it takes at least {length}.", action=action, length=self._shortest(cause))

    def _shortest(self, cause: Plain) -> Sentence | str:
        action, _ = self.action(cause)
        return self.words.length(min(mode.duration_slots for mode in action.modes))

    def mandatory(self, cause: Plain) -> Sentence:
        _, action = self.action(cause)
        return say("{action} is mandatory; it takes at least {length}.", action=action, length=self._shortest(cause))

    def placed(self, cause: Plain) -> Sentence:
        return say("{action} stays placed.", action=self.action(cause)[1])

    def locks(self, cause: Plain) -> Sentence:
        action, name = self.action(cause)
        if action.lock is None or action.lock.start_slot is None:
            return say("{action} keeps its place: it is pinned, or activated or further.", action=name)
        start = self.words.slot(action.lock.start_slot)
        return say(
            "{action} keeps its place at {start}: it is pinned, or activated or further.", action=name, start=start
        )

    def stays(self, cause: Plain) -> Sentence:
        start = self.words.slot(cause["facts"]["start_slot"])
        return say("{action} stays where the plan has it, at {start}.", action=self.action(cause)[1], start=start)

    def unit_needs(self, cause: Plain) -> Sentence:
        action, name = self.action(cause)
        host = self.problem.host(cause["action"])
        modes = [[self._need(need, host) for need in mode.unit_needs] for mode in action.modes]
        if len(modes) == 1:
            return say("{action} needs {needs}.", action=name, needs=modes[0])
        told = [say("{needs}", needs=needs) if needs else say("no units") for needs in modes]
        return say("{action} needs {needs:or}, by mode.", action=name, needs=told)

    def _need(self, need: UnitNeed, host: int) -> Sentence:
        fitting = [
            unit
            for unit in self.problem.units
            if unit.kind == need.kind and unit.type <= need.type and set(need.skills) <= set(unit.skills)
        ]
        return say(
            "{count} of {wanted} ({fitting} fit, {permitted} of them may act in {country})",
            count=need.count,
            wanted=self.wanted(need),
            fitting=len(fitting),
            permitted=sum(host in unit.permitted for unit in fitting),
            country=self.words.country(host),
        )

    def windows(self, cause: Plain) -> Sentence:
        action, name = self.action(cause)
        hindrances = self.index.hindrances.get(cause["action"], ())
        if hindrances:
            # It has no windows because it can have no place at all: say why.
            return say("{action}: {why}", action=name, why=hindrances[0].sentence)
        if not action.windows:
            return say("{action} has no time in which it may run.", action=name)
        window = action.windows[0]
        start, end = self.words.slot(window.start_slot), self.words.slot(window.end_slot)
        return say("{action} must run between {start} and {end}.", action=name, start=start, end=end)

    def warrants(self, cause: Plain) -> Sentence:
        action, name = self.action(cause)
        if not action.warrants:
            return say("{action} needs a warrant and has none that is valid.", action=name)
        spans = [
            say("{start} to {end}", start=self.words.slot(each.start_slot), end=self.words.slot(each.end_slot))
            for each in action.warrants[:_SHOWN]
        ]
        return say("{action} must run inside a warrant: {spans:or}.", action=name, spans=spans)

    def forbidden_hours(self, cause: Plain) -> Sentence:
        return say(
            "Quiet hours of {country} bind {action} ({zone}).",
            country=self.words.country(self.problem.host(cause["action"])),
            action=self.action(cause)[1],
            zone=self.index.zones[cause["action"]],
        )

    def claims(self, cause: Plain) -> Sentence:
        return say(
            "{action} keeps away from what others claim: {claims}",
            action=self.action(cause)[1],
            claims=clearances_said(self.clearances(cause)),
        )

    def capacity(self, cause: Plain) -> Sentence:
        facts = cause["facts"]
        return say(
            "Of {pool} there are {least} to {most}; the actions use at least {wanted}.",
            pool=self.words.pool(cause["resource"]),
            least=facts["least"],
            most=facts["most"],
            wanted=facts["wanted"],
        )

    def precedence(self, cause: Plain) -> Sentence:
        relation = self.problem.precedences[cause["precedence"]]
        before, after = self.words.action(relation.before), self.words.action(relation.after)
        least = self.words.length(relation.min_lag_slots)
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
            most=self.words.length(relation.max_lag_slots),
            before=before,
        )

    def simultaneity(self, cause: Plain) -> Sentence:
        group = self.problem.groups[cause["group"]]
        tolerance = self.words.length(group.tolerance_slots)
        return say(
            "{actions} start within {tolerance} of one another, or not at all.",
            actions=self.names(group.actions, self.words.action),
            tolerance=tolerance,
        )

    def permitted(self, cause: Plain) -> Sentence:
        count = cause["facts"]["count"]
        country = self.words.country(cause["country"])
        if not count:
            return say("Only permitted units may act in {country}.", country=country)
        return say("{count} units that would fit may not act in {country}.", count=count, country=country)

    def calendars(self, cause: Plain) -> Sentence:
        units = self.names(cause["units"], self.words.unit)
        return say("{units}: free only when offered, not away, and not bound elsewhere.", units=units)

    def travel(self, cause: Plain) -> Sentence:
        facts = cause["facts"]
        if "longest_slots" not in facts:
            return say("There is no way for the units to or between the places.")
        return say(
            "The ways of the units to and between the places take {shortest} to {longest}.",
            shortest=self.words.length(facts["shortest_slots"]),
            longest=self.words.length(facts["longest_slots"]),
        )

    def duty(self, cause: Plain) -> Sentence:
        return say(
            "{units}: at most {longest} on duty before a rest of {rest}.",
            units=self.names(cause["units"], self.words.unit),
            longest=self.words.length(cause["facts"]["max_duty_slots"]),
            rest=self.words.length(cause["facts"]["min_rest_slots"]),
        )


_SENTENCES: Mapping[str, Callable[[CauseTeller, Plain], Sentence]] = {
    "asked": CauseTeller.asked,
    "mandatory": CauseTeller.mandatory,
    "placed": CauseTeller.placed,
    "locks": CauseTeller.locks,
    "stays": CauseTeller.stays,
    "unit_needs": CauseTeller.unit_needs,
    "windows": CauseTeller.windows,
    "warrants": CauseTeller.warrants,
    "forbidden_hours": CauseTeller.forbidden_hours,
    "claims": CauseTeller.claims,
    "capacity": CauseTeller.capacity,
    "precedence": CauseTeller.precedence,
    "simultaneity": CauseTeller.simultaneity,
    "permitted_countries": CauseTeller.permitted,
    "calendars": CauseTeller.calendars,
    "travel": CauseTeller.travel,
    "duty_and_rest": CauseTeller.duty,
}
