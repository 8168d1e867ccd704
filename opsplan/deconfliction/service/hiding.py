"""By which cells and hours hidden claims are compared: what the graph says, for all processes.

It is asked for at every commit of claims and zones, under the commit sequence. So a process that took another one for
granted lets nothing in, learns it, and does its work anew.
"""

from typing import Any, Final

from opsplan.deconfliction.rules.footprint import Hiding
from opsplan.deconfliction.store import hiding as store
from opsplan.graph.transaction import Tx
from opsplan.records.writing.unit import Unit
from opsplan.vocabulary.errors import Outrun
from opsplan.vocabulary.sentences import say

_TAKEN: Final = "hiding taken for granted"
_CONFIRMED: Final = "hiding is confirmed"


class _Last:
    """What this process has read last: a guess, which every commit of claims confirms."""

    hiding = Hiding()


def hiding_of(unit: Unit) -> Hiding:
    """Give what a write takes for granted, the same from its first look to its last."""
    taken: Hiding = unit.left.setdefault(_TAKEN, _Last.hiding)
    return taken


def take_for_granted(unit: Unit, hiding: Hiding) -> None:
    """Have a write go by other cells and hours, which it puts in force itself."""
    unit.left |= {_TAKEN: hiding, _CONFIRMED: True}


async def read_hiding(tx: Tx) -> Hiding:
    """Read what is in force."""
    return _taken_in(await tx.single(store.HIDING_IN_FORCE))


def confirm_hiding(unit: Unit, row: dict[str, Any] | None) -> None:
    """Hold what a write takes for granted against ``resolution`` and ``hours`` of a row, read under the sequence.

    Raises
    ------
    Outrun
        When it is another one.
    """
    in_force = _taken_in(row)
    if in_force != hiding_of(unit):
        raise Outrun(
            say("The cells by which hidden claims are compared have just been changed."),
            remedy=say("send it again"),
        )
    unit.left[_CONFIRMED] = True


async def hold_hiding(unit: Unit) -> None:
    """Confirm what a write takes for granted, where the commit sequence is held already.

    Raises
    ------
    Outrun
        When the write has taken another one for granted.
    """
    if not unit.left.get(_CONFIRMED):
        confirm_hiding(unit, await unit.tx.single(store.HIDING_IN_FORCE))


def _taken_in(row: dict[str, Any] | None) -> Hiding:
    assert row is not None, "it gives one row, whatever there is"
    _Last.hiding = Hiding(row["resolution"], row["hours"])
    return _Last.hiding
