"""The best unit is sent first: a type-1 team spends its only day on what a type-3 team could do tomorrow."""

from opsplan.exercise.cells.prey import PREY_KINDS, make_follower, make_prey
from opsplan.exercise.chance import steps
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import LEAD_SLOTS, Workshop
from opsplan.exercise.world import Need, Part, Task, Way
from opsplan.operations.model import ActionKind

_LURE_KINDS = (
    ActionKind.ARREST,
    ActionKind.VICTIM_EXTRACTION,
    ActionKind.CONTROLLED_DELIVERY,
    ActionKind.SURVEILLANCE,
    ActionKind.CYBER_TAKEDOWN,
)
_FOLLOWED_SHARE = 0.55
_MANDATORY_SHARE = 0.1


def make_scarce(shop: Workshop, most: int) -> list[Task]:
    """Plant a prey that one team alone can do, a lure that the same team could do before, and perhaps a follower.

    The lure's early start clashes with the prey by its time, by the way between the two sites, or by the team's duty
    limit, which is drawn afterwards round the prey alone.
    """
    chance, host = shop.chance, shop.next_host()
    shop.begin_cell()
    place, other = shop.theatre.site(host), shop.theatre.site(host)
    prey_at = shop.strike_between(LEAD_SLOTS + hours(8), HORIZON_SLOTS - hours(48))
    kind = shop.kind_at(PREY_KINDS, place, prey_at)
    duration = shop.duration(kind)
    lure_kind = chance.choice(_LURE_KINDS)
    lure_duration = shop.duration(lure_kind)
    early = prey_at - steps(chance, hours(1), lure_duration + hours(3))
    ground = shop.ground
    if (ground.way(other, place) or 0) > prey_at:
        # Between far islands: else a team at home beside the one site could not be at the other in time at all.
        other = place
    scarce = shop.key_team(shop.special_kind(kind), other, early, also=(place, prey_at))
    opens = min(early - (ground.way(scarce.home, other) or 0), prey_at - (ground.way(scarce.home, place) or 0))
    scarce.calendar = (max(0, opens), min(HORIZON_SLOTS, prey_at + duration + chance.randrange(0, 5, 2)))
    late = min(prey_at + duration + steps(chance, hours(5), hours(40)), HORIZON_SLOTS - lure_duration)
    window = (early, min(HORIZON_SLOTS, late + lure_duration + steps(chance, 0, hours(5))))
    patient = shop.team(scarce.kind, 3, other, late, scarce.languages)
    shop.open(patient, other, (late, min(HORIZON_SLOTS, late + lure_duration + steps(chance, 0, hours(4)))))
    needs = [Need(scarce.kind, 3, scarce.languages, teams=[patient]), *shop.helpers(lure_kind, scarce.kind, early=True)]
    lure = shop.task(
        lure_kind,
        other,
        late,
        Way(lure_duration, needs, list(shop.reception(lure_kind, other, late, lure_duration))),
        window,
        part=Part.LURE,
        weight=chance.randrange(200, 800, 10),
        mandatory=chance.random() < _MANDATORY_SHARE,
    )
    prey = make_prey(shop, place, prey_at, window, kind=kind, duration=duration, team=scarce)
    followed = most > 2 and chance.random() < _FOLLOWED_SHARE
    return [lure, prey, *(make_follower(shop, prey) if followed else ())]
