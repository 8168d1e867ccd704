"""Actions and operations that are other than when the plan was made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tests.oracle import Facts
from tests.oracle.facts import Span
from tests.stories.fact_faults.change import HOUR, FactFault, placed_actions, with_action
from tests.stories.plan_faults.scene import STEP, Scene


def _window_moved(scene: Scene) -> Iterator[Facts]:
    for action, _, span in placed_actions(scene):
        yield with_action(scene.facts, action, window=Span(span.start + STEP, span.end + HOUR))


def _operation_shortened(scene: Scene) -> Iterator[Facts]:
    last = max(span.end for _, _, span in placed_actions(scene))
    yield replace(scene.facts, span=Span(scene.facts.span.start, last - STEP))


def _warrant_shortened(scene: Scene) -> Iterator[Facts]:
    for action, _, span in placed_actions(scene):
        if action.warrants:
            yield with_action(scene.facts, action, warrants=(Span(span.start - HOUR, span.end - STEP),))


def _warrant_imposed(scene: Scene) -> Iterator[Facts]:
    """Give a warrant for another day to an action that needed none."""
    for action, _, span in placed_actions(scene):
        if not action.warrants:
            yield with_action(scene.facts, action, warrants=(Span(span.end, span.end + HOUR),))


def _action_cancelled(scene: Scene) -> Iterator[Facts]:
    for action, _, _ in placed_actions(scene):
        yield with_action(scene.facts, action, state="CANCELLED")


def _country_uncertain(scene: Scene) -> Iterator[Facts]:
    for action, _, _ in placed_actions(scene):
        yield with_action(scene.facts, action, country=None)


def _location_lost(scene: Scene) -> Iterator[Facts]:
    for action, _, _ in placed_actions(scene):
        yield with_action(scene.facts, action, point=None)


def _made_mandatory(scene: Scene) -> Iterator[Facts]:
    placed = {each.action_id for each in scene.plan.placements}
    for action in scene.facts.actions.values():
        if action.in_play and action.id not in placed:
            yield with_action(scene.facts, action, mandatory=True)


def _takes_longer(scene: Scene) -> Iterator[Facts]:
    for action, mode, _ in placed_actions(scene):
        longer = replace(mode, duration=mode.duration + timedelta(minutes=1))
        yield with_action(
            scene.facts, action, modes=tuple(longer if each.id == mode.id else each for each in action.modes)
        )


def _needs_a_better_type(scene: Scene) -> Iterator[Facts]:
    for each, need in scene.needs():
        if any(scene.facts.units[unit].type == need.type for unit in each.staffing[need.id]) and need.type > 1:
            action, mode = scene.action(each), scene.mode(each)
            needs = tuple(replace(n, type=n.type - 1) if n.id == need.id else n for n in mode.unit_needs)
            modes = tuple(replace(m, unit_needs=needs) if m.id == mode.id else m for m in action.modes)
            yield with_action(scene.facts, action, modes=modes)


def _h_hour_moved(scene: Scene) -> Iterator[Facts]:
    yield replace(scene.facts, h_hour=scene.facts.h_hour + HOUR)


FAULTS = (
    FactFault("window moved", "windows", _window_moved),
    FactFault("operation shortened", "windows", _operation_shortened),
    FactFault("warrant shortened", "warrants", _warrant_shortened),
    FactFault("warrant imposed", "warrants", _warrant_imposed),
    FactFault("action cancelled", "well_formed", _action_cancelled),
    FactFault("country uncertain", "place", _country_uncertain),
    FactFault("location lost", "place", _location_lost),
    FactFault("made mandatory", "mandatory", _made_mandatory),
    FactFault("takes longer", "duration", _takes_longer),
    FactFault("needs a better type", "unit_needs", _needs_a_better_type),
    FactFault("H-hour moved", "local_time", _h_hour_moved),
)
