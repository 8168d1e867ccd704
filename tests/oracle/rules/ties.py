"""What ties actions together: precedence, simultaneity, locks."""

from collections import defaultdict
from collections.abc import Iterator

from tests.oracle.breach import Breach
from tests.oracle.case import Case
from tests.oracle.facts import Action, Facts


def precedence(case: Case) -> Iterator[Breach]:
    """The second action is placed only with the first, and starts within the lags after its end."""
    for order in case.facts.precedences:
        later = case.by_action.get(order.after_id)
        if later is None:
            continue
        earlier = case.by_action.get(order.before_id)
        if earlier is None:
            sentence = f"{later.action.name} is placed without {_name(case.facts, order.before_id)}, which it follows."
            yield Breach("precedence", (order.after_id,), sentence)
            continue
        lag = later.span.start - earlier.span.end
        if lag < order.min_lag or (order.max_lag is not None and lag > order.max_lag):
            allowed = f"{order.min_lag} to {order.max_lag}" if order.max_lag is not None else f"{order.min_lag} or more"
            sentence = f"{later.action.name} starts {lag} after {earlier.action.name}; allowed is {allowed}."
            yield Breach("precedence", (order.before_id, order.after_id), sentence)


def simultaneity(case: Case) -> Iterator[Breach]:
    """The actions of a group that are in play are all placed, or none is; their starts lie within its tolerance."""
    members: defaultdict[str, list[Action]] = defaultdict(list)
    for action in case.facts.actions.values():
        if action.in_play and action.group_id in case.facts.groups:
            members[action.group_id or ""].append(action)
    for group_id, actions in members.items():
        group = case.facts.groups[group_id]
        ids = tuple(action.id for action in actions)
        starts = [case.by_action[action_id].span.start for action_id in ids if action_id in case.by_action]
        if starts and len(starts) < len(actions):
            sentence = f"Only {len(starts)} of {len(actions)} actions of {group.name} are placed."
            yield Breach("simultaneity", ids, sentence)
        elif starts and max(starts) - min(starts) > group.tolerance:
            sentence = f"The starts of {group.name} lie {max(starts) - min(starts)} apart, beyond {group.tolerance}."
            yield Breach("simultaneity", ids, sentence)


def locks(case: Case) -> Iterator[Breach]:
    """What is notified or later keeps the start, the mode and the units of the published plan."""
    for lock in case.facts.locks.values():
        name = _name(case.facts, lock.action_id)
        placed = case.by_action.get(lock.action_id)
        if placed is None:
            yield Breach("locks", (lock.action_id,), f"{name} is locked and not placed.")
            continue
        placement = placed.placement
        staffing = {need: set(units) for need, units in placement.staffing.items()}
        wanted = {need: set(units) for need, units in lock.staffing.items()}
        for what, given, locked in (
            ("start", placement.start, lock.start),
            ("mode", placement.mode_id, lock.mode_id),
            ("units", staffing, wanted),
        ):
            if given != locked:
                yield Breach("locks", (lock.action_id,), f"{name} is locked, and its {what} changed to {given}.")


def _name(facts: Facts, action_id: str) -> str:
    return facts.actions[action_id].name if action_id in facts.actions else f"action {action_id or 'unknown'}"
