"""Units that are other than when the plan was made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tests.oracle import Facts
from tests.oracle.facts import Span
from tests.stories.fact_faults.change import FAR, HOUR, FactFault, used_units, with_unit, with_use_elsewhere
from tests.stories.plan_faults.scene import Scene


def _permission_withdrawn(scene: Scene) -> Iterator[Facts]:
    for unit, action, _ in used_units(scene):
        left = unit.may_act_in - {action.country}
        yield with_unit(scene.facts, unit, permitted=left or frozenset({"AQ"}))


def _absence_added(scene: Scene) -> Iterator[Facts]:
    """Let a unit be away in the last minutes of its last action, so that nothing else is touched."""
    for unit, _, span in used_units(scene):
        away = Span(span.end - timedelta(minutes=5), span.end + HOUR)
        yield with_unit(scene.facts, unit, absences=tuple(sorted((*unit.absences, away))))


def _back_just_now(scene: Scene) -> Iterator[Facts]:
    """Let a unit come home just when its action begins elsewhere."""
    for unit, action, span in used_units(scene):
        if unit.home != action.point:
            away = Span(span.start - timedelta(minutes=5), span.start)
            yield with_unit(scene.facts, unit, absences=tuple(sorted((*unit.absences, away))))


def _home_moved(scene: Scene) -> Iterator[Facts]:
    for unit, _, _ in used_units(scene):
        yield with_unit(scene.facts, unit, home=FAR)


def _type_lowered(scene: Scene) -> Iterator[Facts]:
    for unit, _, _ in used_units(scene):
        yield with_unit(scene.facts, unit, type=4)


def _kind_changed(scene: Scene) -> Iterator[Facts]:
    for unit, _, _ in used_units(scene):
        yield with_unit(scene.facts, unit, kind="MARITIME" if unit.kind != "MARITIME" else "CANINE")


def _language_forgotten(scene: Scene) -> Iterator[Facts]:
    for unit, _, _ in used_units(scene):
        yield with_unit(scene.facts, unit, languages=frozenset())


def _duty_shortened(scene: Scene) -> Iterator[Facts]:
    for unit, _, span in used_units(scene):
        yield with_unit(scene.facts, unit, max_duty=span.end - span.start - timedelta(minutes=1))


def _rest_lengthened(scene: Scene) -> Iterator[Facts]:
    served: dict[str, int] = {}
    for unit, _, _ in used_units(scene):
        served[unit.id] = served.get(unit.id, 0) + 1
        if served[unit.id] > 1:
            yield with_unit(scene.facts, unit, min_rest=timedelta(days=6))


def _no_longer_offered(scene: Scene) -> Iterator[Facts]:
    for unit, _, _ in used_units(scene):
        yield replace(scene.facts, units={key: each for key, each in scene.facts.units.items() if key != unit.id})


def _used_elsewhere(scene: Scene) -> Iterator[Facts]:
    for unit, action, span in used_units(scene):
        assert action.point is not None
        yield with_use_elsewhere(scene.facts, Span(span.start, span.end), action.point, unit_ids=frozenset({unit.id}))


def _awaited_elsewhere(scene: Scene) -> Iterator[Facts]:
    """Let another operation use a unit far away, too soon after its last action here."""
    for unit, _, span in used_units(scene):
        begin = span.end + unit.min_rest + HOUR
        yield with_use_elsewhere(scene.facts, Span(begin, begin + HOUR), FAR, unit_ids=frozenset({unit.id}))


FAULTS = (
    FactFault("permission withdrawn", "permitted_countries", _permission_withdrawn),
    FactFault("absence added", "calendars", _absence_added),
    FactFault("back just now", "travel", _back_just_now),
    FactFault("home moved far away", "travel", _home_moved),
    FactFault("type lowered", "unit_needs", _type_lowered),
    FactFault("kind changed", "unit_needs", _kind_changed),
    FactFault("language forgotten", "unit_needs", _language_forgotten),
    FactFault("duty shortened", "duty_and_rest", _duty_shortened),
    FactFault("rest lengthened", "duty_and_rest", _rest_lengthened),
    FactFault("no longer offered", "well_formed", _no_longer_offered),
    FactFault("used elsewhere", "calendars", _used_elsewhere),
    FactFault("awaited elsewhere", "calendars", _awaited_elsewhere),
)
