"""How far apart two kinds of actions of different owners have to be: the table, and what is found in it.

The figures that come with the service are its makers' proposal, after what police deconfliction centres ask for: most
care where officers who show themselves may meet officers who do not. `SeparationRule` records replace them, pair by
pair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import combinations_with_replacement
from types import MappingProxyType
from typing import Any, Final

from opsplan.deconfliction.model import Severity
from opsplan.operations.model import ActionKind

_OVERT: Final = frozenset({ActionKind.RAID, ActionKind.ARREST, ActionKind.SEARCH, ActionKind.VICTIM_EXTRACTION})
_COVERT: Final = frozenset(
    {
        ActionKind.SURVEILLANCE,
        ActionKind.UNDERCOVER_MEETING,
        ActionKind.CONTROLLED_DELIVERY,
        ActionKind.INFORMANT_MEETING,
    }
)

Pair = tuple[ActionKind, ActionKind]

ANY: Final = "ANY"
"""Name of what holds where the other's kind is not to be told."""


@dataclass(frozen=True, slots=True)
class Separation:
    """What holds for a pair of kinds.

    Attributes
    ----------
    rule, version
        By which rule, such as ``RAID+SURVEILLANCE``, and in which version; 0 is the table that comes with the service.
    distance_m
        They conflict where their areas come as near as this.
    buffer
        And less time than this lies between them, or, where it is none, they overlap.
    severity
        What is at stake then.
    """

    rule: str
    version: int
    distance_m: int
    buffer: timedelta
    severity: Severity


def pair_of(one: ActionKind, other: ActionKind) -> Pair:
    """Give two kinds in the order of the alphabet, so that each pair has one name.

    >>> "+".join(pair_of(ActionKind.SURVEILLANCE, ActionKind.RAID))
    'RAID+SURVEILLANCE'
    """
    return (one, other) if one <= other else (other, one)


@dataclass(frozen=True)
class SeparationTable:
    """All pairs of kinds."""

    by_pair: Mapping[Pair, Separation]

    def of(self, one: ActionKind, other: ActionKind) -> Separation:
        """Give what holds for two kinds."""
        return self.by_pair[pair_of(one, other)]

    def widest_of(self, kind: ActionKind) -> Separation:
        """Give what is wide enough for a kind beside any other.

        It is asked for where the other's kind is not to be told: were the exact one taken, whoever claims one kind
        after the other would find out.
        """
        return self._widest[kind]

    @cached_property
    def widest(self) -> Separation:
        """What is wide enough for any two."""
        return _widest(self.by_pair.values())

    @cached_property
    def _widest(self) -> Mapping[ActionKind, Separation]:
        return {kind: _widest(self.of(kind, other) for other in ActionKind) for kind in ActionKind}

    def replaced_by(self, rows: Iterable[Mapping[str, Any]]) -> "SeparationTable":
        """Give the table in which the rules of `rows`, as they are stored, stand in place of those there were.

        Where there are several for one pair, the widest figures of them hold.
        """
        given: dict[Pair, Separation] = {}
        for row in rows:
            pair = pair_of(ActionKind(row["first"]), ActionKind(row["second"]))
            buffer = timedelta(minutes=row["buffer_minutes"] or 0)
            rule = Separation("+".join(pair), row["version"], row["distance_m"], buffer, Severity(row["severity"]))
            given[pair] = _wider(given[pair], rule) if pair in given else rule
        return SeparationTable({**self.by_pair, **given}) if given else self


def _wider(one: Separation, other: Separation) -> Separation:
    """Give what is wide enough for both of two rules for one pair."""
    return replace(_widest((one, other)), rule=one.rule, version=max(one.version, other.version))


def _widest(those: Iterable[Separation]) -> Separation:
    known = tuple(those)
    return Separation(
        ANY,
        0,
        max(each.distance_m for each in known),
        max(each.buffer for each in known),
        max((each.severity for each in known), key=list(Severity).index),
    )


def _proposed(one: ActionKind, other: ActionKind) -> tuple[int, int, Severity]:
    """Give metres, minutes and what is at stake."""
    kinds = {one, other}
    if not kinds <= _OVERT | _COVERT:
        # A freeze or a takedown has no place of its own: it is known of where it falls into the other's hours.
        return 0, 0, Severity.ADVISORY
    if kinds <= _OVERT:
        return 1_000, 120, Severity.SERIOUS
    if kinds <= _COVERT:
        return 500, 60, Severity.CRITICAL
    return 2_000, 360, Severity.CRITICAL


def _default() -> SeparationTable:
    by_pair: dict[Pair, Separation] = {}
    for pair in combinations_with_replacement(sorted(ActionKind), 2):
        distance_m, minutes, severity = _proposed(*pair)
        by_pair[pair] = Separation("+".join(pair), 0, distance_m, timedelta(minutes=minutes), severity)
    return SeparationTable(MappingProxyType(by_pair))


DEFAULT_TABLE: Final = _default()
"""The table that comes with the service."""
