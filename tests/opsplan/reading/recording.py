"""A graph that remembers the statements that go to the server."""

from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.query import Query


class RecordingGraph(Graph):
    """The real graph; `texts` and `parameters` are those of every statement so far."""

    texts: list[str]
    parameters: list[dict[str, Any]]

    async def read_plain(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[list[Any]]:
        self.texts.append(query.text if isinstance(query, Query) else query)
        self.parameters.append(parameters or {})
        return await super().read_plain(query, parameters, timeout_s=timeout_s)


def recording(graph: Graph) -> RecordingGraph:
    """Give the same graph, remembering."""
    made = RecordingGraph.__new__(RecordingGraph)
    made.__dict__.update(graph.__dict__)
    made.texts, made.parameters = [], []
    return made
