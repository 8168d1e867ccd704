"""The solver's facts (indices and slots) in the graph's words (ids, names, instants, minutes)."""

from collections.abc import Mapping
from typing import Any

from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.clock import minute_text
from solver import Problem

_ACTIONS = frozenset({"action", "other", "before", "after", "first", "blocker"})


class Words:
    """Translates facts about one problem.

    Every fact about a record becomes an id under its own name with ``_id`` and a name under its own name; slots become
    instants (UTC) and lengths become minutes. Numbers that count things stay.
    """

    def __init__(self, problem: Problem, index: Index) -> None:
        self._problem = problem
        self._index = index

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Give the facts of a breach or a reason in words."""
        said: dict[str, Any] = {}
        for name, value in facts.items():
            said |= self._fact(name, value)
        return said

    def action(self, number: int) -> str:
        """Give an action's name."""
        return self._problem.actions[number].name

    def unit(self, number: int) -> str:
        """Give a unit's name."""
        return self._problem.units[number].name

    def country(self, number: int) -> str:
        """Give a country's code."""
        return self._problem.countries[number].name

    def pool(self, number: int) -> str:
        """Name a pool of resources."""
        return self._index.pools[number].title

    def slot(self, slot: int) -> str:
        """Give the begin of a slot as text."""
        return minute_text(self._index.grid.instant(slot))

    def length(self, slots: int) -> str:
        """Give a length of time as text.

        Hours are named from one hour on.
        """
        minutes = slots * self._index.grid.slot_minutes
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else ""
        if not hours:
            return f"{sign}{rest} min"
        return f"{sign}{hours} h {rest} min" if rest else f"{sign}{hours} h"

    def _fact(self, name: str, value: Any) -> dict[str, Any]:
        index = self._index
        if not isinstance(value, int) or isinstance(value, bool):
            return {name: value}
        if name in _ACTIONS:
            return {f"{name}_id": index.action_ids[value], name: self.action(value)}
        if name == "unit":
            return {"unit_id": index.unit_ids[value], "unit": self.unit(value)}
        if name == "country":
            return {"country": self.country(value)}
        if name == "resource":
            return {"resource": self.pool(value)}
        if name == "group":
            return {"group_id": index.group_ids[value], "group": self._problem.groups[value].name}
        if name == "precedence":
            return {"precedence_id": index.precedence_ids[value]}
        if name == "slot" or name.endswith(("_slot", "_from", "_until")):
            said = "at" if name == "slot" else name.removesuffix("_slot")
            return {said: self.slot(value)}
        if name.endswith("_slots"):
            return {f"{name.removesuffix('_slots')}_minutes": value * index.grid.slot_minutes}
        return {name: value}
