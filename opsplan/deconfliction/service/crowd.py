"""How many conflicts one commit may bring: all other commits wait while they are found, written and told."""

from collections.abc import Iterable
from typing import Final

from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.vocabulary.errors import TooManyConflicts
from opsplan.vocabulary.sentences import say

MOST_CONFLICTS: Final = 10_000
"""Conflicts that one commit may bring with what its maker may read."""


class Crowd:
    """The conflicts of one commit, counted as they are found, so that it is refused before they are all there.

    Only what may be read is counted: a limit that hidden claims help to reach would tell how many there are.
    """

    def __init__(self, most: int = MOST_CONFLICTS) -> None:
        self._most = most
        self._count = 0

    def add(self, one: Footprint, met: Iterable[Meeting]) -> None:
        """Count what a claim meets.

        Raises
        ------
        TooManyConflicts
            When there are more by now than one commit may bring.
        """
        self._count += sum(each.other.is_read_by(one.owner_id) for each in met)
        if self._count > self._most:
            raise TooManyConflicts(
                say("It conflicts in more than {most} ways with what others claim.", most=self._most),
                remedy=say(
                    "commit fewer claims at a time, or smaller ones; others wait while they are told of each conflict"
                ),
            )
