"""Replanning the reference exercise after random changes, from its planted plan: how little moves, and how soon.

``python -m benchmarks.replan --size full --changes 20 --seconds 5`` makes the exercise as the solver's problem, without
a graph, takes its planted plan as the one in force, and changes the world: a unit is lost, an action withdrawn, an
action added (the planted plan without it is the earlier one), a window moved, in turn. Each is replanned with the
fewest changes; what starts in the first day is frozen. A plan is known for each change, and the replan is held against
it: what the change leaves of the planted plan, the rest dropped; of an action added, the planted plan. The last line is
``replan: changes=… verified=… moved_p50=… moved_max=… bound_p50=… worse=… first_s_p95=…``: actions that moved in the
replan and in the known plan, replans that are worse in the strict order of goals than it, and seconds to the first
verified plan.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

from rich.console import Console
from rich.table import Table

from opsplan.exercise import Size, make_exercise
from opsplan.exercise.planted import planted_solution
from solver import Budget, Interval, Kept, Lock, Placement, Problem, Progress, score, solve, verify
from tests.opsplan.exercise.snapshots import translated

console = Console(width=None if sys.stdout.isatty() else 150)

KINDS = ("unit lost", "action withdrawn", "action added", "window moved")
_DAY_MINUTES = 24 * 60

Plan = tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A change of the world: the problem then, with the earlier plan in it, and the best plan that is known."""

    kind: str
    what: str
    problem: Problem
    earlier: Plan
    known: Plan


def main(size: Size, changes: int, seconds: float, seed: int) -> int:
    """Run it and print the figures; the status is 0 when each replan is verified and as good as what is known."""
    exercise = make_exercise(size, seed)
    problem, index = translated(exercise)
    planted = planted_solution(exercise, problem, index).placements
    frozen_until = _DAY_MINUTES // problem.slot_minutes
    table = Table("change", "of", "placed", "known", "moved", "known moved", "orders", "first s")
    moved, bound, firsts = [], [], []
    verified = worse = 0
    for case in cases(problem, planted, frozen_until, changes, random.Random(seed)):
        first_s: list[float] = []

        def told(progress: Progress, first_s: list[float] = first_s) -> None:
            first_s.append(progress.elapsed_seconds)

        found = solve(case.problem, Budget(seconds=seconds, seed=seed), clock=time.monotonic, on_progress=told)
        holds = not verify(case.problem, found.placements) and bool(found.placements)
        verified += holds
        worse += score(case.problem, found.placements).key() > score(case.problem, case.known).key()
        moved.append(_moved(case.earlier, found.placements))
        bound.append(_moved(case.earlier, case.known))
        firsts.append(first_s[0])
        table.add_row(
            case.kind,
            case.what,
            str(len(found.placements)),
            str(len(case.known)),
            str(moved[-1]),
            str(bound[-1]),
            str(found.score.changes),
            f"{first_s[0]:.2f}",
        )
    console.print(table)
    console.print(
        f"replan: changes={changes} verified={verified} moved_p50={_at(moved, 0.5)} moved_max={max(moved)} "
        f"bound_p50={_at(bound, 0.5)} worse={worse} first_s_p95={_at(firsts, 0.95):.2f}",
        highlight=False,
        soft_wrap=True,
    )
    return 0 if verified == changes and not worse else 1


def cases(problem: Problem, plan: Plan, frozen_until: int, count: int, chance: random.Random) -> Iterator[Case]:
    """Draw changes, the kinds in turn; what they are about starts behind the frozen time."""
    later = [each for each in plan if each.start_slot >= frozen_until]
    for kind in islice(cycle(KINDS), count):
        place = chance.choice(later)
        action = problem.actions[place.action]
        what, changed, earlier, known = action.name, problem, plan, plan
        match kind:
            case "unit lost" if place.all_units():
                unit = chance.choice(place.all_units())
                units = list(problem.units)
                # It serves to the end of the frozen time: what is frozen can stay.
                units[unit] = replace(units[unit], availability=_until(units[unit].availability, frozen_until))
                what, changed = units[unit].name, replace(problem, units=tuple(units))
            case "action added":
                earlier = tuple(each for each in plan if each is not place)
            case "window moved":
                window = Interval(max(frozen_until, place.start_slot + 1), problem.horizon_slots)
                changed = _with_windows(problem, place.action, (window,))
            case _:
                changed = _with_windows(problem, place.action, ())
        known = _what_is_left(changed, plan)
        yield Case(kind, what, _bound(changed, earlier, frozen_until), earlier, known)


def _until(availability: tuple[Interval, ...], slot: int) -> tuple[Interval, ...]:
    cut = [(each.start_slot, min(each.end_slot, slot)) for each in availability]
    return tuple(Interval(start, end) for start, end in cut if start < end)


def _with_windows(problem: Problem, action: int, windows: tuple[Interval, ...]) -> Problem:
    actions = list(problem.actions)
    actions[action] = replace(actions[action], windows=windows)
    return replace(problem, actions=tuple(actions))


def _bound(problem: Problem, earlier: Plan, frozen_until: int) -> Problem:
    """Put the earlier plan into the problem: to be kept, and locked where it starts before the time is over."""
    actions = list(problem.actions)
    for each in earlier:
        lock = Lock(each.start_slot, each.mode, each.units) if each.start_slot < frozen_until else None
        kept = Kept(each.start_slot, each.mode, each.units)
        actions[each.action] = replace(actions[each.action], lock=lock, kept=kept)
    return replace(problem, actions=tuple(actions))


def _what_is_left(problem: Problem, plan: Plan) -> Plan:
    """Drop what breaks a rule, until nothing does."""
    while True:
        groups = problem.groups
        out: set[int] = set()
        for breach in verify(problem, plan):
            if "action" in breach.facts:
                out.add(int(breach.facts["action"]))
            if breach.rule == "simultaneity":
                out |= set(groups[int(breach.facts["group"])].actions)
        if not out:
            return plan
        plan = tuple(each for each in plan if each.action not in out)


def _moved(before: Plan, after: Plan) -> int:
    """Actions of the earlier plan that are not exactly where they were."""
    now = {each.action: each for each in after}
    return sum(now.get(each.action) != each for each in before)


def _at(values: list[float] | list[int], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Replan the reference exercise after random changes.")
    parser.add_argument("--size", type=Size, default=Size.FULL, choices=list(Size))
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5, help="budget of each replan")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.size, given.changes, given.seconds, given.seed))
