"""Reasons for every action that a plan leaves out."""

from __future__ import annotations

from collections.abc import Callable

from solver.draft import Draft, Placed
from solver.errors import InvalidProblem
from solver.explain.alone import reasons_alone
from solver.explain.reason import Fact, Reason, Unplaced
from solver.facts import Facts
from solver.facts.slots import listed
from solver.local.demand import unit_demand
from solver.local.ejection import Force
from solver.local.insertion import common_starts, earliest, insert_bundle
from solver.local.staffing import choose_units
from solver.problem import Problem
from solver.solution import Placement
from solver.verify import verify

_MOST_STARTS = 64
_MOST_NAMES = 5


def explain(
    problem: Problem, placements: tuple[Placement, ...], stop: Callable[[], bool] | None = None
) -> tuple[Unplaced, ...]:
    """Return every action that the plan leaves out, with reasons; in the order of the actions.

    Impossibility by itself comes first: the action is tried, rule by rule, in an otherwise empty plan. What
    is possible is tried in the plan as it is: OUTBID names placed actions without which it would fit, and
    that has been checked with `solver.verify`.

    Parameters
    ----------
    problem
        What was asked.
    placements
        A valid plan.
    stop
        Once it returns True, competitors are no longer sought and NOT_FOUND_IN_TIME is given instead.

    Raises
    ------
    InvalidProblem
        When the plan breaks a rule.
    """
    breaches = verify(problem, placements)
    if breaches:
        raise InvalidProblem("placements", breaches[0].rule, f"give a valid plan: {breaches[0].message}")
    return _Explainer(problem, placements, stop or (lambda: False)).explain()


class _Explainer:
    def __init__(self, problem: Problem, placements: tuple[Placement, ...], stop: Callable[[], bool]) -> None:
        self._problem = problem
        self._facts = Facts(problem)
        self._empty = Draft(self._facts)
        self._draft = Draft(self._facts)
        self._draft.load(placements)
        self._stop = stop
        self._rank = unit_demand(self._facts)
        self._alone: dict[int, tuple[Reason, ...]] = {}

    def explain(self) -> tuple[Unplaced, ...]:
        return tuple(
            Unplaced(action, self._reasons(action))
            for action, placed in enumerate(self._draft.placed)
            if placed is None
        )

    def _name(self, action: int) -> str:
        return self._problem.actions[action].name

    def _reasons_alone(self, action: int) -> tuple[Reason, ...]:
        if action not in self._alone:
            self._alone[action] = reasons_alone(self._facts, self._empty, action)
        return self._alone[action]

    def _reasons(self, action: int) -> tuple[Reason, ...]:
        return (
            self._reasons_alone(action)
            or self._from_bundle(action)
            or self._from_predecessors(action, set())
            or self._in_plan(action)
        )

    def _from_bundle(self, action: int) -> tuple[Reason, ...]:
        facts = self._facts
        bundle = facts.bundles[facts.bundle_of[action]]
        for other in bundle:
            if other != action and (self._reasons_alone(other) or self._from_predecessors(other, {action})):
                codes = [reason.code for reason in self._reasons_alone(other)]
                because = f" ({codes[0]})" if codes else ""
                message = f"{self._name(other)}, which strikes together with {self._name(action)}, cannot{because}."
                return (Reason("GROUP_MEMBER_CANNOT", message, {"actions": (other,)}),)
        if len(bundle) > 1 and not common_starts(self._empty, bundle, range(len(facts.sites))):
            message = f"The actions that strike together with {self._name(action)} have no common time."
            return (Reason("GROUP_TIMES_DO_NOT_MEET", message, {"actions": bundle}),)
        return ()

    def _from_predecessors(self, action: int, seen: set[int]) -> tuple[Reason, ...]:
        """A required predecessor, near or far, that is impossible by itself or through its group."""
        for link in self._facts.links[action]:
            other = link.other
            if link.leads or not link.required or other in seen:
                continue
            seen.add(other)
            if self._reasons_alone(other) or self._from_predecessors(other, seen):
                message = f"{self._name(action)} requires {self._name(other)}, which cannot be placed."
                return (Reason("PREDECESSOR_CANNOT", message, {"actions": (other,)}),)
        return ()

    def _in_plan(self, action: int) -> tuple[Reason, ...]:
        facts, draft = self._facts, self._draft
        bundle = facts.bundles[facts.bundle_of[action]]
        for member in bundle:
            for link in facts.links[member]:
                if link.required and not link.leads and draft.placed[link.other] is None:
                    if link.other in bundle:
                        continue
                    message = f"{self._name(member)} requires {self._name(link.other)}, which is not placed."
                    return (Reason("PREDECESSOR_NOT_PLACED", message, {"actions": (link.other,)}),)
        lag = self._broken_lag(action)
        if lag is not None:
            return (lag,)
        competitors = set() if self._stop() else self._competitors(bundle)
        if not competitors:
            message = f"Nothing was found that keeps {self._name(action)} out; more time may place it."
            return (Reason("NOT_FOUND_IN_TIME", message, {}),)
        ordered = tuple(sorted(competitors))
        names = ", ".join(self._name(other) for other in ordered[:_MOST_NAMES])
        more = f" and {len(ordered) - _MOST_NAMES} more" if len(ordered) > _MOST_NAMES else ""
        weight = sum(self._problem.actions[other].weight for other in ordered)
        found: dict[str, Fact] = {"actions": ordered, "weight": weight}
        return (Reason("OUTBID", f"{self._name(action)} would fit without {names}{more}.", found),)

    def _broken_lag(self, action: int) -> Reason | None:
        """A placed action whose lag no start of this action keeps that is possible otherwise."""
        facts = self._facts
        starts = [
            self._empty.starts(action, mode, range(len(facts.sites))) & self._draft.relation_starts(action, mode)
            for mode in range(len(facts.durations[action]))
        ]
        if any(starts):
            return None
        placed = tuple(link.other for link in facts.links[action] if self._draft.placed[link.other] is not None)
        if not placed:
            return None
        names = ", ".join(self._name(other) for other in placed)
        message = f"No possible start of {self._name(action)} keeps its lag to {names}."
        return Reason("LAG_CANNOT_BE_KEPT", message, {"actions": placed})

    def _competitors(self, bundle: tuple[int, ...]) -> set[int]:
        """Placed actions without which the bundle fits, checked by `verify`; empty when none were found."""
        draft = self._draft
        if insert_bundle(draft, bundle, earliest, self._rank):
            for action in bundle:
                draft.take(action)
            return set()
        out: set[int] = set()
        done: list[int] = []
        taken: list[tuple[int, Placed]] = []
        for action in bundle:
            best = self._cheapest(action, set(bundle))
            if best is None:
                out = set()
                break
            victims, mode, start_slot = best
            out |= victims
            taken.extend((other, draft.take(other)) for other in sorted(victims))
            units = choose_units(draft, action, mode, start_slot, self._rank)
            if units is None:
                out = set()
                break
            draft.put(action, Placed(mode, start_slot, units))
            done.append(action)
        if out and verify(self._problem, draft.placements()):
            out = set()
        for action in done:
            draft.take(action)
        for other, placed in reversed(taken):
            draft.put(other, placed)
        return out

    def _cheapest(self, action: int, protected: set[int]) -> tuple[set[int], int, int] | None:
        facts, draft = self._facts, self._draft
        weights = [float(other.weight) for other in self._problem.actions]
        force = Force(draft, weights, protected)
        best: tuple[float, set[int], int, int] | None = None
        for mode in range(len(facts.durations[action])):
            starts = list(listed(self._empty.starts(action, mode, range(len(facts.sites)))))
            stride = max(1, len(starts) // _MOST_STARTS)
            for start_slot in starts[::stride]:
                if not draft.relation_starts(action, mode, protected) >> start_slot & 1:
                    continue
                most = float("inf") if best is None else best[0]
                found = force.victims(action, mode, start_slot, most)
                if found is not None:
                    best = (*found, mode, start_slot)
        return None if best is None else best[1:]
