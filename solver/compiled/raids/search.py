"""The compiled search as the rest of the solver sees it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.compiled.raids import fields as at
from solver.compiled.raids.alone import best_alone, unit_demand
from solver.compiled.raids.changes import back_to_best, keep_best
from solver.compiled.raids.fields import field
from solver.compiled.raids.insertion import ANYWHERE, AS_KEPT, CALM, EARLIEST, LATEST
from solver.compiled.raids.placing import adopt, construct, count_starts, list_waiting, place, shake
from solver.compiled.raids.plan import Floats, new_plan
from solver.compiled.raids.polishing import GOALS, polish, urgent_actions
from solver.compiled.raids.starts import ALL_COME, NOBODY_COMES, starts_of
from solver.compiled.raids.tables import NONE, Ints, Tables, ints, tables_of
from solver.facts import Facts
from solver.problem import Action, Country, Interval, Mode, Problem, Site, Unit, UnitNeed
from solver.solution import Placement

Bundle = tuple[int, ...]

ORDERS = ("tightest", "heaviest", "densest")
"""By what bundles are taken in a construction: fewest starts, most weight, or most weight per unit and slot."""

_MANDATORY_FACTOR = 1_000
"""So many times its weight is a mandatory action worth while others compete with it."""
_TIMES = 3
"""Behind the goals of the best plan stands how often there was a better one."""
_PREFERENCES = {"earliest": EARLIEST, "anywhere": ANYWHERE, "latest": LATEST, "calm": CALM}


class RaidSearch:
    """One plan under change, with the best that it has been.

    Calls take a number of bundles or steps and return soon, so that the caller can look at its clock in between.

    Parameters
    ----------
    facts
        The problem's facts.
    seed
        Of all random choices.
    """

    def __init__(self, facts: Facts, seed: int) -> None:
        self._facts = facts
        self._tables = tables_of(facts)
        self._plan = new_plan(self._tables, seed)
        demand = np.zeros(len(facts.problem.units))
        unit_demand(self._tables, self._plan, demand)
        _order_by_demand(self._tables, demand)
        self._numbers, self._may = self._of_plan(at.NUMBERS), self._of_plan(at.MAY)
        gains = self._of(at.WEIGHT) * np.where(self._of(at.MANDATORY) > 0, _MANDATORY_FACTOR, 1)
        self._plan.gain[:] = gains
        self._plan.penalty[:] = gains
        self._best = np.zeros(4, dtype=np.int64)
        self._rooms = [np.zeros(GOALS, dtype=np.int64) for _ in range(3)]
        self._team = np.zeros(2 * int(self._of(at.MOST_PLACES)[0]), dtype=np.int64)
        self._note_best()

    def _of(self, number: int) -> Ints:
        return field(self._tables.flat, number)

    def _of_plan(self, number: int) -> Ints:
        return field(self._plan.flat, number)

    @property
    def _allowed(self) -> Ints:
        """The bundles that may be placed."""
        return self._may[: self._numbers[at.MAY_COUNT]]

    # -- what is possible at all; asked while the plan is empty

    def possible(self) -> list[Bundle]:
        """The bundles that are not impossible by themselves, see `solver.possible.possible_bundles`."""
        bundles = np.arange(len(self._facts.bundles), dtype=np.int64)
        counts = np.zeros(len(bundles), dtype=np.int64)
        count_starts(self._tables, self._plan, bundles, ALL_COME, counts)
        return [bundle for bundle, count in zip(self._facts.bundles, counts.tolist(), strict=True) if count]

    def best_alone(self) -> tuple[list[int], list[int]]:
        """Per action, the fewest late slots and the least cost that it could have alone; NONE where it could not be."""
        late_slots, cost = (np.zeros(len(self._facts.sites), dtype=np.int64) for _ in range(2))
        best_alone(self._tables, self._plan, late_slots, cost)
        return late_slots.tolist(), cost.tolist()

    # -- the plan

    def allow(self, bundles: Iterable[Bundle]) -> None:
        """Say which bundles may be placed, moved and taken out; at first none may."""
        numbers = ints(self._facts.bundle_of[bundle[0]] for bundle in bundles)
        self._may[: len(numbers)] = numbers
        self._numbers[at.MAY_COUNT] = len(numbers)
        list_waiting(self._tables, self._plan)

    def load(self, placements: Iterable[Placement]) -> None:
        """Make the plan, and the best, what is given; it keeps every rule but the groups'."""
        best = self._of_plan(at.BEST_MODE), self._of_plan(at.BEST_START), self._of_plan(at.BEST_TEAM)
        best[0][:] = NONE
        for placement in placements:
            self._write(placement, *best)
        self.back()
        self._note_best()

    def adopt(self, placements: Iterable[Placement]) -> None:
        """Place what still fits of another plan, whole bundles only, beside what is placed."""
        mode, start_slot, team = (np.full_like(self._of_plan(each), NONE) for each in (at.MODE, at.START_SLOT, at.TEAM))
        for placement in placements:
            if self._is_whole(placement):
                self._write(placement, mode, start_slot, team)
        # Twice: what waits for a predecessor may come before it.
        for _ in range(2):
            adopt(self._tables, self._plan, self._allowed, mode, start_slot, team)
        list_waiting(self._tables, self._plan)
        self._note_best()

    def _is_whole(self, placement: Placement) -> bool:
        """Whether the placement names a mode that there is, and as many units as it needs."""
        modes = self._facts.problem.actions[placement.action].modes
        if not 0 <= placement.mode < len(modes):
            return False
        wanted = [need.count for need in modes[placement.mode].unit_needs]
        return [len(units) for units in placement.units] == wanted

    def _write(self, placement: Placement, mode: Ints, start_slot: Ints, team: Ints) -> None:
        action = placement.action
        mode[action] = self._of(at.MODE_FROM)[action] + placement.mode
        start_slot[action] = placement.start_slot
        into = self._of(at.TEAM_FROM)[action]
        for units in placement.units:
            team[into : into + len(units)] = units
            into += len(units)

    def keep_near(self, bundles: Iterable[Bundle]) -> None:
        """Insert bundles as near to where an earlier plan has them as they fit."""
        order = ints(self._facts.bundle_of[bundle[0]] for bundle in bundles)
        construct(self._tables, self._plan, order, 0, len(order), AS_KEPT)
        list_waiting(self._tables, self._plan)
        self._note_best()

    def best(self) -> tuple[Placement, ...]:
        """The best plan so far, sorted by action."""
        modes, starts, team = (self._of_plan(each).tolist() for each in (at.BEST_MODE, at.BEST_START, at.BEST_TEAM))
        mode_from, team_from = self._of(at.MODE_FROM).tolist(), self._of(at.TEAM_FROM).tolist()
        actions = self._facts.problem.actions
        result = []
        for action, numbered in enumerate(modes):
            if numbered == NONE:
                continue
            mode, into = numbered - mode_from[action], team_from[action]
            units = []
            for need in actions[action].modes[mode].unit_needs:
                units.append(tuple(sorted(team[into : into + need.count])))
                into += need.count
            result.append(Placement(action, mode, starts[action], tuple(units)))
        return tuple(result)

    def key(self) -> tuple[int, int, int]:
        """The first three goals of the best plan as a tuple that is smaller when better."""
        return int(self._best[0]), -int(self._best[1]), -int(self._best[2])

    @property
    def waiting(self) -> int:
        """How many bundles that may be placed are left out of the plan as it is."""
        list_waiting(self._tables, self._plan)
        return int(self._numbers[at.WAITING_COUNT])

    def starts(self, action: int, mode: int) -> int:
        """The starts at which an action that is out fits beside the plan, as `solver.draft.Draft.starts` has them."""
        words = np.zeros_like(self._plan.some)
        starts_of(self._tables, self._plan, action, self._of(at.MODE_FROM)[action] + mode, NOBODY_COMES, words)
        return int.from_bytes(words.astype("<u8").tobytes(), "little")

    def back(self) -> None:
        """Go back to the best plan."""
        back_to_best(self._tables, self._plan)
        list_waiting(self._tables, self._plan)

    def _note_best(self) -> None:
        keep_best(self._tables, self._plan)
        self._best[:_TIMES] = self._numbers[[at.MISSING_NOW, at.WEIGHT_NOW, at.VICTIMS_NOW]]
        self._best[_TIMES] += 1

    # -- searching

    def order(self, name: str) -> Ints:
        """The bundles that may be placed, in one of the `ORDERS`; those with mandatory actions come first."""
        bundles = self._allowed
        members = [self._facts.bundles[number] for number in bundles.tolist()]
        if name == "tightest":
            counts = np.zeros(len(bundles), dtype=np.int64)
            count_starts(self._tables, self._plan, bundles, NONE, counts)
            urgency = counts / (1 + ints(map(len, members)))
        else:
            weights = self._of(at.WEIGHT)
            weight = ints(int(weights[list(each)].sum()) for each in members)
            effort = ints(sum(self._effort(action) for action in each) for each in members)
            urgency = -weight.astype(float) if name == "heaviest" else -weight / effort
        mandatory = self._of(at.MANDATORY)
        optional = ints(not mandatory[list(each)].any() for each in members)
        return bundles[np.lexsort((urgency, optional))]

    def _effort(self, action: int) -> int:
        """Unit slots that the least demanding mode of an action takes."""
        modes = self._facts.problem.actions[action].modes
        return min(mode.duration_slots * max(1, sum(need.count for need in mode.unit_needs)) for mode in modes)

    def construct(self, order: Ints, first: int, last: int, preference: str) -> None:
        """Insert the bundles ``order[first:last]``, ``earliest``, ``latest``, ``anywhere`` or where it is ``calm``."""
        construct(self._tables, self._plan, order, first, last, _PREFERENCES[preference])

    def keep_if_better(self) -> bool:
        """Note the plan as the best, if it is better in the first three goals; whether it is."""
        missing, weight, victims = self._numbers[[at.MISSING_NOW, at.WEIGHT_NOW, at.VICTIMS_NOW]].tolist()
        if (missing, -weight, -victims) >= self.key():
            return False
        self._note_best()
        return True

    def keep_if_as_good(self) -> bool:
        """Note the plan as the best, if it is no worse in the first three goals; else go back. Whether it was."""
        missing, weight, victims = self._numbers[[at.MISSING_NOW, at.WEIGHT_NOW, at.VICTIMS_NOW]].tolist()
        if (missing, -weight, -victims) > self.key():
            self.back()
            return False
        self._note_best()
        return True

    def place(self, steps: int) -> tuple[int, bool]:
        """Make so many steps by force; return those since the last better plan, and whether there was one."""
        times = self._best[_TIMES]
        list_waiting(self._tables, self._plan)
        since = place(self._tables, self._plan, steps, self._best)
        return int(since), bool(self._best[_TIMES] != times)

    def shake(self, moves: int) -> None:
        """Move lone actions to other starts and units, everything placed kept placed."""
        shake(self._tables, self._plan, moves)

    def forget_penalties(self) -> None:
        """Let every action count again for what it is worth."""
        self._plan.penalty[:] = self._plan.gain

    def polish(self, steps: int) -> int:
        """Make so many moves towards the later goals, and note the plan as the best; how many made it better."""
        plan, tables = self._plan, self._tables
        mode = self._of_plan(at.MODE)
        bundles = self._allowed.tolist()
        movable = ints(a for number in bundles for a in self._facts.bundles[number] if mode[a] != NONE)
        urgent = urgent_actions(tables, plan, movable)
        now, then, best = self._rooms
        better = polish(tables, plan, movable, urgent, steps, now, then, best, self._team)
        self._note_best()
        return int(better)


def _order_by_demand(tables: Tables, demand: Floats) -> None:
    """Order each list of candidates by how sought after they are, the least first."""
    pool_from, pool_unit = field(tables.flat, at.POOL_FROM), field(tables.flat, at.POOL_UNIT)
    pools = np.repeat(np.arange(len(pool_from) - 1), np.diff(pool_from))
    pool_unit[:] = pool_unit[np.lexsort((demand[pool_unit], pools))]


def warm() -> None:
    """Have everything compiled and kept, so that no solve pays for it: call it once at set-up."""
    raid = Action("raid", 0, (Mode(2, (UnitNeed(0, 1, 1),)),), (Interval(0, 9),))
    unit = Unit("unit", 0, 1, 0, 0, (0,), (Interval(0, 9),))
    problem = Problem(15, 9, (Country("A"),), ("assault",), sites=(Site("s", 0),), units=(unit,), actions=(raid, raid))
    facts = Facts(problem)
    search = RaidSearch(facts, 1)
    search.best_alone()
    search.allow(search.possible())
    for name in ORDERS:
        search.construct(search.order(name), 0, 1, "earliest")
    search.keep_if_better()
    search.adopt(search.best())
    search.keep_near(facts.bundles)
    search.load(())
    search.place(2)
    search.shake(1)
    search.polish(1)
    search.starts(0, 0)
    search.back()
