"""What the makers of cells share: places, times, keys that fit one lock only, and the tasks themselves."""

from collections.abc import Sequence

from opsplan.exercise.chance import steps, stream
from opsplan.exercise.crafts import CRAFTS, HELD_HOURS, MOST_AMOUNT, POOLS
from opsplan.exercise.ground import Place
from opsplan.exercise.languages import RARE
from opsplan.exercise.shape import DAYS, HORIZON_SLOTS, SLOTS_PER_DAY, Shape, hours
from opsplan.exercise.theatre import Theatre
from opsplan.exercise.world import Hold, Need, OpenSlots, Part, Pool, Stint, Task, Team, Way, World
from opsplan.operations.model import ActionKind, ResourceKind, UnitKind

LEAD_SLOTS = hours(6)
"""Nothing is planted earlier than this after the begin: units must travel first."""

_FOREIGN_SHARE = 0.36
_BEDDED = (ActionKind.RAID, ActionKind.VICTIM_EXTRACTION)
_SCREENED = (*_BEDDED, ActionKind.SEARCH, ActionKind.ARREST)
_SCREENED_SHARE = 0.5
_FREEING = (*_BEDDED, ActionKind.SEARCH)
_COUNTS = (1,) * 9 + (2,)
_NEAR_CITIES = 3


class Workshop:
    """Holds the world and hands out what makers of cells need.

    Attributes
    ----------
    chance
        The stream of all cells.
    cell
        Number of the cell that is being made.
    """

    def __init__(self, seed: int, shape: Shape, theatre: Theatre) -> None:
        self.world = World()
        self.theatre = theatre
        self.ground = theatre.ground
        self.shape = shape
        self.chance = stream(seed, "cells")
        self.cell = -1
        self._made = 0
        self._foreign = 0
        self._specialised = 0
        self._keys: dict[tuple[str, UnitKind], int] = {}
        self._pools: dict[str, int] = {}
        self._hosts: list[str] = []
        self._strike_slots = self._draw_strike_slots()

    # -- places and times

    def next_host(self) -> str:
        """Give the next host: all in turn, in a new order each time."""
        if not self._hosts:
            self._hosts = list(self.theatre.hosts)
            self.chance.shuffle(self._hosts)
        return self._hosts.pop()

    def begin_cell(self) -> None:
        """Open the next cell."""
        self.cell += 1

    def strike_between(self, first: int, last: int) -> int:
        """Draw one of the exercise's strike times in a span; a time of its own where there is none."""
        inside = [slot for slot in self._strike_slots if first <= slot <= last]
        return self.chance.choice(inside) if inside else steps(self.chance, first, last)

    def clear_from(self, place: Place, kind: ActionKind, wanted: int, duration: int) -> int:
        """Give the first start from `wanted` on that touches no quiet hours."""
        start = wanted
        while not self.ground.is_clear(place, kind, start, duration):
            start += 1
        return start

    def kind_at(self, kinds: Sequence[ActionKind], place: Place, start: int) -> ActionKind:
        """Draw a kind of action that may run at that time there, however long it takes; an arrest always may."""
        drawn = list(kinds)
        self.chance.shuffle(drawn)
        for kind in drawn:
            if self.ground.is_clear(place, kind, start, hours(CRAFTS[kind].hours[1])):
                return kind
        return ActionKind.ARREST

    def duration(self, kind: ActionKind) -> int:
        """Draw how long an action of that kind takes, in slots."""
        low, high = CRAFTS[kind].hours
        return steps(self.chance, hours(low), hours(high))

    # -- means

    def key(self, kind: UnitKind, countries: Sequence[str]) -> str:
        """Give a language that no unit of that kind speaks yet in any of the countries."""
        number = max(self._keys.get((country, kind), 0) for country in countries)
        for country in countries:
            self._keys[country, kind] = number + 1
        return RARE[number % len(RARE)]

    def key_team(
        self,
        kind: UnitKind,
        site: Place,
        there_by: int,
        *,
        foreign: bool | None = None,
        hosts: tuple[str, ...] = (),
        also: tuple[Place, int] | None = None,
    ) -> Team:
        """Make a team that nobody can stand in for, wherever it may act.

        `foreign` says whether it comes from another country; by default so that the share of these is kept. `hosts`
        are further countries in which it may act. From home it is at the site in slot `there_by`, and could be at
        another place in the slot that `also` names.
        """
        foreign = self._wants_foreign() if foreign is None else foreign
        # No maritime unit is of type 1: see `obstacles`.
        type_ = 2 if kind is UnitKind.MARITIME else self.chance.choice((1, 1, 2))
        team = self._team(kind, type_, self._home(site, there_by, foreign=foreign, also=also), (site.country, *hosts))
        team.languages = (self.key(kind, team.permitted),)
        return team

    def team(self, kind: UnitKind, type_: int, site: Place, there_by: int, languages: tuple[str, ...] = ()) -> Team:
        """Make a team of the site's country whose home is near enough to be there in slot `there_by` from slot 0 on."""
        team = self._team(kind, type_, self._home(site, there_by, foreign=False), (site.country,))
        team.languages = languages
        return team

    def team_at(self, kind: UnitKind, type_: int, home: Place, countries: Sequence[str], language: str) -> Team:
        """Make a team with its home at a given place that may act in given countries alone."""
        team = self._team(kind, type_, home, ())
        team.permitted = tuple(sorted(countries))
        team.languages = (language,)
        return team

    def _team(self, kind: UnitKind, type_: int, home: Place, hosts: Sequence[str]) -> Team:
        abroad = any(host != home.country for host in hosts)
        team = Team(
            number=len(self.world.teams),
            kind=kind,
            type=type_,
            home=home,
            country=home.country,
            permitted=tuple(sorted({home.country, *hosts})),
            specialised=self.next_specialised() if abroad else None,
            cost_per_hour=self.chance.randrange(40, 400, 10) + (300 if abroad else 0),
        )
        self.world.teams.append(team)
        return team

    def open(self, team: Team, place: Place, span: OpenSlots, room: int = 0) -> None:
        """Let a team's calendar hold its way from home to `place` and then `span`, with `room` on either side."""
        way = self.ground.way(team.home, place) or 0
        team.calendar = (max(0, span[0] - way - room), min(HORIZON_SLOTS, span[1] + room))

    def next_specialised(self) -> int | None:
        """Give the number of the next specialised unit that has nothing to do yet; None when all have."""
        if self._specialised == self.shape.specialised_units:
            return None
        self._specialised += 1
        return self._specialised

    def pool(self, host: str) -> tuple[Pool, int]:
        """Give a pool that belongs to one cell alone, and for how many slots an action uses it."""
        number = self._pools.get(host, 0)
        self._pools[host] = number + 1
        kind = POOLS[number] if number < len(POOLS) else ResourceKind.INTERPRETER
        # Beyond one pool of each kind, interpreters: of another language every time.
        voice = RARE[-1 - (number - len(POOLS)) % len(RARE)] if number >= len(POOLS) else ""
        low, high = HELD_HOURS[kind]
        return Pool(host, kind, voice), steps(self.chance, hours(low), hours(high))

    def amount(self, pool: Pool) -> int:
        """Draw how much of a pool an action uses."""
        most = MOST_AMOUNT[pool.kind]
        return self.chance.randint(max(1, most // 3), most)

    def reception(self, kind: ActionKind, place: Place, start: int, duration: int) -> tuple[Hold, ...]:
        """Draw what those whom an action finds need from its end until after the operation's: beds, and listeners."""
        length = max(hours(48), HORIZON_SLOTS - start - duration)
        found: list[Hold] = []
        if kind in _BEDDED:
            found.append(self._lasting(Pool(place.country, ResourceKind.BED), duration, length))
        if kind in _SCREENED and self.chance.random() < _SCREENED_SHARE:
            found.append(self._lasting(Pool(place.country, ResourceKind.SCREENER), duration, length))
        return tuple(found)

    def _lasting(self, pool: Pool, offset: int, least: int) -> Hold:
        return Hold(pool, self.amount(pool), offset, least + steps(self.chance, 0, hours(48)))

    # -- tasks

    def special_kind(self, kind: ActionKind) -> UnitKind:
        """Draw the kind of unit that an action of that kind cannot do without."""
        return self.chance.choice(CRAFTS[kind].special)

    def helpers(self, kind: ActionKind, special: UnitKind, *, early: bool = False) -> list[Need]:
        """Draw what goes with the special unit: needs of other kinds without a language, which shared units fill."""
        kinds = [each for each in CRAFTS[kind].helpers if each is not special]
        fewest, most = CRAFTS[kind].helping
        drawn = set(self.chance.sample(kinds, self.chance.randint(min(fewest, len(kinds)), min(most, len(kinds)))))
        return [
            Need(each, self.chance.choice((2, 3, 3, 4)), count=self.chance.choice(_COUNTS), early=early)
            for each in kinds
            if each in drawn
        ]

    def task(
        self,
        kind: ActionKind,
        place: Place,
        start: int,
        way: Way,
        window: OpenSlots,
        *,
        part: Part = Part.PLAIN,
        weight: int,
        mandatory: bool = False,
    ) -> Task:
        """Plant an action of the present cell."""
        task = Task(
            number=len(self.world.tasks),
            cell=self.cell,
            kind=kind,
            place=place,
            start=start,
            ways=[way],
            window=window,
            part=part,
            weight=weight,
            mandatory=mandatory,
            victims=self._victims(kind, way),
        )
        assert 0 <= window[0] <= start, (window, start)
        assert task.end <= window[1] <= HORIZON_SLOTS, (window, task.end)
        self.world.tasks.append(task)
        for need in way.needs:
            for team in need.teams:
                team.stints.append(Stint(start, task.end, place))
        self._made += 1
        self._foreign += task.foreign
        return task

    def _victims(self, kind: ActionKind, way: Way) -> int:
        """Expect as many as there are beds for, or some."""
        beds = sum(hold.amount for hold in way.holds if hold.pool.kind is ResourceKind.BED)
        return beds or (self.chance.randint(5, 60) if kind in _FREEING else 0)

    def _wants_foreign(self) -> bool:
        """Whether the next task should take a unit of another country: counted, as small exercises leave no luck."""
        return self._foreign < _FOREIGN_SHARE * (self._made + 1)

    def _home(self, site: Place, there_by: int, *, foreign: bool, also: tuple[Place, int] | None = None) -> Place:
        """Draw a town to come from: abroad if wanted and near enough, else one of the country's own."""
        lands = self.theatre.lands
        towns: list[Place] = []
        if foreign:
            towns = [town for code in self.theatre.partners[site.country] for town in lands[code].cities[:_NEAR_CITIES]]
        own = list(lands[site.country].cities)
        self.chance.shuffle(towns)
        self.chance.shuffle(own)
        for town in (*towns, *own):
            if all(self._reaches(town, *each) for each in ((site, there_by), *((also,) if also else ()))):
                return town
        # Islands without an airport near: a unit of the place itself.
        return site

    def _reaches(self, town: Place, site: Place, there_by: int) -> bool:
        """Whether who leaves a town in slot 0 is at the site in slot `there_by`."""
        way = self.ground.way(town, site)
        return way is not None and way <= there_by

    def _draw_strike_slots(self) -> list[int]:
        slots = {
            max(LEAD_SLOTS + hours(1), day * SLOTS_PER_DAY + 2 * self.chance.randrange(SLOTS_PER_DAY // 2))
            for day in range(DAYS - 1)
            for _ in range(self.shape.strikes_per_day)
        }
        return sorted(slots)
