"""Turns: the writers of one process wait in a row for a lock that all of them need, and not all at once at the server.

Neo4j lets whoever waits for a lock look for it again and again, with growing pauses and in no order: with 64 writers of
one node it took 0.4 s from one to the next (measured on 5.26), nearly all of it the server's own work. A row costs
nothing, is fair, and leaves one waiter of each process to the server.

Who is refused for what he has not seen begins anew at once, shows it, and comes back. He then is the first in the row,
a few times: at its end there would be more by then that he has not seen.

A turn is a courtesy and guarantees nothing; the lock does. What its holder waits for at the server may be held by one
that waits in the row, which the server cannot see. So a turn that lasts too long is not waited for any more: the next
one goes to the server as well, where a deadlock is found out.
"""

import asyncio
from collections import deque
from typing import Final

LONGEST_S: Final = 1.0
"""How long a turn is waited for."""
_RETURNING_S: Final = 5.0
"""How long it is kept who may be first."""
_MOST_RETURNING: Final = 1_000
MOST_RETURNS: Final = 3
"""How often in a row one may be first."""


class Turn:
    """One place in the row; it is held from `Turns.take` until `Turns.end`."""

    __slots__ = ("_begun", "_timer", "returns")

    def __init__(self, begun: "asyncio.Future[None]", returns: int = 0) -> None:
        self._begun = begun
        self._timer: asyncio.TimerHandle | None = None
        self.returns = returns


class Turns:
    """The row of one process. It belongs to one event loop.

    Parameters
    ----------
    longest_s
        Seconds that a turn is waited for.
    width
        How many may have their turn at once.
    """

    __slots__ = ("_current", "_longest_s", "_returning", "_waiting", "_width")

    def __init__(self, longest_s: float = LONGEST_S, width: int = 1) -> None:
        self._longest_s = longest_s
        self._width = width
        self._waiting: deque[Turn] = deque()
        self._current: set[Turn] = set()
        self._returning: dict[str, tuple[float, int]] = {}

    async def take(self, who: str | None = None) -> Turn:
        """Wait until it is one's turn. Whoever has taken it ends it, whatever happens.

        Parameters
        ----------
        who
            Who waits, if he may have been let return.
        """
        loop = asyncio.get_running_loop()
        until, returns = (0.0, 0) if who is None else self._returning.pop(who, (0.0, 0))
        is_first = until > loop.time()
        turn = Turn(loop.create_future(), returns if is_first else 0)
        if len(self._current) < self._width:
            self._begin(turn)
            return turn
        if is_first:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            await turn._begun
        except BaseException:
            self.end(turn)
            raise
        return turn

    def let_return(self, turn: Turn, who: str) -> None:
        """Let somebody whose turn has come to nothing be first when he comes back, `MOST_RETURNS` times in a row."""
        if turn.returns >= MOST_RETURNS:
            return
        if len(self._returning) >= _MOST_RETURNING:
            self._returning.pop(next(iter(self._returning)))
        self._returning[who] = (asyncio.get_running_loop().time() + _RETURNING_S, turn.returns + 1)

    def end(self, turn: Turn) -> None:
        """End a turn, one that has not begun too: the next begins."""
        if turn._timer is not None:
            turn._timer.cancel()
            turn._timer = None
        if turn in self._current:
            self._next(turn)
        elif turn in self._waiting:
            self._waiting.remove(turn)

    def _begin(self, turn: Turn) -> None:
        self._current.add(turn)
        turn._timer = asyncio.get_running_loop().call_later(self._longest_s, self._give_up, turn)
        if not turn._begun.done():
            turn._begun.set_result(None)

    def _give_up(self, turn: Turn) -> None:
        """Wait for a turn no longer; whoever holds it goes on."""
        turn._timer = None
        if turn in self._current:
            self._next(turn)

    def _next(self, over: Turn) -> None:
        self._current.remove(over)
        if self._waiting:
            self._begin(self._waiting.popleft())
