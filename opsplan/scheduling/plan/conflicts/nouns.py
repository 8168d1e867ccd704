"""The nouns of a conflict: which records a cause or a change is about, and how they are named."""

from collections.abc import Callable, Iterable
from typing import Any

from opsplan.scheduling.plan.clearances import clearance_facts, clearances_met
from opsplan.scheduling.plan.conflicts.told import Plain
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.clearances import Clearance
from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.sentences import Sentence, first_of, say
from solver import Action, Problem, UnitNeed

_SHOWN = 5
_CHANGED = {"CLAIMS_SETTLED": "claims"}


class Nouns:
    """Names what the solver's indices stand for in one problem."""

    def __init__(self, problem: Problem, index: Index) -> None:
        self.problem = problem
        self.index = index
        self.words = Words(problem, index)

    def about(self, found: Plain) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The actions and units that something is about, by id."""
        actions = [] if found["action"] is None else [found["action"]]
        if found["precedence"] is not None:
            relation = self.problem.precedences[found["precedence"]]
            actions = [relation.before, relation.after]
        if found["group"] is not None:
            actions = list(self.problem.groups[found["group"]].actions)
        units = [*found.get("units", ())]
        if found.get("unit") is not None:
            units.append(found["unit"])
        return tuple(self.index.action_ids[each] for each in actions), tuple(
            self.index.unit_ids[each] for each in units if each < len(self.index.unit_ids)
        )

    def facts(self, found: Plain) -> dict[str, Any]:
        """What can be counted, with the names and ids of records."""
        kept = {name: value for name, value in found["facts"].items() if not isinstance(value, list)}
        if "kind" in kept:
            kept["kind"] = self.problem.unit_kinds[kept["kind"]]
        if kept.pop("mode", None) is not None:
            kept["mode_id"] = self.index.mode_ids[found["action"]][found["facts"]["mode"]]
        about_claims = "claims" in (found.get("rule"), _CHANGED.get(found.get("kind", "")))
        return self.words.facts(kept) | (clearance_facts(self.clearances(found)) if about_claims else {})

    def action(self, found: Plain) -> tuple[Action, str]:
        return self.problem.actions[found["action"]], self.words.action(found["action"])

    def clearances(self, found: Plain) -> tuple[Clearance, ...]:
        """What others claim too near to the action that something is about, in its windows."""
        return clearances_met(self.index, found["action"], self.problem.actions[found["action"]].windows)

    def names(self, numbers: Iterable[int], name: Callable[[int], str]) -> Sentence:
        listed = list(numbers)
        return first_of([name(each) for each in listed[:_SHOWN]], len(listed))

    def wanted(self, need: UnitNeed) -> Sentence:
        kind = self.problem.unit_kinds[need.kind]
        if not need.skills:
            return say("{kind} of type {type} or better", kind=kind, type=need.type)
        languages = [self.problem.skills[skill] for skill in need.skills]
        return say("{kind} of type {type} or better with {languages}", kind=kind, type=need.type, languages=languages)
