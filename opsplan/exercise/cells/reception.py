"""No raid without reception: one large action could fill the shelter early, and then three small ones have no beds.

The small ones (prey) have their one time; the large one (lure) may come at any time of some days, weighs more, and fits
only when the others' people have left. Instead of beds it may be screeners, laboratories, aircraft or interpreters.
"""

from dataclasses import dataclass

from opsplan.exercise.cells.prey import make_prey
from opsplan.exercise.chance import steps
from opsplan.exercise.ground import Place
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import LEAD_SLOTS, Workshop
from opsplan.exercise.world import Hold, Need, Part, Pool, Reserve, Task, Way
from opsplan.operations.model import ActionKind

_PREY_KINDS = (ActionKind.RAID, ActionKind.RAID, ActionKind.SEARCH, ActionKind.VICTIM_EXTRACTION)
_LURE_KINDS = (ActionKind.RAID, ActionKind.VICTIM_EXTRACTION, ActionKind.CONTROLLED_DELIVERY)
_AT_ANY_HOUR = ActionKind.VICTIM_EXTRACTION
_LONGEST_SLOTS = hours(20)
"""From the release of the last bed to the end of the lure, quiet hours included."""


@dataclass(frozen=True, slots=True)
class _Guest:
    """A prey before it is made."""

    kind: ActionKind
    place: Place
    start: int
    duration: int
    amount: int


def make_reception(shop: Workshop, most: int) -> list[Task]:
    """Plant two to four prey on one pool and, after they have left it, the lure that fills it alone."""
    chance, host = shop.chance, shop.next_host()
    shop.begin_cell()
    pool, length = shop.pool(host)
    spread = min(hours(14), length // 2)
    opens = steps(chance, LEAD_SLOTS, max(LEAD_SLOTS, HORIZON_SLOTS - spread - length - _LONGEST_SLOTS))
    count = min(most - 1, chance.choice((2, 3, 3, 4)))
    guests = [_guest(shop, host, pool, opens + hours(3), opens + hours(3) + spread) for _ in range(count)]
    lure = _lure(shop, host, opens, guests, pool, length)
    prey = [
        make_prey(
            shop,
            guest.place,
            guest.start,
            lure.window,
            kind=guest.kind,
            duration=guest.duration,
            holds=(Hold(pool, guest.amount, guest.duration, length),),
        )
        for guest in guests
    ]
    shop.world.reserved[pool] = Reserve(shop.cell, lure.way.holds[0].amount)
    return [lure, *prey]


def _guest(shop: Workshop, host: str, pool: Pool, first: int, last: int) -> _Guest:
    start, place = shop.strike_between(first, last), shop.theatre.site(host)
    kind = shop.kind_at(_PREY_KINDS, place, start)
    return _Guest(kind, place, start, shop.duration(kind), shop.amount(pool))


def _lure(shop: Workshop, host: str, opens: int, guests: list[_Guest], pool: Pool, length: int) -> Task:
    chance, place = shop.chance, shop.theatre.site(host)
    kind = chance.choice(_LURE_KINDS)
    duration = shop.duration(kind)
    released = max(guest.start + guest.duration + length for guest in guests)
    wanted = released - duration + steps(chance, 0, hours(2))
    start = shop.clear_from(place, kind, wanted, duration)
    if start + duration > HORIZON_SLOTS or not shop.ground.is_clear(place, kind, opens, duration):
        # At night it would be no temptation: it must be able to start as soon as its window opens.
        kind, start = _AT_ANY_HOUR, wanted
    window = (opens, min(HORIZON_SLOTS, start + duration + steps(chance, 0, hours(5))))
    team = shop.key_team(shop.special_kind(kind), place, opens)
    shop.open(team, place, (opens, min(HORIZON_SLOTS, start + duration + steps(chance, 0, hours(4)))))
    amount = sum(guest.amount for guest in guests)
    # Those whom it frees stay beyond the operation's end, so that the pool is full to the last.
    hold = Hold(pool, amount, duration, max(length, HORIZON_SLOTS - start) + steps(chance, 0, hours(8)))
    needs = [Need(team.kind, 3, team.languages, teams=[team]), *shop.helpers(kind, team.kind, early=True)]
    return shop.task(
        kind,
        place,
        start,
        Way(duration, needs, [hold]),
        window,
        part=Part.LURE,
        weight=chance.randrange(250, 900, 10),
        mandatory=chance.random() < 0.2,
    )
