"""Reasons for what a plan leaves out: what stood against it from the start, and what the solver found, in words.

Codes are those of `HindranceCode` and of `solver.explain.CODES`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opsplan.scheduling.answer import Reason, UnplacedAction
from opsplan.scheduling.plan.clearances import clearance_facts, clearances_met, clearances_said
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.clearances import Clearance
from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.sentences import Sentence, say
from solver import Problem, Unplaced
from solver import Reason as Found

_COVERED = "CLAIMS_COVER_WINDOW"


def unplaced_actions(explained: Iterable[Unplaced], problem: Problem, index: Index) -> tuple[UnplacedAction, ...]:
    """Give every action that the plan leaves out with its reasons, in the order of the solver's answer."""
    teller = _Teller(problem, index, {each.action: each for each in explained})
    return tuple(UnplacedAction(index.action_ids[number], teller.reasons(number)) for number in teller.left_out)


class _Teller:
    def __init__(self, problem: Problem, index: Index, left_out: Mapping[int, Unplaced]) -> None:
        self._problem = problem
        self._index = index
        self._words = Words(problem, index)
        self.left_out = left_out

    def reasons(self, number: int) -> tuple[Reason, ...]:
        hindrances = self._index.hindrances.get(number, ())
        if hindrances:
            # Such an action has no windows, which is all that the solver can tell of it.
            return tuple(Reason(str(each.code), each.sentence, each.facts) for each in hindrances)
        return tuple(self._said(number, found) for found in self.left_out[number].reasons)

    def _said(self, number: int, found: Found) -> Reason:
        tell = _SENTENCES.get(found.code)
        sentence = found.message if tell is None else tell(self, number, found)
        facts = self._facts(number, found.facts)
        if found.code == _COVERED:
            facts |= clearance_facts(self._met(number))
        return Reason(found.code, sentence, facts)

    def _facts(self, number: int, facts: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, value in facts.items():
            if name == "actions":
                said["actions"] = [self._action(each) for each in value]
            elif name == "mode":
                said |= {"mode_id": self._index.mode_ids[number][value], "mode": self._mode(number, value)}
            elif name == "need":
                said["need_id"] = self._index.need_ids[number][facts["mode"]][value]
            elif name == "kind":
                said["kind"] = self._problem.unit_kinds[value]
            else:
                said |= self._words.facts({name: value})
        return said

    def _action(self, number: int) -> dict[str, str]:
        return {"id": self._index.action_ids[number], "name": self._words.action(number)}

    def _mode(self, number: int, mode: int) -> str:
        return self._problem.actions[number].modes[mode].name

    def _in_mode(self, number: int, found: Found) -> Sentence:
        """Name the action, and the mode where there are several."""
        action = self._words.action(number)
        if len(self._problem.actions[number].modes) == 1:
            return say("{action}", action=action)
        return say("{action} in the mode {mode}", action=action, mode=self._mode(number, int_of(found, "mode")))

    def window_too_short(self, number: int, found: Found) -> Sentence:
        return say(
            "{action} takes {needed}; its longest window inside the operation's time has {longest}.",
            action=self._in_mode(number, found),
            needed=self._words.length(int_of(found, "duration_slots")),
            longest=self._words.length(int_of(found, "longest_window_slots")),
        )

    def quiet_hours(self, number: int, found: Found) -> Sentence:
        action = self._problem.actions[number]
        window = action.windows[0]
        return say(
            "Quiet hours of {country} leave {action} no {needed} between {start} and {end} ({zone}).",
            country=self._words.country(self._problem.sites[action.site].country),
            action=self._in_mode(number, found),
            needed=self._words.length(int_of(found, "duration_slots")),
            start=self._words.slot(window.start_slot),
            end=self._words.slot(window.end_slot),
            zone=self._index.zones[number],
        )

    def claims(self, number: int, found: Found) -> Sentence:
        return say(
            "What others claim leaves {action} no {needed} in its window. {claims}",
            action=self._in_mode(number, found),
            needed=self._words.length(int_of(found, "duration_slots")),
            claims=clearances_said(self._met(number)),
        )

    def _met(self, number: int) -> tuple[Clearance, ...]:
        return clearances_met(self._index, number, self._problem.actions[number].windows)

    def capacity(self, number: int, found: Found) -> Sentence:
        return say(
            "{action} needs {amount} of {pool}; even at its best start there are {there}, at {at}.",
            action=self._in_mode(number, found),
            amount=int_of(found, "amount"),
            pool=self._words.pool(int_of(found, "resource")),
            there=int_of(found, "capacity"),
            at=self._words.slot(int_of(found, "slot")),
        )

    def group(self, number: int, found: Found) -> Sentence:
        others = found.facts["actions"]
        assert isinstance(others, tuple)
        other = others[0]
        action, partner = self._words.action(number), self._words.action(other)
        if not self._has_own_reason(other):
            return say(
                "{action} starts together with {partner}, which cannot be placed.", action=action, partner=partner
            )
        return say(
            "{action} starts together with {partner}, which cannot be placed: {why}",
            action=action,
            partner=partner,
            why=self.reasons(other)[0].sentence,
        )

    def _has_own_reason(self, number: int) -> bool:
        """Whether an action's first reason speaks of no other action, so that telling it here goes in no circle."""
        if self._index.hindrances.get(number):
            return True
        left_out = self.left_out.get(number)
        return left_out is not None and "actions" not in left_out.reasons[0].facts


def int_of(found: Found, name: str) -> int:
    """Give a whole number among the facts of a reason."""
    value = found.facts[name]
    assert isinstance(value, int)
    return value


_SENTENCES: Mapping[str, Callable[[_Teller, int, Found], Sentence]] = {
    "WINDOW_TOO_SHORT": _Teller.window_too_short,
    "FORBIDDEN_HOURS_COVER_WINDOW": _Teller.quiet_hours,
    _COVERED: _Teller.claims,
    "NOT_ENOUGH_CAPACITY": _Teller.capacity,
    "GROUP_MEMBER_CANNOT": _Teller.group,
}
"""For reasons whose own message counts in slots; the others name records and amounts already."""
