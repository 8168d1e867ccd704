"""Clocks, quiet hours, sites and airports that are other than when the plan was made."""

from collections.abc import Iterator
from dataclasses import replace

from tests.oracle import Facts
from tests.oracle.facts import Network, QuietHours
from tests.stories.fact_faults.change import FAR, FactFault, placed_actions, with_action
from tests.stories.plan_faults.scene import Scene


def _quiet_hours_changed(scene: Scene) -> Iterator[Facts]:
    for each in scene.plan.placements:
        action = scene.action(each)
        clock = each.local_start
        begin = clock.hour * 60 + clock.minute
        if action.kind in {"RAID", "SEARCH"}:
            quiet = QuietHours(action.country or "", begin, (begin + 60) % 1440, frozenset())
            yield replace(scene.facts, quiet_hours=(*scene.facts.quiet_hours, quiet))


def _zone_changed(scene: Scene) -> Iterator[Facts]:
    """Let a country that keeps quiet hours put its clocks so that they show these hours when an action begins."""
    zones = scene.facts.gazetteer.zones
    for each in scene.plan.placements:
        action = scene.action(each)
        for quiet in scene.facts.quiet_hours:
            if quiet.country == action.country and action.kind in (quiet.kinds or {"RAID", "SEARCH"}):
                ahead = quiet.from_minute - each.start.hour * 60 - each.start.minute
                hours = (-(-ahead // 60) + 11) % 24 - 11
                # POSIX turns the sign round.
                other = {**zones, action.country or "": (f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT",)}
                yield replace(scene.facts, gazetteer=replace(scene.facts.gazetteer, zones=other))


def _site_moved(scene: Scene) -> Iterator[Facts]:
    """Move a site of one zone's country out to sea: nobody gets there in time."""
    for action, _, _ in placed_actions(scene):
        if len(scene.facts.gazetteer.zones.get(action.country or "", ())) == 1:
            yield with_action(scene.facts, action, point=FAR)


def _airports_closed(scene: Scene) -> Iterator[Facts]:
    yield replace(scene.facts, gazetteer=replace(scene.facts.gazetteer, network=Network((), ())))


FAULTS = (
    FactFault("site moved far away", "travel", _site_moved),
    FactFault("airports closed", "travel", _airports_closed),
    FactFault("quiet hours changed", "forbidden_hours", _quiet_hours_changed),
    FactFault("zone changed", "forbidden_hours", _zone_changed),
)
