"""Which zones are near claims: asked for in the round trip that takes the commit sequence, where that can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from opsplan.deconfliction.rules.footprint import Footprint, Hiding, as_indexed
from opsplan.deconfliction.rules.index import probe_of
from opsplan.deconfliction.service.hiding import hiding_of
from opsplan.deconfliction.store.zones import ZONES_NEAR
from opsplan.graph.transaction import Asked
from opsplan.records.writing.unit import Unit

MOST_PROBES: Final = 500
"""Claims or zones looked round for in one statement."""
_ASKED: Final = "zones near claims"


@dataclass(frozen=True, slots=True)
class _Early:
    """What was asked, for which claims: those very objects, so that it is not taken for what they became later."""

    footprints: tuple[Footprint, ...]
    answer: Asked


def ask_zones_near(unit: Unit, footprints: Sequence[Footprint]) -> None:
    """Ask for the zones near up to 500 claims; whoever asks takes the commit sequence in the statement before it."""
    if footprints and len(footprints) <= MOST_PROBES:
        answer = unit.tx.ask(ZONES_NEAR, probes=_probes(footprints, hiding_of(unit)))
        unit.left[_ASKED] = _Early(tuple(footprints), answer)


async def zones_near(unit: Unit, footprints: Sequence[Footprint]) -> list[tuple[Footprint, Mapping[str, Any]]]:
    """Give the zones near each claim, as what was asked under the commit sequence says, or as they are now."""
    early: _Early | None = unit.left.get(_ASKED)
    if early is not None and list(map(id, early.footprints)) == list(map(id, footprints)):
        return [(footprints[row["number"]], row) for row in await early.answer.mappings()]
    found: list[tuple[Footprint, Mapping[str, Any]]] = []
    for start in range(0, len(footprints), MOST_PROBES):
        batch = footprints[start : start + MOST_PROBES]
        rows = await unit.tx.run(ZONES_NEAR, probes=_probes(batch, hiding_of(unit)))
        found += [(batch[row["number"]], row) for row in rows]
    return found


def _probes(footprints: Sequence[Footprint], hiding: Hiding) -> list[dict[str, Any]]:
    seen = (as_indexed(each, hiding) for each in footprints)
    return [probe_of(number, each, each.area, each.time, lasting=True) for number, each in enumerate(seen)]
