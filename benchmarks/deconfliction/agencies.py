"""The agencies that claim."""

from collections.abc import Sequence

from opsplan.graph.driver import Graph
from opsplan.nouns import LAWS
from opsplan.records.check import check_row
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock


async def enrol(graph: Graph, codes: Sequence[str]) -> list[str]:
    """Register agencies, and give their ids in order."""
    noun = LAWS.catalogue["Agency"]
    rows = []
    for code in codes:
        row, problems = check_row(noun, {"code": code, "name": f"EXERCISE {code}", "kind": "POLICE"})
        assert not problems, problems
        rows.append(row)

    async def work(writing: Writing) -> list[str]:
        return await writing.create(noun, rows)

    administrator = Actor("machine:bench", roles=frozenset({Role.ADMINISTRATOR}))
    return await write(graph, administrator, system_clock, work, laws=LAWS, request_id="bench")
