"""The operation as it stands, made into a problem: what plans are held against."""

from dataclasses import dataclass
from functools import cached_property

from opsplan.scheduling.problem.facts import Fact, facts_of
from opsplan.scheduling.problem.grid import SLOT_MINUTES
from opsplan.scheduling.problem.index import Index
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.translate import make_problem
from solver import Problem


@dataclass(frozen=True)
class Frame:
    """A snapshot, the problem made from it, and the index that leads back from the one to the other."""

    snapshot: Snapshot
    problem: Problem
    index: Index

    @classmethod
    def over(cls, snapshot: Snapshot, slot_minutes: int = SLOT_MINUTES) -> "Frame":
        """Make the problem.

        Raises
        ------
        CyclicPrecedence
            When precedences form a circle.
        """
        return cls(snapshot, *make_problem(snapshot, slot_minutes))

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """What the problem was made from, by id."""
        return facts_of(self.snapshot)
