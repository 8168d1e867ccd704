"""Broken rules in words: each names the records concerned, their times and the numbers that do not fit."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.plan.whereabouts import Whereabouts
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.index import Index
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.vocabulary.clock import minute_text
from solver import Breach, Placement, Problem

BETWEEN_ACTIONS = frozenset({"precedence", "simultaneity", "locks"})
"""Rules that tie an action to others: they are judged only where it is known where all of these are."""


def broken_rules(
    breaches: tuple[Breach, ...],
    problem: Problem,
    index: Index,
    snapshot: Snapshot,
    placements: tuple[Placement, ...] = (),
) -> tuple[BrokenRule, ...]:
    """Say what `solver.verify` found in `placements` in the graph's words."""
    words = Words(problem, index)
    absent = Whereabouts(snapshot)
    return tuple(
        BrokenRule(
            each.rule,
            _sentence(each, words, index, absent),
            _facts(each, words, index),
            tuple(sorted({index.action_ids[number] for number in _concerned(each, problem, placements)})),
        )
        for each in breaches
    )


def _concerned(breach: Breach, problem: Problem, placements: tuple[Placement, ...]) -> Iterator[int]:
    """Give the placed actions that take part in a breach."""
    facts = breach.facts
    for name in ("action", "other", "before", "first"):
        if name in facts:
            yield int(facts[name])
    if "group" in facts:
        yield from (each.action for each in placements if each.action in problem.groups[int(facts["group"])].actions)
    if breach.rule == "capacity":
        for placement in placements:
            for need in problem.actions[placement.action].modes[placement.mode].resource_needs:
                begin = placement.start_slot + need.offset_slots
                if need.resource == facts["resource"] and begin <= int(facts["slot"]) < begin + need.length_slots:
                    yield placement.action


def _facts(breach: Breach, words: Words, index: Index) -> dict[str, Any]:
    said = words.facts(breach.facts)
    match breach.facts.get("field"):
        case "start_slot":
            said |= {"field": "start", **{name: words.slot(int(breach.facts[name])) for name in ("locked", "actual")}}
        case "mode":
            modes = index.mode_ids[int(breach.facts["action"])]
            said |= {name: modes[int(breach.facts[name])] for name in ("locked", "actual")}
    return said


def _sentence(breach: Breach, words: Words, index: Index, absent: Whereabouts) -> str:
    hindrances = index.hindrances.get(int(breach.facts.get("action", -1)), ())
    if breach.rule == "windows" and hindrances:
        # It has no windows because it can have no place at all: say why.
        return f"{words.action(int(breach.facts['action']))}: {hindrances[0].sentence}"
    if breach.rule == "calendars":
        return _calendars(breach.facts, words, index, absent)
    say = _SENTENCES.get(breach.rule)
    return breach.message if say is None else say(breach.facts, words)


def _hours(facts: Mapping[str, Any], words: Words, what: str) -> str:
    return (
        f"{words.action(facts['action'])} would run from {words.slot(facts['start_slot'])} to "
        f"{words.slot(facts['end_slot'])}: {what}."
    )


def _forbidden(facts: Mapping[str, Any], words: Words) -> str:
    return _hours(
        facts,
        words,
        f"that touches quiet hours from {words.slot(facts['forbidden_from'])} to "
        f"{words.slot(facts['forbidden_until'])}",
    )


def _calendars(facts: Mapping[str, Any], words: Words, index: Index, absent: Whereabouts) -> str:
    start, end = (index.grid.instant(facts[name]) for name in ("start_slot", "end_slot"))
    why = absent.why(index.unit_ids[facts["unit"]], start, end)
    return (
        f"{words.unit(facts['unit'])} {why} and so is not free for {words.action(facts['action'])}, "
        f"{minute_text(start)} to {minute_text(end)}."
    )


def _travel(facts: Mapping[str, Any], words: Words) -> str:
    unit, action = words.unit(facts["unit"]), words.action(facts["action"])
    origin = words.action(facts["other"]) if "other" in facts else "home"
    way = facts["way_slots"]
    needs = "there is no way" if isinstance(way, str) else f"the way takes {words.length(way)}"
    return f"{unit} cannot be at {action} in time from {origin}: {needs}, {words.length(facts['free_slots'])} are left."


def _duty(facts: Mapping[str, Any], words: Words) -> str:
    return (
        f"{words.unit(facts['unit'])} would be on duty for {words.length(facts['length_slots'])} from "
        f"{words.action(facts['first'])} to {words.action(facts['action'])} without enough rest; the longest spell is "
        f"{words.length(facts['max_duty_slots'])}."
    )


def _capacity(facts: Mapping[str, Any], words: Words) -> str:
    return (
        f"{facts['used']} of {words.pool(facts['resource'])} would be used from {words.slot(facts['slot'])} on, "
        f"{facts['capacity']} are there."
    )


def _locks(facts: Mapping[str, Any], words: Words) -> str:
    what = {"start_slot": "start", "mode": "mode", "units": "units"}.get(facts.get("field", ""))
    if what is None:
        return f"{words.action(facts['action'])} is activated or further and must keep its place."
    return f"{words.action(facts['action'])} is activated or further and must keep its {what} of the published plan."


def _precedence(facts: Mapping[str, Any], words: Words) -> str:
    before, after = words.action(facts["before"]), words.action(facts["action"])
    if "lag_slots" not in facts:
        return f"{after} is placed without {before}, which it needs."
    return (
        f"{after} would start {words.length(facts['lag_slots'])} after the end of {before}: outside the lags allowed."
    )


def _simultaneity(facts: Mapping[str, Any], words: Words) -> str:
    group = words.facts({"group": facts["group"]})["group"]
    if "spread_slots" in facts:
        return f"The starts of {group} would lie {words.length(facts['spread_slots'])} apart: more than its tolerance."
    return f"Only {facts['placed']} of {facts['members']} actions of {group} are placed."


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Words], str]] = {
    "windows": lambda facts, words: _hours(facts, words, "that is not inside its window and the operation's time"),
    "forbidden_hours": _forbidden,
    "warrants": lambda facts, words: _hours(facts, words, "no warrant covers that"),
    "travel": _travel,
    "duty_and_rest": _duty,
    "capacity": _capacity,
    "locks": _locks,
    "precedence": _precedence,
    "simultaneity": _simultaneity,
}
"""For rules whose own message speaks of slots or of numbers; the others name records already."""
