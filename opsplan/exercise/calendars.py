"""Drawing units tight: when they can be used, how long they may be on duty, how long they must rest."""

from itertools import pairwise
from random import Random

from opsplan.exercise.chance import steps, stream
from opsplan.exercise.ground import Ground
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Team

_SLACK_SLOTS = hours(4)
_LEAST_DUTY_SLOTS = hours(2)
_REST_FROM_SLOTS = hours(6)


def draw_calendars(shop: Workshop, seed: int) -> None:
    """Draw calendars and duty limits round what the planted plan asks of each unit."""
    chance = stream(seed, "calendars")
    for team in shop.world.teams:
        team.stints.sort(key=lambda stint: stint.start)
        if team.calendar is None and team.stints:
            team.calendar = _calendar(shop.ground, team, chance)
        _draw_duty(shop.ground, team, chance)


def _calendar(ground: Ground, team: Team, chance: Random) -> tuple[int, int]:
    first, last = team.stints[0], team.stints[-1]
    way = ground.way(team.home, first.place) or 0
    opens = first.start - way - steps(chance, 0, _SLACK_SLOTS)
    closes = last.end + steps(chance, 0, _SLACK_SLOTS)
    return max(0, opens), min(HORIZON_SLOTS, closes)


def _draw_duty(ground: Ground, team: Team, chance: Random) -> None:
    """Take the shortest rest that the planted plan gives, and the longest spell of duty that it asks."""
    free = [
        later.start - earlier.end - (ground.way(earlier.place, later.place) or 0)
        for earlier, later in pairwise(team.stints)
    ]
    rests = [slots for slots in free if slots >= _REST_FROM_SLOTS]
    team.min_rest = min([*rests, steps(chance, hours(8), hours(11))])
    longest, begun = _LEAST_DUTY_SLOTS, 0
    for number, stint in enumerate(team.stints):
        if number == 0 or free[number - 1] >= team.min_rest:
            begun = stint.start
        longest = max(longest, stint.end - begun)
    team.max_duty = longest + steps(chance, 0, hours(1)) if team.stints else hours(12)
