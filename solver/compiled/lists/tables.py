"""A problem as flat arrays, for activity lists."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from solver.facts import Facts
from solver.listable import LARGEST_AMOUNT
from solver.problem import Anchor

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Words: TypeAlias = npt.NDArray[np.uint64]

_LANES = 4
_LANE_BITS = 16
_GUARD = 0x8000_8000_8000_8000


class Tables(NamedTuple):
    """What the kernels read; they write none of it.

    Actions keep their numbers. Modes are numbered through: those of action a are ``mode_first[a]`` to ``mode_first[a
    + 1] - 1``, and `mode_number` gives each its number in the problem; modes that never fit are left out. What is
    listed per mode or action lies in one array with the offsets in another (`..._first`).

    Renewable resources are packed four to a word of 64 bits, fifteen bits each and one to spare, so that one
    subtraction tells whether four needs fit: `profile` has a row per word and a column per slot, `use_word` and
    `use_need` what each mode asks of which row.
    """

    mode_first: Ints
    mode_number: Ints
    duration: Ints
    use_first: Ints
    use_word: Ints
    use_need: Words
    take_first: Ints
    take_stock: Ints
    take_amount: Ints
    stock: Ints
    takers_first: Ints
    takers: Ints
    before_first: Ints
    before_action: Ints
    before_lag: Ints
    before_at_end: Ints
    after_first: Ints
    after_action: Ints
    after_lag: Ints
    after_at_end: Ints
    release: Ints
    project: Ints
    project_release: Ints
    project_least: Ints
    member_first: Ints
    member: Ints
    tail: Ints
    profile: Words
    part: Floats
    """Each action's share in its project: one in so many."""
    many_modes: Ints
    """The actions that have more than one mode."""
    projects_are_tied: bool
    """Whether some precedence leads from one project to another."""


def tables_of(facts: Facts) -> Tables | None:
    """Flatten a problem that `suits`; None when some action has no mode that ever fits."""
    problem = facts.problem
    actions, resources = problem.actions, problem.resources
    horizon_slots = facts.horizon_slots
    stocks = [number for number, resource in enumerate(resources) if not resource.renewable]
    stock_of = {resource: number for number, resource in enumerate(stocks)}
    peak = [max((step.capacity for step in resource.steps), default=0) for resource in resources]
    lane = _lanes(facts)
    mode_first, mode_number, durations = [0], [], []
    use_first, use_word, use_need = [0], [], []
    take_first, take_stock, take_amount = [0], [], []
    for index, action in enumerate(actions):
        for number, mode in enumerate(action.modes):
            amounts: dict[int, int] = {}
            for need in mode.resource_needs:
                amounts[need.resource] = amounts.get(need.resource, 0) + need.amount
            if not facts.starts[index][number] or any(amount > peak[r] for r, amount in amounts.items()):
                continue
            words: dict[int, int] = {}
            for resource, amount in amounts.items():
                if resource in stock_of:
                    take_stock.append(stock_of[resource])
                    take_amount.append(amount)
                else:
                    word, place = lane[resource]
                    words[word] = words.get(word, 0) + (amount << place * _LANE_BITS)
            for word, wanted in sorted(words.items()):
                use_word.append(word)
                use_need.append(wanted)
            mode_number.append(number)
            durations.append(mode.duration_slots)
            use_first.append(len(use_word))
            take_first.append(len(take_stock))
        if mode_first[-1] == len(mode_number):
            return None
        mode_first.append(len(mode_number))
    before, after = _relations(facts)
    takers: list[set[int]] = [set() for _ in stocks]
    for index in range(len(actions)):
        for at in range(take_first[mode_first[index]], take_first[mode_first[index + 1]]):
            takers[take_stock[at]].add(index)
    members: list[list[int]] = [[] for _ in problem.projects]
    for index, action in enumerate(actions):
        assert action.project is not None
        members[action.project].append(index)
    shortest = [min(durations[mode_first[a] : mode_first[a + 1]]) for a in range(len(actions))]
    return Tables(
        mode_first=_ints(mode_first),
        mode_number=_ints(mode_number),
        duration=_ints(durations),
        use_first=_ints(use_first),
        use_word=_ints(use_word),
        use_need=np.array(use_need, dtype=np.uint64),
        take_first=_ints(take_first),
        take_stock=_ints(take_stock),
        take_amount=_ints(take_amount),
        stock=_ints([resources[number].steps[0].capacity for number in stocks]),
        takers_first=_firsts(takers),
        takers=_ints([index for those in takers for index in sorted(those)]),
        before_first=_firsts(before),
        before_action=_ints([other for links in before for other, _, _ in links]),
        before_lag=_ints([lag for links in before for _, lag, _ in links]),
        before_at_end=_ints([at_end for links in before for _, _, at_end in links]),
        after_first=_firsts(after),
        after_action=_ints([other for links in after for other, _, _ in links]),
        after_lag=_ints([lag for links in after for _, lag, _ in links]),
        after_at_end=_ints([at_end for links in after for _, _, at_end in links]),
        release=_ints([max(0, action.windows[0].start_slot) for action in actions]),
        project=_ints([action.project or 0 for action in actions]),
        project_release=_ints([project.release_slot for project in problem.projects]),
        project_least=_ints([project.least_slots for project in problem.projects]),
        member_first=_firsts(members),
        member=_ints([index for those in members for index in those]),
        tail=_ints(_tails(facts, after, shortest)),
        profile=_profile(facts, lane, horizon_slots),
        part=np.array([1.0 / len(members[action.project or 0]) for action in actions]),
        many_modes=_ints([a for a in range(len(actions)) if mode_first[a + 1] - mode_first[a] > 1]),
        projects_are_tied=any(actions[p.before].project != actions[p.after].project for p in problem.precedences),
    )


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _firsts(lists: list[list[int]] | list[set[int]] | list[list[tuple[int, int, int]]]) -> Ints:
    return np.cumsum([0, *(len(entries) for entries in lists)], dtype=np.int64)


def _lanes(facts: Facts) -> dict[int, tuple[int, int]]:
    """Give each renewable resource its word and place; those that the same projects use share words."""
    users: dict[int, set[int]] = {}
    for action in facts.problem.actions:
        for mode in action.modes:
            for need in mode.resource_needs:
                if facts.problem.resources[need.resource].renewable:
                    users.setdefault(need.resource, set()).add(action.project or 0)
    by_users: dict[tuple[int, ...], list[int]] = {}
    for resource in sorted(users):
        by_users.setdefault(tuple(sorted(users[resource])), []).append(resource)
    lane: dict[int, tuple[int, int]] = {}
    word = 0
    for those in by_users.values():
        for position, resource in enumerate(those):
            lane[resource] = (word + position // _LANES, position % _LANES)
        word += -(-len(those) // _LANES)
    return lane


def _profile(facts: Facts, lane: dict[int, tuple[int, int]], horizon_slots: int) -> Words:
    """What there is of everything, slot by slot, with the guard bits set."""
    words = 1 + max((word for word, _ in lane.values()), default=0)
    profile = np.full((words, horizon_slots), _GUARD, dtype=np.uint64)
    for resource, (word, place) in lane.items():
        steps = facts.problem.resources[resource].steps
        for step, until in zip(steps, [*(s.from_slot for s in steps[1:]), horizon_slots], strict=True):
            low, high = max(0, step.from_slot), min(until, horizon_slots)
            if low < high:
                # More than any need can ask for is as good as all that a lane holds.
                amount = min(step.capacity, LARGEST_AMOUNT)
                profile[word, low:high] |= np.uint64(amount << place * _LANE_BITS)
    return profile


def _relations(facts: Facts) -> tuple[list[list[tuple[int, int, int]]], list[list[tuple[int, int, int]]]]:
    """(other, least lag, whether from its end) of what stands before and after each action."""
    count = len(facts.problem.actions)
    before: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
    after: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
    for p in facts.problem.precedences:
        at_end = int(p.anchor is Anchor.END)
        before[p.after].append((p.before, p.min_lag_slots, at_end))
        after[p.before].append((p.after, p.min_lag_slots, at_end))
    return before, after


def _tails(facts: Facts, after: list[list[tuple[int, int, int]]], shortest: list[int]) -> list[int]:
    """Least slots from the end of each action to the end of its project, by the precedences inside it."""
    actions = facts.problem.actions
    tails = [0] * len(actions)
    for index in reversed(topological(after)):
        for other, lag, at_end in after[index]:
            if actions[other].project == actions[index].project:
                # From this end to the other's start; counted from the start, the longest mode may have used it up.
                gap = lag if at_end else lag - max(facts.durations[index])
                tails[index] = max(tails[index], gap + shortest[other] + tails[other])
    return tails


def topological(after: list[list[tuple[int, int, int]]]) -> list[int]:
    """All actions, every one after those before it (Kahn's algorithm), smaller numbers first."""
    waiting = [0] * len(after)
    for links in after:
        for other, _, _ in links:
            waiting[other] += 1
    ready = [index for index, count in enumerate(waiting) if not count]
    for index in ready:
        for other, _, _ in after[index]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return ready
