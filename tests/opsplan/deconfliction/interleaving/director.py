"""Who goes on next: one player at a time moves from its point to the next, and the others stand still.

A player that is sent on and waits for a lock that another one holds is known to wait, so that no time passes to find
out; where a lock was not foreseen, the director goes on after a moment.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any

A_MOMENT_S = 1.0
STUCK_S = 300.0


class Stage(Enum):
    STANDS = "stands at a point"
    MOVES = "moves"
    LOOKS = "looks at what has come of its write"
    OVER = "is over"


class Player:
    """One writer, and how far it has come."""

    def __init__(self, name: str, director: "Director") -> None:
        self.name = name
        self.stage = Stage.MOVES
        self.number: int | None = None
        """Of its own commit, or of the last one before it held the sequence."""
        self.attempts = 0
        self.wanted: frozenset[str] = frozenset()
        self.held: set[str] = set()
        self.hung_on: set[str] = set()
        self.handles: dict[str, str] = {}
        """Ids of the records that it has met, by the database's handles."""
        self.is_presumed_waiting = False
        self._director = director
        self._gate = asyncio.Event()

    def begins_anew(self) -> None:
        """A new transaction begins: what an earlier one held is free."""
        self.attempts += 1
        self.wanted, self.number = frozenset(), None
        self.held.clear()
        self.hung_on.clear()
        self._director.note()

    def wants(self, locks: frozenset[str]) -> None:
        self.wanted = locks - self.held
        self._director.note()

    def has(self, locks: frozenset[str]) -> None:
        self.wanted = frozenset()
        self.held |= locks

    async def point(self, name: str) -> None:
        """Stand still until the director says to go on."""
        self._gate.clear()
        self.stage, self.is_presumed_waiting = Stage.STANDS, False
        self._director.passed.append((self.name, name))
        self._director.note()
        await self._gate.wait()

    def go_on(self) -> None:
        self.stage = Stage.MOVES
        self._gate.set()

    def looks(self) -> None:
        """The transaction is over, and nobody shall go on before it has been judged."""
        self._is(Stage.LOOKS)

    def goes_on_writing(self) -> None:
        """Another transaction follows."""
        self._is(Stage.MOVES)

    def ends(self) -> None:
        """It does no more."""
        self._is(Stage.OVER)

    def _is(self, stage: Stage) -> None:
        self.stage, self.is_presumed_waiting = stage, False
        self.wanted = frozenset()
        self.held.clear()
        self.hung_on.clear()
        self._director.note()


class Director:
    """Moves players by chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._noted = asyncio.Event()
        self.players: list[Player] = []
        self.passed: list[tuple[str, str]] = []
        """Who came to which point, in order."""
        self.waits = 0
        self.unforeseen = 0

    def note(self) -> None:
        """Something has changed."""
        self._noted.set()

    async def play(self, parts: Sequence[Callable[[Player], Awaitable[Any]]]) -> list[Any]:
        """Let each part be played to its end, and give what came of each."""
        self.players = [Player(chr(ord("a") + number), self) for number in range(len(parts))]
        tasks = [asyncio.create_task(self._act(player, part)) for player, part in zip(self.players, parts, strict=True)]
        try:
            async with asyncio.timeout(STUCK_S):
                while any(each.stage is not Stage.OVER for each in self.players):
                    await self._quiet()
                    standing = [each for each in self.players if each.stage is Stage.STANDS]
                    if standing:
                        self._chance.choice(standing).go_on()
                return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _act(self, player: Player, part: Callable[[Player], Awaitable[Any]]) -> Any:
        await player.point("begins")
        try:
            return await part(player)
        finally:
            player.ends()

    async def _quiet(self) -> None:
        """Wait until nobody moves but those who wait for a lock; if these are all, until one of them comes on."""
        while True:
            self._noted.clear()
            moving = [each for each in self.players if each.stage in (Stage.MOVES, Stage.LOOKS)]
            free = [each for each in moving if not each.is_presumed_waiting and not self._waits(each)]
            others = any(each.stage is Stage.STANDS for each in self.players)
            may_wait = any(each.held for each in self.players if each.stage is Stage.STANDS)
            may_wait &= all(each.stage is Stage.MOVES for each in free)
            if not moving or (not free and others):
                self.waits += len(moving)
                return
            try:
                async with asyncio.timeout(A_MOMENT_S if free and may_wait else None):
                    await self._noted.wait()
            except TimeoutError:
                self.unforeseen += len(free)
                for each in free:
                    each.is_presumed_waiting = True

    def _waits(self, player: Player) -> bool:
        return any(player.wanted & each.held for each in self.players if each is not player)
