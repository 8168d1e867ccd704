"""Answers as lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from solver.explain.binding import Binding
from solver.explain.conflict import Conflict, Feasibility
from solver.explain.why_not import WhyNot
from solver.problem import Problem
from solver.solution import Score


def lines_of(problem: Problem, found: Conflict | Binding | WhyNot) -> Iterator[str]:
    """Say an answer of any kind."""
    if isinstance(found, Conflict):
        return _conflict(found)
    return _binding(problem, found) if isinstance(found, Binding) else _why_not(problem, found)


def _conflict(conflict: Conflict) -> Iterator[str]:
    """Say what contradicts itself, then what would help, the best first."""
    if conflict.feasibility is Feasibility.POSSIBLE:
        yield "POSSIBLE: all that must be placed can be."
        return
    if conflict.feasibility is Feasibility.UNDECIDED or not conflict.causes:
        yield f"{conflict.feasibility.value}: no set of rules was found in time; give it more."
        return
    minimal = "none of them can be spared" if conflict.minimal else "not shown to be minimal"
    yield f"IMPOSSIBLE: these {len(conflict.causes)} contradict each other, {minimal}:"
    for cause in conflict.causes:
        yield f"  {cause.rule}: {cause.message}"
    for relaxation in conflict.relaxations:
        smallest = "" if relaxation.smallest else ", perhaps not the smallest"
        change = relaxation.change
        yield f"{relaxation.resolves.value} with {change.kind} (cost {relaxation.cost}{smallest}): {change.message}"


def _binding(problem: Problem, found: Binding) -> Iterator[str]:
    """Say how far an action can move, what ends that, and who else could go."""
    name = problem.actions[found.action].name
    yield f"{name} starts in slot {found.start_slot}; alone it could from {found.earliest_slot} to {found.latest_slot}."
    for when, breaches in (("earlier", found.earlier), ("later", found.later)):
        for breach in breaches:
            yield f"  not {when}: {breach.rule}: {breach.message}"
    for each in found.alternatives:
        unit = problem.units[each.unit].name
        why = "; ".join(f"{breach.rule}: {breach.message}" for breach in each.breaches)
        yield f"  need {each.need}: {unit} " + (f"could not go instead: {why}" if why else "could go instead.")


def _why_not(problem: Problem, answer: WhyNot) -> Iterator[str]:
    """Say what each goal would be, what else would move, or why it cannot be."""
    yield f"{answer.outcome.value} with the change."
    if answer.after is not None:
        for field in fields(Score):
            before, after = getattr(answer.before, field.name), getattr(answer.after, field.name)
            if before != after:
                yield f"  {field.name}: {before} -> {after}"
        moved = ", ".join(problem.actions[action].name for action in answer.moved)
        yield f"  moved: {moved or 'nothing else'}"
    if answer.conflict is not None:
        yield from _conflict(answer.conflict)
