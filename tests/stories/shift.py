"""The same facts and the same plan at another date: every instant moved by the same time, all else as it was."""

from dataclasses import replace
from datetime import timedelta

from tests.oracle import Facts, Plan
from tests.oracle.facts import Action, Resource, Span, Unit
from tests.stories.plan_faults.edits import at


def shifted(facts: Facts, plan: Plan, by: timedelta) -> tuple[Facts, Plan]:
    """Move both; what the plan tells people of local times is told anew."""
    moved = replace(
        facts,
        span=_span(facts.span, by),
        h_hour=facts.h_hour + by,
        actions={key: _action(action, by) for key, action in facts.actions.items()},
        units={key: _unit(unit, by) for key, unit in facts.units.items()},
        resources=tuple(_resource(resource, by) for resource in facts.resources),
        elsewhere=tuple(replace(use, span=_span(use.span, by)) for use in facts.elsewhere),
        locks={key: replace(lock, start=lock.start + by) for key, lock in facts.locks.items()},
    )
    places = tuple(at(moved, each, each.start + by, each.end - each.start) for each in plan.placements)
    return moved, replace(plan, placements=places)


def _span(span: Span, by: timedelta) -> Span:
    return Span(span.start + by, span.end + by)


def _action(action: Action, by: timedelta) -> Action:
    warrants = tuple(_span(span, by) for span in action.warrants)
    return replace(action, window=_span(action.window, by), warrants=warrants)


def _unit(unit: Unit, by: timedelta) -> Unit:
    return replace(unit, absences=tuple(_span(span, by) for span in unit.absences))


def _resource(resource: Resource, by: timedelta) -> Resource:
    return replace(resource, capacities=tuple((_span(span, by), amount) for span, amount in resource.capacities))
