"""An action that nobody has entered yet, put beside those of a snapshot: to ask where it could go."""

from dataclasses import dataclass, replace
from typing import TypeVar

from opsplan.scheduling.problem.snapshot import (
    ReadAction,
    ReadClaim,
    ReadMode,
    ReadPrecedence,
    ReadQuietHours,
    ReadResourceNeed,
    ReadUnitNeed,
    ReadWarrant,
    Snapshot,
)

Shared = TypeVar("Shared", bound=ReadQuietHours | ReadClaim)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An action as it would be read, had it been entered; its ids are made up.

    Attributes
    ----------
    action
        Its `id` is in no graph.
    modes, unit_needs, resource_needs, warrants, precedences
        What belongs to it.
    quiet_hours
        Those of its host country.
    claims
        Those of others that keep it away.
    """

    action: ReadAction
    modes: tuple[ReadMode, ...]
    unit_needs: tuple[ReadUnitNeed, ...] = ()
    resource_needs: tuple[ReadResourceNeed, ...] = ()
    warrants: tuple[ReadWarrant, ...] = ()
    precedences: tuple[ReadPrecedence, ...] = ()
    quiet_hours: tuple[ReadQuietHours, ...] = ()
    claims: tuple[ReadClaim, ...] = ()


def with_proposed(snapshot: Snapshot, proposed: Proposed) -> Snapshot:
    """Give the snapshot as it would be with the action; it is the last of the actions."""
    return replace(
        snapshot,
        actions=(*snapshot.actions, proposed.action),
        modes=(*snapshot.modes, *proposed.modes),
        unit_needs=(*snapshot.unit_needs, *proposed.unit_needs),
        resource_needs=(*snapshot.resource_needs, *proposed.resource_needs),
        warrants=(*snapshot.warrants, *proposed.warrants),
        precedences=(*snapshot.precedences, *proposed.precedences),
        quiet_hours=_with_new(snapshot.quiet_hours, proposed.quiet_hours),
        claims=_with_new(snapshot.claims, proposed.claims),
    )


def _with_new(known: tuple[Shared, ...], more: tuple[Shared, ...]) -> tuple[Shared, ...]:
    ids = {row.id for row in known}
    return (*known, *(row for row in more if row.id not in ids))
