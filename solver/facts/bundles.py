"""Bundles: actions that groups tie together, directly or through a shared member."""

from __future__ import annotations

from solver.problem import Problem


def bundles_of(problem: Problem) -> tuple[list[tuple[int, ...]], list[int]]:
    """Return the bundles and, for every action, the number of its bundle; a lone action is a bundle of one.

    Inside a bundle, an action stands after its predecessors, so that inserting in this order never lacks one.
    """
    leader = list(range(len(problem.actions)))

    def find(action: int) -> int:
        while leader[action] != action:
            leader[action] = leader[leader[action]]
            action = leader[action]
        return action

    for group in problem.groups:
        root = find(group.actions[0])
        for action in group.actions[1:]:
            leader[find(action)] = root
    members: dict[int, list[int]] = {}
    for action in _after_predecessors(problem):
        members.setdefault(find(action), []).append(action)
    bundles = [tuple(actions) for _, actions in sorted(members.items())]
    bundle_of = [0] * len(problem.actions)
    for number, actions in enumerate(bundles):
        for action in actions:
            bundle_of[action] = number
    return bundles, bundle_of


def _after_predecessors(problem: Problem) -> list[int]:
    """All actions, every one after those that precede it (Kahn's algorithm)."""
    waiting = [0] * len(problem.actions)
    followers: list[list[int]] = [[] for _ in problem.actions]
    for precedence in problem.precedences:
        waiting[precedence.after] += 1
        followers[precedence.before].append(precedence.after)
    ready = [action for action, count in enumerate(waiting) if not count]
    for action in ready:
        for follower in followers[action]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return ready
