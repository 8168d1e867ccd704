"""The prey of a cell: an action that can run at its planted time only, whatever its window says."""

from opsplan.exercise.chance import steps
from opsplan.exercise.ground import Place
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Hold, Need, OpenSlots, Order, Part, Task, Team, Tightness, Way
from opsplan.operations.model import ActionKind

PREY_KINDS = (
    ActionKind.RAID,
    ActionKind.RAID,
    ActionKind.SEARCH,
    ActionKind.ARREST,
    ActionKind.VICTIM_EXTRACTION,
    ActionKind.CONTROLLED_DELIVERY,
)
"""What preys are; those that quiet hours forbid at their time become arrests."""

_WARRANTED = (ActionKind.RAID, ActionKind.SEARCH, ActionKind.ARREST)
_FOLLOWERS = (ActionKind.ASSET_FREEZE, ActionKind.CYBER_TAKEDOWN, ActionKind.INFORMANT_MEETING)


def make_prey(
    shop: Workshop,
    place: Place,
    start: int,
    lure_window: OpenSlots,
    *,
    kind: ActionKind,
    duration: int,
    holds: tuple[Hold, ...] = (),
    team: Team | None = None,
) -> Task:
    """Plant a prey.

    Parameters
    ----------
    lure_window
        The window of the cell's lure. A prey with a wide window has one that opens no earlier and closes no earlier
        than this, so that neither the earliest window, nor the nearest deadline, nor the narrower window gives the
        prey the first turn.
    holds
        What it uses; by default beds, where its kind frees people.
    team
        The team that alone can do it; by default one made for it.
    """
    chance = shop.chance
    tight = chance.choice(_tightnesses(kind))
    before, after = chance.randrange(0, 5, 2), chance.randrange(0, 7, 2)
    exact = (max(0, start - before), min(HORIZON_SLOTS, start + duration + after))
    if team is None:
        room = 0 if tight is Tightness.CALENDAR else steps(chance, hours(2), hours(10))
        team = shop.key_team(shop.special_kind(kind), place, start - before)
        shop.open(team, place, exact, room)
    need = Need(team.kind, team.type, team.languages, teams=[team])
    way = Way(
        duration, [need, *shop.helpers(kind, team.kind)], list(holds or shop.reception(kind, place, start, duration))
    )
    wide = (
        min(start, lure_window[0] + steps(chance, 0, hours(2))),
        min(HORIZON_SLOTS, max(start + duration, lure_window[1] + steps(chance, 0, hours(6)))),
    )
    window = exact if tight is Tightness.WINDOW else wide
    task = shop.task(kind, place, start, way, window, part=Part.PREY, weight=chance.randrange(20, 125, 5))
    if tight is Tightness.WARRANT:
        task.warrants.append(exact)
    return task


def make_follower(shop: Workshop, before: Task) -> list[Task]:
    """Plant an action that needs the prey done: lost with it, for no fault of its own. None where time runs out."""
    chance = shop.chance
    kind = chance.choice(_FOLLOWERS)
    duration = shop.duration(kind)
    place = shop.theatre.site(before.host)
    min_lag = steps(chance, 0, hours(3))
    start = before.end + min_lag + steps(chance, 0, hours(4))
    if start + duration > HORIZON_SLOTS:
        return []
    team = shop.key_team(shop.special_kind(kind), place, start)
    way = Way(duration, [Need(team.kind, team.type, team.languages, teams=[team])])
    window = (before.window[0], min(HORIZON_SLOTS, start + duration + steps(chance, hours(2), hours(12))))
    # Never heavier than what it needs: the order of weights alone must not make it impossible.
    task = shop.task(kind, place, start, way, window, weight=chance.randrange(10, before.weight + 1, 5))
    max_lag = start - before.end + steps(chance, hours(2), hours(8))
    shop.world.orders.append(Order(before, task, min_lag, max_lag))
    return [task]


def _tightnesses(kind: ActionKind) -> tuple[Tightness, ...]:
    always = (Tightness.CALENDAR, Tightness.CALENDAR, Tightness.WINDOW)
    return (*always, Tightness.WARRANT, Tightness.WARRANT) if kind in _WARRANTED else always
