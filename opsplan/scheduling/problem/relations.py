"""What ties actions together: precedences and simultaneity groups."""

from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.index import Hindrance, HindranceCode
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.snapshot import ReadPrecedence, Snapshot
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say
from solver import Group, Precedence

Hindrances = dict[int, list[Hindrance]]


class CyclicPrecedence(Invalid):
    """Actions that must come before one another in a circle."""

    code = "CYCLIC_PRECEDENCE"


def cyclic(path: str) -> CyclicPrecedence:
    """Make the refusal of a circle; `path` names the actions along it."""
    return CyclicPrecedence(
        say(
            "precedences: the actions {path} come before one another in a circle; retire one of these precedences.",
            path=path,
        ),
        field="precedences",
        value=path,
        remedy=say("retire one of these precedences"),
    )


def make_precedences(
    snapshot: Snapshot, lookup: Lookup, grid: Grid, hindrances: Hindrances
) -> tuple[tuple[Precedence, ...], tuple[str, ...]]:
    """Give the precedences between actions in play, with their ids; note what makes a second action impossible.

    Lags are counted from the rounded end of the first action in slots. Its true end may lie some minutes earlier, so
    the maximum lag is cut by the most that any of its modes is rounded up by.

    Raises
    ------
    CyclicPrecedence
        When an action is to come before itself; longer circles are found by the problem as a whole.
    """
    made: list[Precedence] = []
    ids: list[str] = []
    for row in snapshot.precedences:
        after = lookup.action[row.after_id]
        before = lookup.action.get(row.before_id)
        if before is None:
            hindrances.setdefault(after, []).append(_out_of_play(row))
            continue
        if before == after:
            raise cyclic(f"{row.before_name} -> {row.before_name}")
        least = grid.up(row.min_lag_minutes)
        most = None
        if row.max_lag_minutes is not None:
            most = grid.down(row.max_lag_minutes - _rounding_minutes(row.before_id, lookup, grid))
            if most < least:
                hindrances.setdefault(after, []).append(_off_the_grid(row, grid))
                most = least
        made.append(Precedence(before, after, least, most))
        ids.append(row.id)
    return tuple(made), tuple(ids)


def make_groups(snapshot: Snapshot, grid: Grid) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Give the groups that have two or more actions in play, with their ids."""
    members: dict[str, list[int]] = {}
    for number, action in enumerate(snapshot.actions):
        if action.group_id is not None:
            members.setdefault(action.group_id, []).append(number)
    kept = [row for row in snapshot.groups if len(members.get(row.id, ())) > 1]
    groups = tuple(Group(tuple(members[row.id]), grid.down(row.tolerance_minutes), row.name) for row in kept)
    return groups, tuple(row.id for row in kept)


def _rounding_minutes(action_id: str, lookup: Lookup, grid: Grid) -> int:
    return max((-mode.duration_minutes % grid.slot_minutes for mode in lookup.modes.get(action_id, ())), default=0)


def _out_of_play(row: ReadPrecedence) -> Hindrance:
    return Hindrance(
        HindranceCode.PREDECESSOR_OUT_OF_PLAY,
        say(
            "It comes after {before_name}, which is {before_state} and so has no place in a plan.",
            before_name=row.before_name,
            before_state=row.before_state,
        ),
        {"precedence": row.id, "before": row.before_id, "before_name": row.before_name, "state": row.before_state},
    )


def _off_the_grid(row: ReadPrecedence, grid: Grid) -> Hindrance:
    return Hindrance(
        HindranceCode.LAG_OFF_THE_GRID,
        say(
            "It starts {min_lag_minutes} to {max_lag_minutes} min after {before_name}; no multiple "
            "of {slot_minutes} min lies surely between.",
            min_lag_minutes=row.min_lag_minutes,
            max_lag_minutes=row.max_lag_minutes,
            before_name=row.before_name,
            slot_minutes=grid.slot_minutes,
        ),
        {"precedence": row.id, "before": row.before_id, "min_lag": row.min_lag_minutes, "max_lag": row.max_lag_minutes},
    )
