"""Too soon: what must come shortly before a raid could be done days before, and then the raid comes too late."""

from opsplan.exercise.cells.prey import PREY_KINDS, make_follower, make_prey
from opsplan.exercise.chance import steps
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import LEAD_SLOTS, Workshop
from opsplan.exercise.world import Need, Order, Part, Task, Way
from opsplan.operations.model import ActionKind

_LURE_KINDS = (ActionKind.SURVEILLANCE, ActionKind.UNDERCOVER_MEETING, ActionKind.INFORMANT_MEETING)
_FOLLOWED_SHARE = 0.5


def make_lag(shop: Workshop, most: int) -> list[Task]:
    """Plant a watch (lure) and, within a few hours of its end, what it serves (prey), which has its one time."""
    chance, host = shop.chance, shop.next_host()
    shop.begin_cell()
    place, other = shop.theatre.site(host), shop.theatre.site(host)
    lure_kind = chance.choice(_LURE_KINDS)
    lure_duration = shop.duration(lure_kind)
    prey_at = shop.strike_between(hours(48), HORIZON_SLOTS - hours(8))
    kind = shop.kind_at(PREY_KINDS, place, prey_at)
    min_lag = steps(chance, 0, hours(2))
    lag = min_lag + steps(chance, 0, hours(2))
    max_lag = lag + steps(chance, 0, hours(2))
    start = prey_at - lag - lure_duration
    # Done at the begin of its window, it ends so early that the prey's time lies beyond the largest lag.
    too_early = prey_at - hours(5) - max_lag - lure_duration
    opens = steps(chance, LEAD_SLOTS, max(LEAD_SLOTS, too_early))
    window = (opens, min(HORIZON_SLOTS, start + lure_duration + chance.randrange(0, 9, 2)))
    team = shop.key_team(shop.special_kind(lure_kind), other, opens)
    shop.open(team, other, (opens, min(HORIZON_SLOTS, start + lure_duration + chance.randrange(0, 9, 2))))
    way = Way(lure_duration, [Need(team.kind, 3, team.languages, teams=[team])])
    lure = shop.task(lure_kind, other, start, way, window, part=Part.LURE, weight=chance.randrange(200, 700, 10))
    prey = make_prey(shop, place, prey_at, window, kind=kind, duration=shop.duration(kind))
    shop.world.orders.append(Order(lure, prey, min_lag, max_lag))
    followed = most > 2 and chance.random() < _FOLLOWED_SHARE
    return [lure, prey, *(make_follower(shop, prey) if followed else ())]
