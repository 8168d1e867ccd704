"""Questions to the solver about one plan, each in a child process of its own, a few at a time."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from opsplan.scheduling.rules import Options
from opsplan.scheduling.worker.child import QUESTION_COMMAND, ChildEnded, SolverChild
from opsplan.vocabulary.errors import Unavailable
from opsplan.vocabulary.sentences import say

_OVERRUN_S = 30.0
"""How long past its budget a child may take, to read a large problem and to say the answer."""


class NotAnswered(Unavailable):
    """The process that was to answer a question ended without an answer."""

    code = "NOT_ANSWERED"


class Inquiries:
    """Takes questions to the solver.

    Parameters
    ----------
    workers
        Search threads of each.
    at_once
        How many are answered at a time; others wait their turn.
    command
        How the solver is started.
    """

    def __init__(self, workers: int, *, at_once: int = 2, command: Sequence[str] = QUESTION_COMMAND) -> None:
        self._workers = workers
        self._turns = asyncio.Semaphore(at_once)
        self._command = command

    async def ask(self, question: bytes, seconds: int) -> dict[str, Any]:
        """Give the solver's ``result`` or ``error`` line.

        Whoever asked and goes takes the process along.

        Raises
        ------
        NotAnswered
            When the process ended without either, or did not end.
        """
        async with self._turns:
            child = await SolverChild.start(Options(seconds, self._workers), self._command)
            child.give(question)
            try:
                async with asyncio.timeout(seconds + _OVERRUN_S), aclosing(child.events()) as events:
                    async for event in events:
                        if event["event"] in ("result", "error"):
                            return event
            except (ChildEnded, TimeoutError) as ended:
                raise NotAnswered(say("The solver gave no answer; ask again, or give it more time.")) from ended
            finally:
                await child.close()
        raise AssertionError("unreachable: events end with a result, an error, or ChildEnded")
