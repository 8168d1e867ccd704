"""The snapshot's rows by what they belong to, and the numbers that the solver knows countries, kinds and rows by."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeVar

from opsplan.scheduling.problem.snapshot import ReadLock, Snapshot

NO_COUNTRY = "no country"
"""Stands for the country of international agencies and of actions whose host is not known."""

Row = TypeVar("Row")


class Bond(Enum):
    """Why a schedule may not move an action."""

    PINNED = "PINNED"
    """Somebody pinned it in the plan that the schedule is made from."""
    FROZEN = "FROZEN"
    """It starts there before the time until which that plan is frozen."""
    TOLD = "TOLD"
    """It is NOTIFIED: units know their place of the published plan."""
    LOCKED = "LOCKED"
    """It is ACTIVATED or later."""


class Lookup:
    """Everything that translation looks up, built once per snapshot.

    Attributes
    ----------
    countries, unit_kinds, languages
        The names that the solver's indices stand for, sorted; languages are those that some need asks for.
    country, unit_kind, language, action, unit
        Index by name or id.
    hosts
        Countries in which actions take place.
    lock, bond
        By action: where it must stay, and why.
    earlier, refused
        By action: where the plan has it that is to change as little as possible; who refuses it there.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.hosts = frozenset(action.country for action in snapshot.actions if action.country is not None)
        self.countries = tuple(
            sorted(
                {
                    NO_COUNTRY,
                    *self.hosts,
                    *(unit.country for unit in snapshot.units if unit.country is not None),
                    *(resource.country for resource in snapshot.resources),
                    *(claim.country for claim in snapshot.unit_claims),
                }
            )
        )
        kinds = {unit.kind for unit in snapshot.units} | {need.kind for need in snapshot.unit_needs}
        self.unit_kinds = tuple(sorted(kinds))
        self.languages = tuple(sorted({language for need in snapshot.unit_needs for language in need.languages}))
        self._country = _numbered(self.countries)
        self.unit_kind = _numbered(self.unit_kinds)
        self.language = _numbered(self.languages)
        self.action = _numbered(action.id for action in snapshot.actions)
        self.unit = _numbered(unit.id for unit in snapshot.units)
        self.modes = _by(snapshot.modes, lambda row: row.action_id)
        self.unit_needs = _by(snapshot.unit_needs, lambda row: row.mode_id)
        self.resource_needs = _by(snapshot.resource_needs, lambda row: row.mode_id)
        self.warrants = _by(snapshot.warrants, lambda row: row.action_id)
        self.quiet_hours = _by(snapshot.quiet_hours, lambda row: row.country)
        self.offers = _by(snapshot.unit_offers, lambda row: row.unit_id)
        self.absences = _by(snapshot.absences, lambda row: row.unit_id)
        self.claims = _by(snapshot.unit_claims, lambda row: row.unit_id)
        locked = frozenset(row.action_id for row in snapshot.locks)
        # What is under way is nobody's to refuse any more; and what is refused is not to be pinned.
        self.refused = _by((row for row in snapshot.refused if row.action_id not in locked), lambda row: row.action_id)
        pins = [row for row in snapshot.pins if row.action_id not in self.refused]
        self.lock: dict[str, ReadLock] = {}
        self.bond: dict[str, Bond] = {}
        # The strongest last.
        for bond, rows in (
            (Bond.PINNED, pins),
            (Bond.FROZEN, snapshot.frozen),
            (Bond.TOLD, snapshot.told),
            (Bond.LOCKED, snapshot.locks),
        ):
            self.lock |= {row.action_id: row for row in rows}
            self.bond |= {row.action_id: bond for row in rows}
        self.earlier = {row.action_id: row for row in snapshot.earlier}

    def country(self, code: str | None) -> int:
        """Give the index of a country; that of `NO_COUNTRY` for None."""
        return self._country[NO_COUNTRY if code is None else code]


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _by(rows: Iterable[Row], parent: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[parent(row)].append(row)
    # A plain mapping again: looking up must not add.
    return dict(found)
