"""Broken rules in words: each names the records concerned, their times and the numbers that do not fit."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.plan.clearances import CLAIMS, clearance_facts, clearances_met, clearances_said
from opsplan.scheduling.plan.whereabouts import Whereabouts
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.clearances import Clearance
from opsplan.scheduling.problem.index import Index
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.vocabulary.clock import minute_text
from opsplan.vocabulary.sentences import Sentence, say
from solver import Breach, Interval, Placement, Problem

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
    return said | clearance_facts(_met(breach, index)) if breach.rule == CLAIMS else said


def _met(breach: Breach, index: Index) -> tuple[Clearance, ...]:
    """Give the claims that a place comes too near to: of those round one claimed time, the ones that it touches."""
    facts = {name: int(value) for name, value in breach.facts.items()}
    touched = Interval(max(facts["start_slot"], facts["claimed_from"]), min(facts["end_slot"], facts["claimed_until"]))
    return clearances_met(index, facts["action"], [touched])


def _sentence(breach: Breach, words: Words, index: Index, absent: Whereabouts) -> str:
    hindrances = index.hindrances.get(int(breach.facts.get("action", -1)), ())
    if breach.rule == "windows" and hindrances:
        # It has no windows because it can have no place at all: say why.
        action = words.action(int(breach.facts["action"]))
        return say("{action}: {why}", action=action, why=hindrances[0].sentence)
    if breach.rule == CLAIMS:
        return _hours(
            breach.facts, words, say("that is too near: {claims}", claims=clearances_said(_met(breach, index)))
        )
    if breach.rule == "calendars":
        return _calendars(breach.facts, words, index, absent)
    tell = _SENTENCES.get(breach.rule)
    return breach.message if tell is None else tell(breach.facts, words)


def _hours(facts: Mapping[str, Any], words: Words, what: Sentence) -> Sentence:
    return say(
        "{action} would run from {start} to {end}: {what}.",
        action=words.action(facts["action"]),
        start=words.slot(facts["start_slot"]),
        end=words.slot(facts["end_slot"]),
        what=what,
    )


def _forbidden(facts: Mapping[str, Any], words: Words) -> Sentence:
    quiet = say(
        "that touches quiet hours from {start} to {end}",
        start=words.slot(facts["forbidden_from"]),
        end=words.slot(facts["forbidden_until"]),
    )
    return _hours(facts, words, quiet)


def _calendars(facts: Mapping[str, Any], words: Words, index: Index, absent: Whereabouts) -> Sentence:
    start, end = (index.grid.instant(facts[name]) for name in ("start_slot", "end_slot"))
    return say(
        "{unit} {why} and so is not free for {action}, {start} to {end}.",
        unit=words.unit(facts["unit"]),
        why=absent.why(index.unit_ids[facts["unit"]], start, end),
        action=words.action(facts["action"]),
        start=minute_text(start),
        end=minute_text(end),
    )


def _travel(facts: Mapping[str, Any], words: Words) -> Sentence:
    way = facts["way_slots"]
    return say(
        "{unit} cannot be at {action} in time from {origin}: {needs}, {left} are left.",
        unit=words.unit(facts["unit"]),
        action=words.action(facts["action"]),
        origin=words.action(facts["other"]) if "other" in facts else say("home"),
        needs=say("there is no way") if isinstance(way, str) else say("the way takes {time}", time=words.length(way)),
        left=words.length(facts["free_slots"]),
    )


def _duty(facts: Mapping[str, Any], words: Words) -> Sentence:
    return say(
        "{unit} would be on duty for {spell} from {first} to {last} without enough rest; the longest spell is "
        "{longest}.",
        unit=words.unit(facts["unit"]),
        spell=words.length(facts["length_slots"]),
        first=words.action(facts["first"]),
        last=words.action(facts["action"]),
        longest=words.length(facts["max_duty_slots"]),
    )


def _capacity(facts: Mapping[str, Any], words: Words) -> Sentence:
    return say(
        "{used} of {pool} would be used from {start} on, {capacity} are there.",
        used=facts["used"],
        pool=words.pool(facts["resource"]),
        start=words.slot(facts["slot"]),
        capacity=facts["capacity"],
    )


def _locks(facts: Mapping[str, Any], words: Words) -> Sentence:
    action = words.action(facts["action"])
    what = {"start_slot": say("start"), "mode": say("mode"), "units": say("units")}.get(facts.get("field", ""))
    if what is None:
        return say("Units know of {action} (it is NOTIFIED or further), so it must keep its place.", action=action)
    return say(
        "Units know of {action} (it is NOTIFIED or further), so it must keep its {what} of the published plan.",
        action=action,
        what=what,
    )


def _precedence(facts: Mapping[str, Any], words: Words) -> Sentence:
    before, after = words.action(facts["before"]), words.action(facts["action"])
    if "lag_slots" not in facts:
        return say("{after} is placed without {before}, which it needs.", after=after, before=before)
    return say(
        "{after} would start {lag} after the end of {before}: outside the lags allowed.",
        after=after,
        lag=words.length(facts["lag_slots"]),
        before=before,
    )


def _simultaneity(facts: Mapping[str, Any], words: Words) -> Sentence:
    group = words.facts({"group": facts["group"]})["group"]
    if "spread_slots" in facts:
        return say(
            "The starts of {group} would lie {spread} apart: more than its tolerance.",
            group=group,
            spread=words.length(facts["spread_slots"]),
        )
    return say(
        "Only {placed} of {members} actions of {group} are placed.",
        placed=facts["placed"],
        members=facts["members"],
        group=group,
    )


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Words], Sentence]] = {
    "windows": lambda facts, words: _hours(facts, words, say("that is not inside its window and the operation's time")),
    "forbidden_hours": _forbidden,
    "warrants": lambda facts, words: _hours(facts, words, say("no warrant covers that")),
    "travel": _travel,
    "duty_and_rest": _duty,
    "capacity": _capacity,
    "locks": _locks,
    "precedence": _precedence,
    "simultaneity": _simultaneity,
}
"""For rules whose own message speaks of slots or of numbers; the others name records already."""
