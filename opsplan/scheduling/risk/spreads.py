"""Spreads by kind of action and means of travel."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.risk import Distribution, Spread


@dataclass(frozen=True, slots=True)
class Spreads:
    """What is taken to differ from what is planned, and how far.

    Parameters
    ----------
    actions
        By kind of action: of its duration. A kind that is not named is certain.
    road, air
        Of the time on the way, by road all the way or by airports.
    victims
        Of the number of victims found.
    victim_resource_kinds
        Kinds of resources that are needed in proportion to it.
    source
        Where the figures are from.
    """

    actions: Mapping[str, Spread]
    road: Spread
    air: Spread
    victims: Spread
    victim_resource_kinds: tuple[str, ...]
    source: str

    def as_json(self) -> dict[str, Any]:
        """Give them as JSON values: three points in thousandths, and the form of the distribution."""
        return {
            "actions": {kind: _told(spread) for kind, spread in sorted(self.actions.items())},
            "road": _told(self.road),
            "air": _told(self.air),
            "victims": _told(self.victims),
            "victim_resource_kinds": list(self.victim_resource_kinds),
            "source": self.source,
        }


def _told(spread: Spread) -> list[Any]:
    points = [spread.optimistic_permille, spread.likely_permille, spread.pessimistic_permille]
    return [*points, spread.distribution.value]


def _spread(row: Sequence[Any]) -> Spread:
    low, middle, high, form = row
    return Spread(low, middle, high, Distribution(form))


def _defaults() -> Spreads:
    table = tomllib.loads(Path(__file__).with_name("spreads.toml").read_text(encoding="utf-8"))
    return Spreads(
        {kind: _spread(row) for kind, row in table["actions"].items()},
        _spread(table["ways"]["road"]),
        _spread(table["ways"]["air"]),
        _spread(table["victims"]["found"]),
        tuple(table["victims"]["resource_kinds"]),
        table["source"],
    )


DEFAULT_SPREADS = _defaults()
"""What holds where a caller says nothing."""
