"""A trace: how an operation was read, part by part, for an administrator who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opsplan.graph.plans import Step


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of an operation, and what became of its rows.

    Attributes
    ----------
    path
        Where in the answer it stands.
    statement
        The Cypher, with parameters; None where nothing had to be read.
    parameters
        Their names; values are nobody's business here.
    was_known
        Whether the statement had been compiled before.
    compile_ms, read_ms, complete_ms
        Milliseconds that each step took; reading includes the way to the server and back.
    rows
        Rows of the statement; a list comes in one.
    carefully
        Whether a value was not what its type promises, so that the answer was completed value by value.
    computed
        Fields that Python computed, as ``name``.
    profile
        The plan with what each step cost, where that was asked for.
    """

    path: tuple[str | int, ...]
    statement: str | None
    parameters: Sequence[str]
    was_known: bool
    compile_ms: float
    read_ms: float
    complete_ms: float
    rows: int
    carefully: bool
    computed: Sequence[str]
    profile: Step | None

    def shown(self) -> dict[str, Any]:
        """Give it as an answer tells it."""
        told: dict[str, Any] = {
            "path": list(self.path),
            "statement": self.statement,
            "parameters": list(self.parameters),
            "wasKnown": self.was_known,
            "compileMs": round(self.compile_ms, 3),
            "readMs": round(self.read_ms, 3),
            "completeMs": round(self.complete_ms, 3),
            "rows": self.rows,
            "carefully": self.carefully,
            "computedInPython": list(self.computed),
        }
        if self.profile is not None:
            told["dbHits"] = self.profile.total_db_hits
            told["plan"] = _shown(self.profile)
        return told


@dataclass(slots=True)
class Trace:
    """What is noted while an operation is read.

    Attributes
    ----------
    profiles
        Whether statements are profiled, which makes them slower.
    is_compiled
        Whether the whole operation was compiled; else graphql-core went through it and had marked fields read.
    ordinary
        Root fields that resolvers answered, by response key; what these gave to be read is among the parts.
    parts
        The statements, in the order in which they were answered.
    timings
        Milliseconds of further steps, by name.
    """

    profiles: bool = False
    is_compiled: bool = False
    ordinary: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)

    def shown(self) -> Mapping[str, Any]:
        """Give it as an answer tells it."""
        return {
            "compiled": self.is_compiled,
            "ordinary": self.ordinary,
            "parts": [each.shown() for each in self.parts],
            "timings": {name: round(spent, 3) for name, spent in self.timings.items()},
        }


def _shown(step: Step) -> dict[str, Any]:
    return {
        "operator": step.operator,
        "details": step.details,
        "estimatedRows": round(step.estimated_rows, 1),
        "rows": step.rows,
        "dbHits": step.db_hits,
        "children": [_shown(each) for each in step.children],
    }
