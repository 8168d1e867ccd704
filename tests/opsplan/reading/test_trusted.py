"""What is compiled for trusted documents is kept apart from what is compiled for others."""

import pytest
from graphql import DocumentNode, OperationDefinitionNode, parse

from opsplan.reading import asking as reading
from opsplan.reading.reads import Reads
from tests.opsplan.reading.desk import Desk, DeskContext

TRUSTED = "query ($first: Int!) { trusted: compounds(first: $first) { nodes { name } } }"


async def test_others_do_not_push_out_what_is_compiled_for_trusted_documents(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trusted query is compiled once for its shape, however much is asked between; an ordinary one anew."""
    compiled: list[str] = []
    compile_root = reading.compile_root

    def noting(ground, fragments, key, *rest):  # type: ignore[no-untyped-def]
        compiled.append(key)
        return compile_root(ground, fragments, key, *rest)

    monkeypatch.setattr(reading, "compile_root", noting)
    reads = Reads(desk.reads.ground, desk.reads.cursors, kept=3)
    trusted, ordinary = parse(TRUSTED), parse(TRUSTED.replace("trusted", "ordinary"))
    reads.keep(trusted)
    context = DeskContext(desk.graph, desk.actor, desk.clock)

    async def ask(document: DocumentNode, **variables: int) -> None:
        (operation,) = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        result = await reads.answer(document, operation, variables, context)
        assert result is not None
        assert not result.errors

    others = [parse(f"{{ other{number}: compounds(first: 1) {{ nodes {{ name }} }} }}") for number in range(10)]
    for _ in range(3):
        await ask(trusted, first=1)
        await ask(ordinary, first=2)
        for other in others:
            await ask(other)
    assert compiled.count("trusted") == 1
    assert compiled.count("ordinary") == 3
