"""Plans: how the server carries a statement out, by EXPLAIN, and what it cost, by PROFILE."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a plan, and those that feed it.

    Attributes
    ----------
    operator
        Its type, such as ``NodeUniqueIndexSeek``.
    details
        What it works on, in Neo4j's words.
    estimated_rows
        How many rows the planner expected.
    rows, db_hits
        How many it gave, and how often it asked the store; None for a plan that was not carried out.
    """

    operator: str
    details: str
    estimated_rows: float
    rows: int | None
    db_hits: int | None
    children: tuple["Step", ...]

    @classmethod
    def of_driver(cls, plan: Mapping[str, Any]) -> "Step":
        """Read what the driver gives as a result's plan or profile."""
        arguments = plan.get("args") or plan.get("arguments") or {}
        return cls(
            # Neo4j puts the database's name behind the type.
            str(plan["operatorType"]).split("@")[0],
            str(arguments.get("Details", "")),
            float(arguments.get("EstimatedRows", 0.0)),
            plan.get("rows"),
            plan.get("dbHits"),
            tuple(cls.of_driver(child) for child in plan.get("children", ())),
        )

    def __iter__(self) -> Iterator["Step"]:
        """Go through this step and all below it."""
        yield self
        for child in self.children:
            yield from child

    @property
    def total_db_hits(self) -> int:
        """How often all steps together asked the store; 0 for a plan that was not carried out."""
        return sum(each.db_hits or 0 for each in self)
