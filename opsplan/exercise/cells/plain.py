"""Ordinary affairs: watch, strike, freeze, with some room on either side."""

from opsplan.exercise.chance import steps
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import LEAD_SLOTS, Workshop
from opsplan.exercise.world import Need, Order, Task, Way
from opsplan.operations.model import ActionKind

_WATCH = (ActionKind.SURVEILLANCE, ActionKind.INFORMANT_MEETING, ActionKind.UNDERCOVER_MEETING)
_STRIKE = (
    ActionKind.RAID,
    ActionKind.RAID,
    ActionKind.ARREST,
    ActionKind.SEARCH,
    ActionKind.VICTIM_EXTRACTION,
)
_FREEZE = (ActionKind.ASSET_FREEZE, ActionKind.CYBER_TAKEDOWN)
_COURSES = ((_STRIKE,), (_STRIKE, _FREEZE), (_WATCH, _STRIKE), (_STRIKE,))
_MANDATORY_SHARE = 0.08
_ROOM_SLOTS = hours(8)


def make_plain(shop: Workshop, most: int) -> list[Task]:
    """Plant one or two actions, the second after the first."""
    chance, host = shop.chance, shop.next_host()
    shop.begin_cell()
    made: list[Task] = []
    start = shop.strike_between(LEAD_SLOTS + hours(2), HORIZON_SLOTS - hours(24))
    weight = chance.randrange(50, 400, 10)
    for kinds in chance.choice(_COURSES)[:most]:
        place = shop.theatre.site(host)
        kind = shop.kind_at(kinds, place, start)
        duration = shop.duration(kind)
        if start + duration > HORIZON_SLOTS:
            break
        team = shop.key_team(shop.special_kind(kind), place, start - hours(2))
        needs = [Need(team.kind, 3, team.languages, teams=[team]), *shop.helpers(kind, team.kind)]
        way = Way(duration, needs, list(shop.reception(kind, place, start, duration)))
        window = (
            max(0, start - steps(chance, 0, _ROOM_SLOTS)),
            min(HORIZON_SLOTS, start + duration + steps(chance, 0, _ROOM_SLOTS)),
        )
        # Weights fall along the course, so that the order of weights alone makes nothing impossible.
        weight = chance.randrange(10, weight + 1, 10) if made else weight
        mandatory = not made and chance.random() < _MANDATORY_SHARE
        task = shop.task(kind, place, start, way, window, weight=weight, mandatory=mandatory)
        if made:
            lag = start - made[-1].end
            least = max(0, lag - steps(chance, 0, hours(2)))
            shop.world.orders.append(Order(made[-1], task, least, lag + hours(16)))
        made.append(task)
        start = task.end + steps(chance, 0, hours(3))
    return made
