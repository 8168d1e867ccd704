"""The rules of operations: an H-hour within the frame, and no action left outside it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.sentences import first_of, say

_LONGEST = timedelta(days=366)
YEARS = (2000, 2200)
"""In which an operation may lie, and so all that is planned for it; the second is the first that is out of reach."""

ACTIONS_OUTSIDE_FRAME = Query(
    "operations.actions_outside_frame",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (operation:Record {id: id})<-[:PART_OF]-(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN ['ABORTED', 'CANCELLED']
      AND (action.window_start < operation.start OR action.window_end > operation.end)
    WITH operation, action ORDER BY action.id
    WITH operation, collect(action.id) AS outside
    RETURN operation.id AS id, size(outside) AS count, outside[..5] AS some
    """,
)

ACTIONS_MORE_OPEN = Query(
    "operations.actions_more_open",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id})-[:PART_OF]->(operation:Operation)
    WHERE action.sensitivity IS NOT NULL AND action.retired_at IS NULL
      AND (operation.sensitivity = 'OPEN' AND action.sensitivity <> 'OPEN'
           OR operation.sensitivity <> 'OPEN' AND action.sensitivity = 'OPEN'
           OR operation.sensitivity = 'SILENT' AND action.sensitivity <> 'SILENT')
    RETURN action.id AS id, action.sensitivity AS given, operation.id AS operation,
           operation.sensitivity AS sensitivity
    ORDER BY id LIMIT 5
    """,
)
CLOSED_ACTIONS_OF_OPEN_OPERATIONS = Query(
    "operations.closed_actions_of_open_operations",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (operation:Record {id: id})<-[:PART_OF]-(action:Action)
    WHERE operation.sensitivity = 'OPEN' AND action.retired_at IS NULL
      AND action.sensitivity IN ['POINTER', 'SILENT']
    WITH operation, action ORDER BY action.id
    WITH operation, collect(action.id) AS closed
    RETURN operation.id AS id, size(closed) AS count, closed[..5] AS some
    """,
)


def fill_operation(draft: Draft) -> Filled:
    """Refuse an H-hour outside the operation's frame."""
    row = draft.row
    start, end, h_hour = row.get("start"), row.get("end"), row.get("h_hour")
    if start and end and h_hour and start < end and not start <= h_hour < end:
        what = say("{h_hour} lies outside the operation's frame, {start} to {end}", h_hour=h_hour, start=start, end=end)
        return {}, [Problem("h_hour", h_hour, what, say("give an instant within the frame"), "h_hour")]
    return {}, _too_long(start, end)


def _too_long(start: str | None, end: str | None) -> list[Problem]:
    """Refuse what nobody plans for: an operation of years, or in a far century."""
    if not start or not end:
        return []
    first, last = instant_from_text(start), instant_from_text(end)
    if last - first > _LONGEST:
        what = say("the operation would last {days:,} days", days=(last - first).days)
        return [
            Problem("end", end, what, say("give at most {days}, or plan several operations", days=_LONGEST.days), "end")
        ]
    for name, instant in (("start", first), ("end", last)):
        if not YEARS[0] <= instant.year < YEARS[1]:
            what = say("the year {year} is out of reach", year=instant.year)
            return [
                Problem(
                    name,
                    instant_text(instant),
                    what,
                    say("give a year from {first} to {last}", first=YEARS[0], last=YEARS[1] - 1),
                    name,
                )
            ]
    return []


def actions_left_outside(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse a frame that leaves actions of the operation outside."""
    problems: list[Problem] = []
    for row in rows:
        some = first_of(row["some"], row["count"])
        what = say("the windows of {some} would lie outside the operation's frame", some=some)
        problems.append(Problem("start", row["id"], what, say("move the actions first, or widen the frame"), "start"))
    return problems


def as_closed_as_its_operation(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse an action that is to be kept closer than an operation that everybody reads, or less than a closed one.

    Plans, counts and figures of an operation are of all its actions: what one of them may not tell, none may.
    """
    problems: list[Problem] = []
    for row in rows:
        what = say(
            "its operation {operation} is {sensitivity}", operation=row["operation"], sensitivity=row["sensitivity"]
        )
        remedy = (
            say("leave it out, or make the operation POINTER or SILENT first")
            if row["sensitivity"] == "OPEN"
            else say("leave it out, or give SILENT: an action is never less closed than its operation")
        )
        problems.append(Problem("sensitivity", row["given"], what, remedy, "sensitivity"))
    return problems


def closed_actions_left(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse to open an operation that has actions which are to be kept closed."""
    problems: list[Problem] = []
    for row in rows:
        some = first_of(row["some"], row["count"])
        what = say("{some} are to be kept closed", some=some)
        remedy = say("take their own sensitivity away first, or leave the operation as it is")
        problems.append(Problem("sensitivity", "OPEN", what, remedy, "sensitivity"))
    return problems
