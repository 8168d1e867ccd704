"""Actions that cannot be placed: one in twenty, each kept out by one planted reason and by nothing else."""

from collections.abc import Callable, Sequence
from random import Random

from opsplan.exercise.chance import steps, stream
from opsplan.exercise.ground import Place
from opsplan.exercise.languages import UNSPOKEN
from opsplan.exercise.obstacle import Obstacle
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Hold, Need, OpenSlots, Order, Pool, Strike, Task, Team, Way
from opsplan.operations.model import ActionKind, ResourceKind, UnitKind

UNSEEN_TYPE = (UnitKind.MARITIME, 1)
"""No exercise has a maritime unit of type 1."""
_DURATION = hours(3)
_NEAR_SLOTS = hours(6)
_KINDS = (ActionKind.ARREST, ActionKind.CYBER_TAKEDOWN, ActionKind.CONTROLLED_DELIVERY, ActionKind.INFORMANT_MEETING)


def plant_obstacles(shop: Workshop, seed: int) -> None:
    """Add the actions that cannot be placed; capacities have been drawn before."""
    maker = _Maker(shop, stream(seed, "obstacles"))
    order = list(Obstacle)
    maker.chance.shuffle(order)
    wanted, turn = shop.shape.unplaceable, 0
    while maker.count < wanted:
        obstacle = order[turn % len(order)]
        turn += 1
        maker.plant(obstacle, wanted - maker.count)


class _Maker:
    def __init__(self, shop: Workshop, chance: Random) -> None:
        self.shop = shop
        self.chance = chance
        self.count = 0
        self._roots: list[Task] = []
        self._bound: set[int] = set()
        self._leads = [task for task in shop.world.planted() if task.window[1] < HORIZON_SLOTS - hours(30)]
        self._plain: dict[Obstacle, Callable[[Place], Task]] = {
            Obstacle.NO_UNIT_OF_TYPE: self._no_unit_of_type,
            Obstacle.NO_UNIT_WITH_LANGUAGE: self._no_unit_with_language,
            Obstacle.NO_PERMITTED_UNIT: self._no_permitted_unit,
            Obstacle.UNITS_ABSENT: self._units_absent,
            Obstacle.UNREACHABLE_IN_TIME: self._unreachable,
            Obstacle.WINDOW_TOO_SHORT: self._window_too_short,
            Obstacle.QUIET_HOURS: self._quiet_hours,
            Obstacle.WARRANT_OUTSIDE_WINDOW: self._warrant_outside,
            Obstacle.TOO_FEW_BEDS: self._too_few_beds,
            Obstacle.LAG_OUT_OF_REACH: self._lag_out_of_reach,
        }

    def plant(self, obstacle: Obstacle, room: int) -> None:
        """Plant one obstacle where it is possible; some need another one first, or room for two."""
        self.shop.begin_cell()
        if obstacle is Obstacle.PREDECESSOR_CANNOT:
            if self._roots:
                self._after_root()
        elif obstacle is Obstacle.GROUP_MEMBER_CANNOT:
            free = [task for task in self._roots if task.number not in self._bound]
            if free:
                self._with_root(free)
        elif obstacle is Obstacle.GROUP_WINDOWS_APART:
            if room >= 2:
                self._apart()
        elif hosts := self._hosts(obstacle):
            task = self._plain[obstacle](self.shop.theatre.site(self.chance.choice(hosts)))
            # Only what is impossible by itself explains what depends on it.
            if obstacle is not Obstacle.LAG_OUT_OF_REACH:
                self._roots.append(task)

    # -- one by one

    def _no_unit_of_type(self, place: Place) -> Task:
        kind, type_ = UNSEEN_TYPE
        return self._task(Obstacle.NO_UNIT_OF_TYPE, place, Need(kind, type_), kind=ActionKind.VICTIM_EXTRACTION)

    def _no_unit_with_language(self, place: Place) -> Task:
        need = Need(UnitKind.INVESTIGATION, 4, (self.chance.choice(UNSPOKEN),))
        return self._task(Obstacle.NO_UNIT_WITH_LANGUAGE, place, need)

    def _no_permitted_unit(self, place: Place) -> Task:
        partner = self.chance.choice(self.shop.theatre.partners[place.country])
        elsewhere = self.shop.theatre.lands[partner].cities[0]
        language = self.shop.key(UnitKind.CANINE, (place.country, elsewhere.country))
        self._team(UnitKind.CANINE, elsewhere, language, (partner,))
        return self._task(Obstacle.NO_PERMITTED_UNIT, place, Need(UnitKind.CANINE, 2, (language,)))

    def _units_absent(self, place: Place) -> Task:
        need, team = self._served(place)
        task = self._task(Obstacle.UNITS_ABSENT, place, need)
        before = self.chance.random() < 0.5 and task.window[0] > hours(12)
        team.calendar = (0, task.window[0] + hours(1)) if before else (task.window[1] - hours(1), HORIZON_SLOTS)
        return task

    def _unreachable(self, place: Place) -> Task:
        ground, lands = self.shop.ground, self.shop.theatre.lands
        far = [(ground.way(lands[code].cities[0], place) or 0, code) for code in sorted(lands)]
        way, code = max(far)
        language = self.shop.key(UnitKind.FORENSIC, (place.country, code))
        team = self._team(UnitKind.FORENSIC, lands[code].cities[0], language, (code, place.country))
        opens = steps(self.chance, hours(6), hours(60))
        team.calendar = (opens, HORIZON_SLOTS)
        # The last start that the window leaves lies before the earliest arrival.
        window = (opens, opens + way + _DURATION - 2)
        return self._task(Obstacle.UNREACHABLE_IN_TIME, place, Need(UnitKind.FORENSIC, 2, (language,)), window=window)

    def _window_too_short(self, place: Place) -> Task:
        need, _ = self._served(place)
        start = self._start()
        return self._task(Obstacle.WINDOW_TOO_SHORT, place, need, window=(start, start + _DURATION - hours(0.5)))

    def _quiet_hours(self, place: Place) -> Task:
        need, _ = self._served(place)
        kind = ActionKind.SEARCH
        latest = HORIZON_SLOTS - hours(36)
        nights = [night for night in self.shop.ground.quiet(place, kind) if hours(12) < night[0] < latest]
        first, last = self.chance.choice(nights)
        window = (first - hours(1), last + hours(1))
        return self._task(Obstacle.QUIET_HOURS, place, need, kind=kind, window=window)

    def _warrant_outside(self, place: Place) -> Task:
        need, _ = self._served(place)
        task = self._task(Obstacle.WARRANT_OUTSIDE_WINDOW, place, need)
        task.warrants.append((task.window[1] - hours(1), task.window[1] + hours(24)))
        return task

    def _too_few_beds(self, place: Place) -> Task:
        need, _ = self._served(place)
        pool = Pool(place.country, ResourceKind.BED)
        spans = self.shop.world.capacities[pool]
        amount = max(amount for _, _, amount in spans) + self.chance.randint(1, 20)
        hold = Hold(pool, amount, _DURATION, hours(48))
        task = self._task(Obstacle.TOO_FEW_BEDS, place, need, kind=ActionKind.VICTIM_EXTRACTION, holds=[hold])
        task.victims = amount
        return task

    def _lag_out_of_reach(self, place: Place) -> Task:
        lead = self.chance.choice(self._leads)
        place = self.shop.theatre.site(lead.host)
        need, _ = self._served(place)
        most = steps(self.chance, 0, hours(2))
        opens = lead.window[1] + most + steps(self.chance, hours(1), hours(6))
        task = self._task(Obstacle.LAG_OUT_OF_REACH, place, need, window=(opens, opens + hours(8)))
        self.shop.world.orders.append(Order(lead, task, 0, most))
        return task

    # -- what other obstacles bring down

    def _after_root(self) -> None:
        root = self.chance.choice(self._roots)
        place = self.shop.theatre.site(root.host)
        need, _ = self._served(place)
        window = (root.window[0], min(HORIZON_SLOTS, root.window[1] + hours(24)))
        task = self._task(Obstacle.PREDECESSOR_CANNOT, place, need, kind=ActionKind.INFORMANT_MEETING, window=window)
        self.shop.world.orders.append(Order(root, task, 0, None))

    def _with_root(self, free: list[Task]) -> None:
        root = self.chance.choice(free)
        place = self._anywhere()
        need, _ = self._served(place)
        window = (max(0, root.window[0] - hours(6)), min(HORIZON_SLOTS, root.window[1] + hours(6)))
        task = self._task(Obstacle.GROUP_MEMBER_CANNOT, place, need, kind=ActionKind.ARREST, window=window)
        self.shop.world.strikes.append(Strike([root, task], 15))
        self._bound.update((root.number, task.number))

    def _apart(self) -> None:
        tasks = []
        first = self._start() // 2
        for opens in (first, first + hours(14)):
            place = self._anywhere()
            need, _ = self._served(place)
            window = (opens, opens + hours(8))
            tasks.append(self._task(Obstacle.GROUP_WINDOWS_APART, place, need, kind=ActionKind.ARREST, window=window))
        self.shop.world.strikes.append(Strike(tasks, 30))
        self._bound.update(task.number for task in tasks)

    # -- shared

    def _hosts(self, obstacle: Obstacle) -> list[str]:
        """Give the hosts in which an obstacle can be planted."""
        theatre = self.shop.theatre
        if obstacle is Obstacle.QUIET_HOURS:
            return [code for code in theatre.hosts if theatre.lands[code].quiet is not None]
        if obstacle is Obstacle.TOO_FEW_BEDS:
            return [code for code in theatre.hosts if Pool(code, ResourceKind.BED) in self.shop.world.capacities]
        return list(theatre.hosts)

    def _anywhere(self) -> Place:
        return self.shop.theatre.site(self.chance.choice(self.shop.theatre.hosts))

    def _start(self) -> int:
        return steps(self.chance, hours(16), HORIZON_SLOTS - hours(40))

    def _served(self, place: Place) -> tuple[Need, Team]:
        """Make a need and the team that would fill it, near and at hand throughout."""
        kind = self.chance.choice((UnitKind.TACTICAL, UnitKind.FINANCIAL, UnitKind.CYBER))
        language = self.shop.key(kind, (place.country,))
        ways = [(self.shop.ground.way(home, place), home) for home in self.shop.theatre.lands[place.country].cities]
        near = [home for way, home in ways if way is not None and way <= _NEAR_SLOTS]
        home = near[0] if near else place
        return Need(kind, 2, (language,)), self._team(kind, home, language, (place.country,))

    def _team(self, kind: UnitKind, home: Place, language: str, countries: Sequence[str]) -> Team:
        """Make a team that is at hand throughout."""
        team = self.shop.team_at(kind, 2, home, countries, language)
        team.calendar = (0, HORIZON_SLOTS)
        team.max_duty, team.min_rest = hours(12), hours(10)
        return team

    def _task(
        self,
        obstacle: Obstacle,
        place: Place,
        need: Need,
        *,
        kind: ActionKind | None = None,
        window: OpenSlots | None = None,
        holds: list[Hold] | None = None,
    ) -> Task:
        if window is None:
            start = self._start()
            window = (start, start + hours(16))
        task = Task(
            number=len(self.shop.world.tasks),
            cell=self.shop.cell,
            kind=kind or self.chance.choice(_KINDS),
            place=place,
            start=None,
            ways=[Way(_DURATION, [need], holds or [])],
            window=window,
            weight=self.chance.randrange(30, 300, 5),
            obstacle=obstacle,
        )
        self.shop.world.tasks.append(task)
        self.count += 1
        return task
