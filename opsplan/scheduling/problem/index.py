"""The way back from the solver's integers to the records they stand for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from opsplan.scheduling.problem.clearances import Clearance
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.pools import PoolKey


class HindranceCode(StrEnum):
    """Why an action can have no place in any plan, whatever the solver does: found while the problem is made."""

    NO_LOCATION = "NO_LOCATION"
    """Neither the action nor its compound has a point."""
    NO_HOST_COUNTRY = "NO_HOST_COUNTRY"
    """The country is not certain or not given."""
    NO_MODE = "NO_MODE"
    """No way to do it has been entered."""
    OUTSIDE_OPERATION = "OUTSIDE_OPERATION"
    """The window shares no slot with the operation's time."""
    PREDECESSOR_OUT_OF_PLAY = "PREDECESSOR_OUT_OF_PLAY"
    """It needs an action that is cancelled, aborted, retired or part of another operation."""
    LAG_OFF_THE_GRID = "LAG_OFF_THE_GRID"
    """The lags of a precedence leave no start on a multiple of five minutes."""
    REFUSED_BY_HOST = "REFUSED_BY_HOST"
    """The approving authority of its host refuses it, and the schedule leaves out what is refused."""
    INSIDE_FROZEN_TIME = "INSIDE_FROZEN_TIME"
    """Its window is over before the time until which the plan is frozen."""
    LOCK_DOES_NOT_FIT = "LOCK_DOES_NOT_FIT"
    """Where it must stay can no longer be expressed: the mode is gone or needs other units."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One such reason, with the records it speaks of.

    Parameters
    ----------
    code
        Which reason.
    sentence
        In words, naming records.
    facts
        Ids, names and numbers behind the sentence.
    """

    code: HindranceCode
    sentence: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Index:
    """Ids by the solver's indices; all tuples run parallel to those of the `solver.Problem`.

    Parameters
    ----------
    grid
        Turns slots into instants.
    operation_id, h_hour
        The operation.
    cost_scale
        The solver counts cost in this many parts of the currency's unit.
    action_ids, zones
        Per action: its id, and the IANA time zone of its site.
    mode_ids, mode_minutes
        Per action, per mode: its id, and its true duration before it was rounded up. An action without a mode has a
        stand-in in the problem and none here.
    need_ids
        Per action, per mode, per unit need.
    unit_ids, pools, group_ids, precedence_ids
        Per unit, resource, group, precedence.
    hindrances
        By action: why it can have no place at all.
    clearances
        By action: what claims of others keep it away, and when.
    """

    grid: Grid
    operation_id: str
    h_hour: datetime
    cost_scale: int
    action_ids: tuple[str, ...]
    zones: tuple[str, ...]
    mode_ids: tuple[tuple[str, ...], ...]
    mode_minutes: tuple[tuple[int, ...], ...]
    need_ids: tuple[tuple[tuple[str, ...], ...], ...]
    unit_ids: tuple[str, ...]
    pools: tuple[PoolKey, ...]
    group_ids: tuple[str, ...]
    precedence_ids: tuple[str, ...]
    hindrances: dict[int, tuple[Hindrance, ...]]
    clearances: dict[int, tuple[Clearance, ...]] = field(default_factory=dict)
