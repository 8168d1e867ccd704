"""The limit of a transaction's memory, as real servers tell it."""

from collections.abc import Iterator

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.memory import LimitKind, limit_in, transaction_memory


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphAddress]:
    """Run a server whose transactions may use all its memory."""
    options = LocalServerOptions(
        data_dir=tmp_path_factory.mktemp("unlimited"), heap_mb=512, transaction_memory_mb=0, short_lived=True
    )
    with start_server(options) as server:
        yield server.address


async def test_the_managed_server_limits_its_transactions(graph: Graph) -> None:
    """The server that opsplan runs has the limit set: three quarters of its heap of 768 MB here."""
    found = await transaction_memory(graph)
    assert (found.kind, found.value, found.warning) == (LimitKind.LIMITED, "576.00MiB", None)


async def test_a_server_without_a_limit_is_warned_of(unlimited: GraphAddress) -> None:
    """A server whose setting is 0 is told as unlimited, with a warning that names the setting."""
    async with Graph(unlimited) as graph:
        found = await transaction_memory(graph)
    assert found.kind is LimitKind.UNLIMITED
    assert found.warning
    assert "db.memory.transaction.max" in found.warning


def test_a_setting_that_cannot_be_seen_is_unknown() -> None:
    """A server shows no row of settings that the user may not see; that is told, and is no failure."""
    found = limit_in([])
    assert (found.kind, found.value) == (LimitKind.UNKNOWN, None)
    assert found.warning
