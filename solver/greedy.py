"""The plain greedy baseline: by priority, each at its earliest start with the first units that are free.

It is what a planner does by hand, looks at nothing ahead and never takes anything back. Exercises use it to
show that they are hard; the search uses it for nothing.
"""

from __future__ import annotations

from solver.draft import Draft
from solver.facts import Facts
from solver.local.insertion import earliest, insert_bundle
from solver.problem import Problem
from solver.solution import Placement


def greedy(problem: Problem) -> tuple[Placement, ...]:
    """Return the plan of a greedy earliest start.

    Bundles (actions tied by groups) are taken by mandatory first, then falling weight (a bundle's largest),
    then index; each is placed at the earliest start at which all its actions fit beside those already placed,
    each with the free units of lowest index, or left out for good. Locked actions come before all others.

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2),), (Interval(3, 9),))
    >>> [p.start_slot for p in greedy(Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,)))]
    [3]
    """
    facts = Facts(problem)
    draft = Draft(facts)
    by_index = range(len(problem.units))

    def urgency(bundle: tuple[int, ...]) -> tuple[bool, bool, int, int]:
        members = [problem.actions[action] for action in bundle]
        return (
            not any(action.lock for action in members),
            not any(action.mandatory for action in members),
            -max(action.weight for action in members),
            min(bundle),
        )

    for bundle in sorted(facts.bundles, key=urgency):
        insert_bundle(draft, bundle, earliest, by_index)
    return draft.placements()
