"""What is proven about the best possible plan, without a plan that reaches it."""

from __future__ import annotations

from enum import Enum

from solver.budget import Meter
from solver.chance import Chance
from solver.cpsat.model import GOALS, build, goals_of
from solver.cpsat.run import Limits, Status, run
from solver.cpsat.scope import Scope
from solver.draft import Draft
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.neighbourhood import Neighbourhoods
from solver.possible import travel_is_consistent

Bundle = tuple[int, ...]

_MORE = (0, 6, 12, 24, 48)
_PROOF_SECONDS = 3.0
_PROOF_DETERMINISTIC_SECONDS = 4.0
_MISSING, _WEIGHT = GOALS[0], GOALS[1]
MOST_EXACT_ACTIONS = 120
MOST_EXACT_SERVICES = 4_000


def bound_by_structure(facts: Facts, possible: list[Bundle], incumbent: Incumbent) -> None:
    """Note the bounds that follow from the actions that could be placed alone."""
    actions = facts.problem.actions
    could = {action for bundle in possible for action in bundle}
    if not facts.problem.projects:
        incumbent.prove(project_delay=0, makespan=0)
    incumbent.prove(
        missing_mandatory=sum(action.mandatory for index, action in enumerate(actions) if index not in could),
        placed_weight=sum(actions[index].weight for index in could),
        victims=sum(actions[index].expected_victims for index in could),
        changes=sum(_least_changes(facts, index) for index in facts.kept),
    )


def _least_changes(facts: Facts, action: int) -> int:
    """Orders of an action that change in every plan, as its earlier start or some of its units cannot be had."""
    kept = facts.problem.actions[action].kept
    assert kept is not None
    orders = sum(len(units) for units in kept.units)
    if kept.start_slot < 0 or not facts.starts[action][kept.mode] >> kept.start_slot & 1:
        return 1 + orders
    gone = 0
    for need, units in enumerate(kept.units):
        staff = dict(facts.staff(action, kept.mode, need))
        gone += sum(not staff.get(unit, 0) >> kept.start_slot & 1 for unit in units)
    return gone + (gone > 0)


def bound_when_all_is_placed(facts: Facts, alone: tuple[list[int], list[int]], incumbent: Incumbent) -> None:
    """When the placed weight meets its bound, note bounds on lateness and cost.

    All weights are positive, so every plan of that weight places the same actions, each no earlier and no
    cheaper than it could alone.

    Parameters
    ----------
    alone
        Per action, its fewest late slots and its least cost alone, see `RaidSearch.best_alone`.
    """
    score, placements = incumbent.score, incumbent.placements
    if score is None or placements is None or score.placed_weight != incumbent.bounds.placed_weight:
        return
    late_slots, cost = alone
    placed = [placement.action for placement in placements]
    incumbent.prove(
        lateness=sum(facts.problem.actions[action].weight * late_slots[action] for action in placed),
        cost=sum(cost[action] for action in placed),
    )


def bound_by_clusters(
    facts: Facts,
    draft: Draft,
    left_out: list[Bundle],
    chance: Chance,
    meter: Meter,
    share: float,
    incumbent: Incumbent,
) -> None:
    """Lower the bound on the placed weight by showing that what is left out and its competitors cannot all be placed.

    Bundles left out that have a competitor in common are looked at together. The best weight of a growing cluster
    round them is computed with all other actions dropped, which can only help. Where that optimum lacks some of the
    cluster's weight, every plan lacks it. Clusters are kept disjoint, so their lacks add up.
    """
    used: set[int] = set()
    neighbourhoods = Neighbourhoods(facts, draft, chance)
    for rivals in _rivals(neighbourhoods, left_out, meter, share):
        missed = sum(facts.problem.actions[action].weight for action in rivals)
        best: tuple[int, int, set[int]] | None = None
        for more in _MORE:
            if meter.over(share):
                break
            cluster = _with_ancestors(facts, neighbourhoods.around(rivals, len(rivals) + more))
            if cluster & used or not travel_is_consistent(facts, tuple(sorted(cluster))):
                break
            lacks = _lack(facts, tuple(sorted(cluster)), chance, meter)
            if lacks is None:
                break
            if best is None or lacks > best[:2]:
                best = (*lacks, cluster)
            if best[1] >= missed:
                break
        if best is not None and best[:2] > (0, 0):
            missing, weight, cluster = best
            bounds = incumbent.bounds
            incumbent.prove(
                missing_mandatory=(bounds.missing_mandatory or 0) + missing,
                placed_weight=(bounds.placed_weight or 0) - weight,
            )
            used |= cluster


def _rivals(
    neighbourhoods: Neighbourhoods, left_out: list[Bundle], meter: Meter, share: float
) -> list[tuple[int, ...]]:
    """The bundles left out, as many as time allows, those with a competitor in common joined; the smallest first."""
    unions: list[tuple[set[int], set[int]]] = []
    for bundle in left_out:
        if meter.over(share):
            break
        members, against = set(bundle), set[int]()
        for action in bundle:
            against |= set(neighbourhoods.competitors(action))
        apart = []
        for others, rivals in unions:
            if rivals & against:
                members |= others
                against |= rivals
            else:
                apart.append((others, rivals))
        unions = [*apart, (members, against)]
    return sorted((tuple(sorted(members)) for members, _ in unions), key=lambda union: (len(union), union))


def _with_ancestors(facts: Facts, actions: set[int]) -> set[int]:
    """The actions with whole bundles and every required predecessor, so that leaving out the others only relaxes."""
    result: set[int] = set()
    pending = list(actions)
    while pending:
        action = pending.pop()
        if action not in result:
            result.add(action)
            pending.extend(facts.bundles[facts.bundle_of[action]])
            pending.extend(link.other for link in facts.links[action] if link.required and not link.leads)
    return result


def _lack(facts: Facts, cluster: tuple[int, ...], chance: Chance, meter: Meter) -> tuple[int, int] | None:
    """Mandatory actions and weight that every plan lacks in the cluster; None when that could not be proven."""
    actions = facts.problem.actions
    seconds = _PROOF_SECONDS if meter.budget.seconds is not None else None
    limits = Limits(seconds, _PROOF_DETERMINISTIC_SECONDS, meter.budget.workers, chance.below(1 << 30))
    missing = 0
    if any(actions[action].mandatory for action in cluster):
        variables = build(Scope(facts, None, cluster))
        found = run(variables, _MISSING.expression(variables), _MISSING.more_is_better, limits, meter)
        if found.status is not Status.OPTIMAL or found.value is None:
            return None
        missing = found.value
    variables = build(Scope(facts, None, cluster))
    found = run(variables, _WEIGHT.expression(variables), _WEIGHT.more_is_better, limits, meter)
    if found.status is not Status.OPTIMAL or found.value is None:
        return None
    return missing, sum(actions[action].weight for action in cluster) - found.value


def is_small(facts: Facts) -> bool:
    """Whether the whole problem is small enough to be solved exactly."""
    actions = range(len(facts.sites))
    if len(facts.sites) > MOST_EXACT_ACTIONS:
        return False
    services = sum(
        len(facts.staff(action, mode, need))
        for action in actions
        for mode in range(len(facts.durations[action]))
        for need in range(len(facts.problem.actions[action].modes[mode].unit_needs))
    )
    return services <= MOST_EXACT_SERVICES


class Exact(Enum):
    """What solving the whole problem exactly has given."""

    PROVEN = "PROVEN"
    """The incumbent is the best plan there is."""
    FINISHED = "FINISHED"
    """It is the best of the model's plans, but the model is stricter than the rules."""
    UNFINISHED = "UNFINISHED"
    """The time did not suffice."""


def solve_exactly(facts: Facts, chance: Chance, meter: Meter, share: float, incumbent: Incumbent) -> Exact:
    """Optimise all goals in order over the whole problem.

    Bounds are noted only where the model is no stricter than the rules (`travel_is_consistent`).
    """
    incumbent.enter("exact")
    everything = tuple(range(len(facts.sites)))
    proves = travel_is_consistent(facts, everything)
    variables = build(Scope(facts, None, everything))
    for goal in goals_of(facts):
        if meter.over(share):
            return Exact.UNFINISHED
        left = meter.left_seconds(share)
        left_work = meter.left_work(share)
        deterministic = 1e6 if left_work is None else max(0.01, left_work / 2_000)
        limits = Limits(left, deterministic, meter.budget.workers, chance.below(1 << 30))
        expression = goal.expression(variables)
        found = run(variables, expression, goal.more_is_better, limits, meter, incumbent.placements or ())
        if found.placements is not None:
            incumbent.offer(tuple(sorted(found.placements, key=lambda placement: placement.action)))
            incumbent.settle()
        if proves and found.bound is not None:
            incumbent.prove(**{goal.name: found.bound})
        if found.status is not Status.OPTIMAL or found.value is None:
            return Exact.UNFINISHED
        if goal.more_is_better:
            variables.model.add(expression >= found.value)
        else:
            variables.model.add(expression <= found.value)
    return Exact.PROVEN if proves else Exact.FINISHED
