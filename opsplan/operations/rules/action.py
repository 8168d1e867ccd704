"""The rules of actions: place and host country, the frame of the operation, the group, what stands."""

from collections.abc import Mapping
from typing import Any

from opsplan.operations.states import LOCKED, OUT_OF_PLAY, OVER, ActionState
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.targets.rules import country_of
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

_OVER = frozenset(state.name for state in OVER)
_STANDING = frozenset(state.name for state in LOCKED | OUT_OF_PLAY)
_STANDS = ("window_start", "window_end", "location", "compound", "country", "group")


def fill_action(draft: Draft) -> Filled:
    """Fill in an action's place and host country, and hold it against its operation and its group."""
    row, given = draft.row, draft.given
    operation, compound, group = (draft.only(name) for name in ("operation", "compound", "group"))
    problems = [] if draft.is_new else _stands_still(row, given)
    if operation is not None:
        problems += _within_operation(row, given, operation, is_restored=draft.is_restored)
    if group is not None and "group" in given and group.get("operation") != _ids(row.get("operation")):
        what = say("the group belongs to another operation")
        problems.append(
            Problem("group", row.get("group"), what, say("choose a group of the action's own operation"), "group")
        )
    place, more = _place(row, given, compound)
    return place, problems + more


def _stands_still(row: Mapping[str, Any], given: frozenset[str]) -> list[Problem]:
    state = row.get("state")
    if state not in _STANDING:
        return []
    what = say("the action is {state}: its time and place stand", state=state)
    remedy = (
        say("leave it")
        if state in {each.name for each in OUT_OF_PLAY} or state == ActionState.DONE
        else say("abort it")
    )
    return [Problem(name, row.get(name), what, remedy, name) for name in _STANDS if name in given]


def _within_operation(
    row: Mapping[str, Any], given: frozenset[str], operation: Mapping[str, Any], *, is_restored: bool
) -> list[Problem]:
    problems: list[Problem] = []
    if not is_restored and "operation" in given and operation.get("state") in _OVER:
        what = say("the operation is {state}", state=operation["state"])
        problems.append(
            Problem("operation", row.get("operation"), what, say("choose one that is being planned"), "operation")
        )
    frame = f"the operation's frame, {operation.get('start')} to {operation.get('end')}"
    first, last = row.get("window_start"), row.get("window_end")
    if "window_start" in given and first and first < operation["start"]:
        what = say("{first} is before {frame}", first=first, frame=frame)
        problems.append(Problem("window_start", first, what, say("give a window within the frame"), "window_start"))
    if "window_end" in given and last and last > operation["end"]:
        what = say("{last} is after {frame}", last=last, frame=frame)
        problems.append(Problem("window_end", last, what, say("give a window within the frame"), "window_end"))
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


def _only(found: Any) -> Any:
    if isinstance(found, list | tuple):
        return found[0] if found else None
    return found


def _ids(given: Any) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else list(given)
