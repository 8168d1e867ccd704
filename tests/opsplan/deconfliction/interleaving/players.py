"""What the writers of a round do, drawn by chance: each a write, and the same in the model's words."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from opsplan.operations.model import ACTION, OPERATION
from opsplan.operations.states import ACTION_STEPS, ActionState
from opsplan.records.feed import last_number
from opsplan.records.writing import Writing
from opsplan.targets.model import COMPOUND
from opsplan.vocabulary.errors import Conflict, Invalid, StateConflict
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.deconfliction.interleaving.director import Player
from tests.opsplan.deconfliction.interleaving.game import PATIENCE_S, Apply, Game
from tests.opsplan.deconfliction.interleaving.model import STEPS, Act, Standing
from tests.opsplan.deconfliction.oracle import Plan, is_far_from
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, Theatre, row_of
from tests.opsplan.records.world import enter

OWNERS = "KLMN"
KINDS = ("RAID", "ARREST", "SURVEILLANCE", "INFORMANT_MEETING", "ASSET_FREEZE")
LEVELS = ("OPEN", "POINTER", "SILENT")
METRES = (0.0, 500.0, 1_000.0, 2_000.0)
Spot = tuple[float, float, float]


@dataclass(frozen=True)
class Part:
    """What one writer does."""

    owner: str
    work: Callable[[Writing], Awaitable[Any]]
    apply: Apply
    said: str


def spots_near(chance: random.Random, at: tuple[float, float]) -> list[Spot]:
    """Draw places and radii so that the oracle is sure of any two of them, hidden or not; the first are points."""
    found: list[Plan] = []
    while len(found) < 14:
        longitude, latitude = at[0] + chance.uniform(-0.06, 0.06), at[1] + chance.uniform(-0.06, 0.06)
        radius_m = 0.0 if len(found) < 7 else chance.choice((0.0, 50.0, 400.0, 3_000.0))
        plan = Plan("", "", "RAID", longitude, latitude, radius_m, DAY, DAY + timedelta(hours=1))
        if all(is_far_from(plan, each, METRES) for each in found):
            found.append(plan)
    return [(each.longitude, each.latitude, each.radius_m) for each in found]


class Draw:
    """Draws parts for a world."""

    def __init__(self, chance: random.Random, spots: list[Spot]) -> None:
        self.chance = chance
        self.spots = spots
        self.game: Game
        self._names = 0

    async def open(self, theatre: Theatre) -> Game:
        """Make a world of four actions in three operations, one of which is closed, and two sites."""
        ids: dict[str, str] = {}
        standing = Standing(operations={"K0": "OPEN", "L0": "OPEN", "L1": "POINTER"})
        for owner in "KL":
            site = self._point()
            for operation in [each for each in standing.operations if each[0] == owner]:
                acts = [f"{operation} at site", *([f"{operation} elsewhere"] if operation[1] == "0" else [])]
                drawn = [self._plan(name, owner, point=True) for name in acts]
                drawn[0] = replace(drawn[0], longitude=site[0], latitude=site[1])
                for plan in drawn:
                    standing = standing.with_act(Act(plan, operation))
                await theatre.world.write(
                    lambda writing, of=operation, plans=drawn, at=site, level=standing.operations[operation]: _enter(
                        writing, ids, of, plans, at, level
                    ),
                    actor=theatre.actor(owner),
                    timeout_s=PATIENCE_S,
                )
        self.game = Game(theatre, await last_number(theatre.graph), standing, ids)
        await self.game.compare()
        return self.game

    def part(self) -> Part:
        """Draw what one writer does."""
        now = self.game.model.now
        kinds: list[tuple[int, Callable[[], Part]]] = [(4, self._create), (3, self._step), (1, self._reshape)]
        kinds += [(1, self._close), (1, self._move_site)]
        if now.claims:
            kinds += [(4, self._change), (1, self._rename), (2, self._withdraw), (1, self._restore)]
        return self.chance.choices([each for _, each in kinds], [weight for weight, _ in kinds])[0]()

    def _point(self) -> Spot:
        return self.chance.choice(self.spots[:7])

    def _plan(self, name: str, owner: str, *, point: bool = False, sensitivity: str = "OPEN") -> Plan:
        longitude, latitude, radius_m = self._point() if point else self.chance.choice(self.spots)
        start = DAY + timedelta(minutes=30 * self.chance.randrange(28))
        end = start + timedelta(minutes=self.chance.choice((30, 120, 600)))
        return Plan(name, owner, self.chance.choice(KINDS), longitude, latitude, radius_m, start, end, sensitivity)

    def _level(self) -> str:
        return self.chance.choices(LEVELS, (7, 2, 1))[0]

    def _create(self) -> Part:
        self._names += 1
        name = f"claim {self._names}"
        plan = self._plan(name, self.chance.choice(OWNERS), sensitivity=self._level())
        row = {**row_of(plan), "external_id": f"{self.game.ids['K']}-{name}"}

        async def work(writing: Writing) -> None:
            (self.game.ids[name],) = await writing.create(CLAIM, [row])

        return Part(plan.owner, work, lambda standing: standing.with_claim(plan), f"create {plan}")

    def _claim(self) -> Plan:
        return self.game.model.now.claims[self.chance.choice(sorted(self.game.model.now.claims))]

    def _changed(self, name: str, row: dict[str, Any], after: Callable[[Plan], Plan]) -> Part:
        async def work(writing: Writing) -> None:
            await writing.change(CLAIM, [{"id": self.game.ids[name], **row}])

        def apply(standing: Standing) -> Standing | type[Conflict]:
            plan = standing.claims[name]
            return standing.with_claim(after(plan)) if plan.stands else Conflict

        return Part(self.game.model.now.claims[name].owner, work, apply, f"change {name}: {row}")

    def _change(self) -> Part:
        before = self._claim()
        plan = self._plan(before.name, before.owner)
        choice = self.chance.randrange(4)
        if choice == 0:
            return self._changed(before.name, {"kind": plan.kind}, lambda was: replace(was, kind=plan.kind))
        if choice == 1:
            level = self._level()
            return self._changed(before.name, {"sensitivity": level}, lambda was: replace(was, sensitivity=level))
        checked = row_of(plan)
        if choice == 2:
            when = {name: checked[name] for name in ("start", "end")}
            return self._changed(before.name, when, lambda was: replace(was, start=plan.start, end=plan.end))
        where = {name: checked[name] for name in ("location", "radius_m")}
        return self._changed(
            before.name,
            where,
            lambda was: replace(was, longitude=plan.longitude, latitude=plan.latitude, radius_m=plan.radius_m),
        )

    def _rename(self) -> Part:
        name = self._claim().name
        return self._changed(name, {"name": f"EXERCISE {self.chance.random()}"}, lambda was: was)

    def _withdraw(self) -> Part:
        before = self._claim()

        async def work(writing: Writing) -> None:
            await writing.retire(CLAIM, [(self.game.ids[before.name], None)])

        def apply(standing: Standing) -> Standing | type[Conflict]:
            plan = standing.claims[before.name]
            return standing.with_claim(replace(plan, stands=False)) if plan.stands else Conflict

        return Part(before.owner, work, apply, f"withdraw {before.name}")

    def _restore(self) -> Part:
        before = self._claim()

        async def work(writing: Writing) -> None:
            await writing.restore(CLAIM, [(self.game.ids[before.name], None)])

        def apply(standing: Standing) -> Standing | type[Conflict]:
            plan = standing.claims[before.name]
            return Conflict if plan.stands else standing.with_claim(replace(plan, stands=True))

        return Part(before.owner, work, apply, f"restore {before.name}")

    def _step(self) -> Part:
        name = self.chance.choice(sorted(self.game.model.now.acts))
        to = self.chance.choices(("COORDINATED", "DRAFT", "NOTIFIED", "CANCELLED"), (8, 4, 2, 0.2))[0]

        async def work(writing: Writing) -> None:
            await writing.transition(ACTION, self.game.ids[name], ActionState[to], ACTION_STEPS, "EXERCISE")

        def apply(standing: Standing) -> Standing | type[StateConflict]:
            act = standing.acts[name]
            return standing.with_act(replace(act, state=to)) if to in STEPS[act.state] else StateConflict

        return Part(name[0], work, apply, f"{name} becomes {to}")

    def _reshape(self) -> Part:
        """An action is to be done at another time, or elsewhere."""
        name = self.chance.choice(sorted(self.game.model.now.acts))
        plan = self._plan(name, name[0], point=True)
        row = {
            "window_start": row_of(plan)["start"],
            "window_end": row_of(plan)["end"],
            "location": GeoPoint(plan.longitude, plan.latitude),
        }

        async def work(writing: Writing) -> None:
            await writing.change(ACTION, [{"id": self.game.ids[name], **row}])

        def apply(standing: Standing) -> Standing | type[Invalid]:
            act = standing.acts[name]
            if act.state == "CANCELLED":
                return Invalid
            kept = replace(plan, kind=act.plan.kind)
            return standing.with_act(replace(act, plan=kept))

        return Part(name[0], work, apply, f"{name} is moved to {plan}")

    def _close(self) -> Part:
        """An operation becomes closer, or open."""
        name = self.chance.choice(sorted(self.game.model.now.operations))
        level = self.chance.choice(LEVELS)

        async def work(writing: Writing) -> None:
            await writing.change(OPERATION, [{"id": self.game.ids[name], "sensitivity": level}])

        def apply(standing: Standing) -> Standing:
            return replace(standing, operations={**standing.operations, name: level})

        return Part(name[0], work, apply, f"{name} is {level}")

    def _move_site(self) -> Part:
        """A site is found to lie elsewhere: actions stay where they were planned."""
        name = self.chance.choice("KL")
        longitude, latitude, _ = self._point()

        async def work(writing: Writing) -> None:
            await writing.change(COMPOUND, [{"id": self.game.ids[name], "location": GeoPoint(longitude, latitude)}])

        return Part(name, work, lambda standing: standing, f"site {name} lies at {longitude}, {latitude}")

    async def play(self, part: Part, player: Player, seen: set[str], tries: int) -> None:
        """Write until it is taken or refused for good, each time with the keys that were lacking."""
        for _ in range(tries):
            lacked = await self.game.write(
                player, part.owner, part.work, part.apply, seen, self.game.theatre.world.clock
            )
            if not lacked:
                return
            seen = seen | lacked


async def _enter(
    writing: Writing, ids: dict[str, str], operation: str, plans: list[Plan], site: Spot, sensitivity: str
) -> None:
    owner = operation[0]
    if owner not in ids:
        ids[owner] = await enter(writing, "Compound", name="Heron Court", location=site[:2])
    frame = {"h_hour": "2026-12-01T04:00:00Z", "start": "2026-11-20T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
    ids[operation] = await enter(writing, "Operation", code_name="Lantern", sensitivity=sensitivity, **frame)
    for plan in plans:
        window = {"window_start": plan.start.isoformat(), "window_end": plan.end.isoformat()}
        where: dict[str, Any] = (
            {"compound": ids[owner]} if plan.name.endswith("site") else {"location": (plan.longitude, plan.latitude)}
        )
        ids[plan.name] = await enter(
            writing, "Action", name="Raid", kind=plan.kind, operation=ids[operation], **window, **where
        )
