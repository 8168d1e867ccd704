"""Rules of operations and their parts: frames and windows, places and host countries, groups, orders without circles.

Pure: what a rule needs of other records is looked up by the writer, as `RULES` says.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from opsplan.graph.query import Mode, Query
from opsplan.operations.means import ResourceKind
from opsplan.operations.model import ActionKind
from opsplan.operations.states import LOCKED, OUT_OF_PLAY, ActionState, OperationState
from opsplan.records.codes import LANGUAGE_CODES, language_meant, near
from opsplan.records.laws import Afterwards, Draft, Filled, NounRules
from opsplan.records.problem import Problem
from opsplan.targets.rules import country_of
from opsplan.vocabulary.place import GeoPoint

_OVER = frozenset({OperationState.CLOSED.name, OperationState.CANCELLED.name})
_STANDING = frozenset(state.name for state in LOCKED | OUT_OF_PLAY)
_STANDS = ("window_start", "window_end", "location", "compound", "country", "group")

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
PRECEDENCES_OF_OPERATIONS = Query(
    "operations.precedences_of_operations",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})-[:AFTER]->(:Action)-[:PART_OF]->(operation:Operation)
    WITH DISTINCT operation
    MATCH (operation)<-[:PART_OF]-(first:Action)<-[:BEFORE]-(precedence:Precedence)-[:AFTER]->(second:Action)
    WHERE precedence.retired_at IS NULL
    RETURN operation.id AS operation, first.id AS first, second.id AS second
    ORDER BY operation, first, second
    """,
)


def fill_operation(draft: Draft) -> Filled:
    """Refuse an H-hour outside the operation's frame."""
    row = draft.row
    start, end, h_hour = row.get("start"), row.get("end"), row.get("h_hour")
    if start and end and h_hour and start < end and not start <= h_hour < end:
        what = f"{h_hour} lies outside the operation's frame, {start} to {end}"
        return {}, [Problem("h_hour", h_hour, what, "give an instant within the frame", "h_hour")]
    return {}, []


def fill_action(draft: Draft) -> Filled:
    """Fill in an action's place and host country, and hold it against its operation and its group."""
    row, given = draft.row, draft.given
    operation, compound, group = (draft.only(name) for name in ("operation", "compound", "group"))
    problems = [] if draft.is_new else _stands_still(row, given)
    if operation is not None:
        problems += _within_operation(row, given, operation)
    if group is not None and "group" in given and group.get("operation") != _ids(row.get("operation")):
        what = "the group belongs to another operation"
        problems.append(
            Problem("group", row.get("group"), what, "choose a group of the action's own operation", "group")
        )
    place, more = _place(row, given, compound)
    return place, problems + more


def _stands_still(row: Mapping[str, Any], given: frozenset[str]) -> list[Problem]:
    state = row.get("state")
    if state not in _STANDING:
        return []
    what = f"the action is {state}: its time and place stand"
    remedy = "leave it" if state in {each.name for each in OUT_OF_PLAY} or state == ActionState.DONE else "abort it"
    return [Problem(name, row.get(name), what, remedy, name) for name in _STANDS if name in given]


def _within_operation(row: Mapping[str, Any], given: frozenset[str], operation: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    if "operation" in given and operation.get("state") in _OVER:
        what = f"the operation is {operation['state']}"
        problems.append(
            Problem("operation", row.get("operation"), what, "choose one that is being planned", "operation")
        )
    frame = f"the operation's frame, {operation.get('start')} to {operation.get('end')}"
    first, last = row.get("window_start"), row.get("window_end")
    if "window_start" in given and first and first < operation["start"]:
        what = f"{first} is before {frame}"
        problems.append(Problem("window_start", first, what, "give a window within the frame", "window_start"))
    if "window_end" in given and last and last > operation["end"]:
        what = f"{last} is after {frame}"
        problems.append(Problem("window_end", last, what, "give a window within the frame", "window_end"))
    return problems


def _place(row: Mapping[str, Any], given: frozenset[str], compound: Mapping[str, Any] | None) -> Filled:
    """Give the point, the compound's where none is given, and the host country."""
    if not given & {"location", "compound", "country"}:
        return {}, []
    filled: dict[str, Any] = {}
    point = row.get("location")
    if compound is not None and (point is None or ("compound" in given and "location" not in given)):
        point = compound.get("location")
        filled["location"] = point
    if not isinstance(point, GeoPoint):
        return filled, []
    named = row.get("country") if "country" in given else None
    kept = None if "country" in given else row.get("country")
    if compound is not None and point == compound.get("location"):
        # What is decided of the site holds for what is done there.
        kept = _only(compound.get("country")) or kept
    country, _, problem = country_of(point, named, kept)
    if problem is not None:
        return filled, [problem]
    filled["country"] = country
    return filled, []


def fill_precedence(draft: Draft) -> Filled:
    """Refuse an order of an action before itself, or of actions of two operations."""
    row, before, after = draft.row, draft.only("before"), draft.only("after")
    if before is None or after is None:
        return {}, []
    if before["id"] == after["id"]:
        what = "an action cannot come before itself"
        return {}, [Problem("after", row.get("after"), what, "name two different actions", "after")]
    if before.get("operation") != after.get("operation"):
        what = "the two actions belong to different operations"
        return {}, [Problem("after", row.get("after"), what, "name two actions of one operation", "after")]
    return {}, []


def fill_language(draft: Draft) -> Filled:
    """Refuse a language that is no code of ISO 639, or that is given for anything but interpreters."""
    row = draft.row
    language = row.get("language")
    if language is None:
        return {}, []
    if language not in LANGUAGE_CODES:
        guess = language_meant(language)
        remedy = f"did you mean {guess}?" if guess else "give a code such as km"
        return {}, [Problem("language", language, f"'{language}' is no ISO 639 language code", remedy, "language")]
    kind = row.get("kind") or row.get("resource_kind")
    if kind != ResourceKind.INTERPRETER.name:
        what = f"only interpreters have a language, and this is {kind}"
        return {}, [Problem("language", language, what, "leave the language out", "language")]
    return {}, []


def fill_quiet_hours(draft: Draft) -> Filled:
    """Refuse kinds of actions that there are not."""
    known = [kind.name for kind in ActionKind]
    for kind in draft.row.get("action_kinds") or ():
        if kind not in known:
            close = near(kind, known)
            remedy = f"did you mean {' or '.join(close)}?" if close else f"give some of {', '.join(known)}"
            what = f"'{kind}' is no kind of action"
            return {}, [Problem("action_kinds", kind, what, remedy, "action_kinds")]
    return {}, []


def actions_left_outside(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse a frame that leaves actions of the operation outside."""
    problems: list[Problem] = []
    for row in rows:
        some = ", ".join(row["some"])
        more = f" and {row['count'] - len(row['some'])} more" if row["count"] > len(row["some"]) else ""
        what = f"the windows of {some}{more} would lie outside the operation's frame"
        problems.append(Problem("start", row["id"], what, "move the actions first, or widen the frame", "start"))
    return problems


def circles(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse orders that go in a circle; the path is named.

    >>> edge = lambda first, second: {"operation": "o", "first": first, "second": second}
    >>> circles([edge("a", "b"), edge("b", "c")])
    []
    >>> circles([edge("a", "b"), edge("b", "c"), edge("c", "a")])[0].message
    'the order would go in a circle: a, then b, then c, then a'
    """
    by_operation: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        by_operation.setdefault(row["operation"], []).append((row["first"], row["second"]))
    problems: list[Problem] = []
    for edges in by_operation.values():
        circle = circle_in(edges)
        if circle is not None:
            path = ", then ".join((*circle, circle[0]))
            what = f"the order would go in a circle: {path}"
            problems.append(Problem("after", circle[0], what, "leave one of these orders out", "after"))
    return problems


def circle_in(edges: Iterable[tuple[str, str]]) -> list[str] | None:
    """Give the nodes of a circle in a directed graph, in order, or None. Takes time in proportion to the edges.

    >>> circle_in([("a", "b"), ("b", "a")])
    ['a', 'b']
    """
    following: dict[str, list[str]] = {}
    for first, second in edges:
        following.setdefault(first, []).append(second)
    done: set[str] = set()
    for root in following:
        if root in done:
            continue
        path: dict[str, None] = {root: None}
        waiting = [iter(following[root])]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
                done.add(path.popitem()[0])
            elif node in path:
                nodes = list(path)
                return nodes[nodes.index(node) :]
            elif node not in done and node in following:
                path[node] = None
                waiting.append(iter(following[node]))
    return None


def _only(found: Any) -> Any:
    if isinstance(found, list | tuple):
        return found[0] if found else None
    return found


def _ids(given: Any) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else list(given)


_LANGUAGE: Final = NounRules(fill=fill_language)
RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {
        "Operation": NounRules(
            fill=fill_operation, afterwards=(Afterwards(ACTIONS_OUTSIDE_FRAME, actions_left_outside),)
        ),
        "Action": NounRules(fill=fill_action, looks_up=("operation", "compound", "group")),
        "Precedence": NounRules(
            fill=fill_precedence,
            looks_up=("before", "after"),
            afterwards=(Afterwards(PRECEDENCES_OF_OPERATIONS, circles),),
        ),
        "Resource": _LANGUAGE,
        "ResourceNeed": _LANGUAGE,
        "QuietHours": NounRules(fill=fill_quiet_hours),
    }
)
"""The rules of this room's nouns, by name."""
