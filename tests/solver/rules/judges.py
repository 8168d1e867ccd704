"""The three judges of a plan: the checker, the exact model and the draft. They must agree."""

from __future__ import annotations

from solver import Budget, Outcome, Placement, Problem, solve, verify
from solver.budget import Meter
from solver.cpsat.model import RULES, build
from solver.cpsat.run import Limits, Status, run
from solver.cpsat.scope import Scope
from solver.draft import Draft, Placed
from solver.facts import Facts

_LIMITS = Limits(None, 10.0, 1, 1)


def broken_rules(problem: Problem, *placements: Placement) -> set[str]:
    """The names of the rules that the checker finds broken."""
    return {breach.rule for breach in verify(problem, placements)}


def model_allows(problem: Problem, placements: tuple[Placement, ...], without: str = "") -> bool:
    """Whether the exact model, with every unit offered and one rule left out, has exactly this plan."""
    rules = tuple(rule for rule in RULES if rule.name != without)
    everything = tuple(range(len(problem.actions)))
    variables = build(Scope(Facts(problem), None, everything, wide=True), rules)
    model = variables.model
    placed = {placement.action: placement for placement in placements}
    for action in everything:
        if action not in placed:
            model.add(variables.present[action] == 0)
            continue
        model.add(variables.modes[action, placed[action].mode] == 1)
        model.add(variables.starts[action] == placed[action].start_slot)
    for service in variables.services:
        placement = placed.get(service.action)
        serves = (
            placement is not None and placement.mode == service.mode and service.unit in placement.units[service.need]
        )
        model.add(service.literal == serves)
    offered = {(service.action, service.mode, service.need, service.unit) for service in variables.services}
    for placement in placements:
        for need, units in enumerate(placement.units):
            if any((placement.action, placement.mode, need, unit) not in offered for unit in units):
                return False
    objective = model.new_constant(0)
    meter = Meter(Budget(seconds=None, work=10**9, workers=1))
    found = run(variables, objective, False, _LIMITS, meter)
    assert found.status in (Status.OPTIMAL, Status.INFEASIBLE)
    return found.status is Status.OPTIMAL


def draft_accepts(problem: Problem, placements: tuple[Placement, ...]) -> bool:
    """Whether a draft takes the placements one after the other, the last one included."""
    draft = Draft(Facts(problem))
    for placement in placements:
        if not draft.accepts(placement):
            return False
        draft.put(placement.action, Placed(placement.mode, placement.start_slot, placement.units))
    return True


def assert_kept(problem: Problem, *placements: Placement) -> None:
    """All judges accept the plan."""
    assert verify(problem, placements) == ()
    assert model_allows(problem, placements)
    assert draft_accepts(problem, placements)


def assert_broken(rule: str, problem: Problem, *placements: Placement, in_draft: bool = True) -> None:
    """All judges refuse the plan, and only because of `rule`.

    `in_draft` is false for what a draft leaves to the search: whole groups and locks.
    """
    assert broken_rules(problem, *placements) == {rule}
    assert not model_allows(problem, placements)
    assert model_allows(problem, placements, without=rule), f"another rule than {rule} refuses it too"
    if in_draft:
        assert not draft_accepts(problem, placements)


def solved(problem: Problem) -> dict[int, Placement]:
    """The plan that the solver proves best, by action."""
    solution = solve(problem, Budget(seconds=None, work=10**6, workers=1))
    assert solution.outcome is Outcome.OPTIMAL
    assert verify(problem, solution.placements) == ()
    return {placement.action: placement for placement in solution.placements}
