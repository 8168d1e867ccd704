"""Who goes: needs without a key are filled by shared units, as few as the planted plan allows."""

from collections import defaultdict
from itertools import pairwise
from random import Random

from opsplan.exercise.chance import stream
from opsplan.exercise.ground import Ground
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Need, Stint, Task, Team
from opsplan.operations.model import UnitKind

_REST_SLOTS = hours(8)
_DUTY_SLOTS = hours(12)
_MOST_STINTS = 4
_NEW_SHARE = 0.1


def staff(shop: Workshop, seed: int) -> None:
    """Fill every need that has no teams yet, in the order of the planted starts."""
    chance = stream(seed, "staffing")
    shared: dict[tuple[str, UnitKind], list[Team]] = defaultdict(list)
    for task in sorted(shop.world.planted(), key=lambda task: (task.start, task.number)):
        assert task.start is not None
        for need in task.way.needs:
            while len(need.teams) < need.count:
                team = _known(shop.ground, chance, shared[task.host, need.kind], task, need)
                if team is None:
                    team = _new(shop, chance, task, need)
                    if not need.early:
                        shared[task.host, need.kind].append(team)
                need.teams.append(team)
                team.stints.append(Stint(task.start, task.end, task.place))


def _known(ground: Ground, chance: Random, teams: list[Team], task: Task, need: Need) -> Team | None:
    if need.early or chance.random() < _NEW_SHARE:
        return None
    for team in teams:
        fits = team.type <= need.type and team not in need.teams and len(team.stints) < _MOST_STINTS
        if fits and _can_follow(ground, team, task):
            return team
    return None


def _new(shop: Workshop, chance: Random, task: Task, need: Need) -> Team:
    assert task.start is not None
    there_by = task.window[0] if need.early else task.start
    team = shop.team(need.kind, chance.randint(max(2, need.type - 1), need.type), task.place, there_by)
    if need.early:
        # A lure tempts only while all that it needs is at hand from the begin of its window.
        way = shop.ground.way(team.home, task.place) or 0
        team.calendar = (max(0, there_by - way), min(HORIZON_SLOTS, task.end + hours(2)))
    return team


def _can_follow(ground: Ground, team: Team, task: Task) -> bool:
    """Whether the team can take the task after its last stint, with a rest or within one spell of duty."""
    assert task.start is not None
    last = team.stints[-1]
    way = ground.way(last.place, task.place)
    if way is None or task.start < last.end + way:
        return False
    if task.start - last.end - way >= _REST_SLOTS:
        return True
    begun = last.start
    for earlier, later in reversed(list(pairwise(team.stints))):
        if later.start - earlier.end - (ground.way(earlier.place, later.place) or 0) >= _REST_SLOTS:
            break
        begun = earlier.start
    return task.end - begun <= _DUTY_SLOTS
