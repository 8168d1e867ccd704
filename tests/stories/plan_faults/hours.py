"""Plans that run at the wrong time."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle import Placement, Plan
from tests.oracle.facts import QuietHours
from tests.stories.plan_faults.edits import moved
from tests.stories.plan_faults.scene import STEP, Fault, Scene

_BOUND = frozenset({"RAID", "SEARCH"})


def _before_its_window(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield moved(scene.facts, scene.plan, each, scene.action(each).window.start - STEP)


def _after_its_window(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield moved(scene.facts, scene.plan, each, scene.action(each).window.end + STEP - scene.mode(each).duration)


def _beyond_the_operation(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield moved(scene.facts, scene.plan, each, scene.facts.span.end - STEP)


def _in_quiet_hours(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        action = scene.action(each)
        for quiet in scene.facts.quiet_hours:
            if quiet.country == action.country and action.kind in (quiet.kinds or _BOUND):
                for start in scene.starts(each):
                    if _quiet_at(quiet, each, start):
                        yield moved(scene.facts, scene.plan, each, start)


def _quiet_at(quiet: QuietHours, placement: Placement, start: datetime) -> bool:
    """Whether quiet hours hold at the start, or just before the end of an action that began then."""
    for instant in (start, start + (placement.end - placement.start) - STEP):
        clock = instant.astimezone(ZoneInfo(placement.time_zone))
        minute = (clock.hour * 60 + clock.minute - quiet.from_minute) % 1440
        if minute < (quiet.until_minute - quiet.from_minute) % 1440:
            return True
    return False


def _before_its_warrants(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        given = scene.action(each).warrants
        for start in scene.starts(each) if given else ():
            if start < min(span.start for span in given):
                yield moved(scene.facts, scene.plan, each, start)


def _longer_than_its_warrant(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        for span in scene.action(each).warrants:
            yield moved(scene.facts, scene.plan, each, span.end + STEP - scene.mode(each).duration)


FAULTS = (
    Fault("begins before its window", "windows", _before_its_window),
    Fault("ends after its window", "windows", _after_its_window),
    Fault("runs beyond the operation", "windows", _beyond_the_operation),
    Fault("runs in quiet hours", "forbidden_hours", _in_quiet_hours),
    Fault("begins before its warrants", "warrants", _before_its_warrants),
    Fault("outlasts its warrant", "warrants", _longer_than_its_warrant),
)
