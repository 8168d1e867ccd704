"""Starting, ending, dying: no process of a server outlives its owner, and nothing committed is lost."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.local.errors import FolderInUse
from opsplan.graph.local.folder import DataFolder
from opsplan.graph.local.handle import LocalServer
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import open_server, start_server, stop_server
from opsplan.graph.migrations import product_migrations
from opsplan.graph.open import open_graph
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import Tx
from tests.opsplan.graph.local.owner import await_end, owner, told_by_owner


def options(path: Path) -> LocalServerOptions:
    return LocalServerOptions(data_dir=path, heap_mb=384, short_lived=True)


async def test_killing_the_owner_leaves_no_java_and_loses_nothing(tmp_path: Path) -> None:
    """kill -9 of the owner ends guard and Java; the folder starts again at once and holds what was committed.

    Meanwhile, a second start on the folder names the owner's process. The folder's name has blanks, quotes and letters
    beyond ASCII, and the owner's locale has none.
    """
    tmp_path = tmp_path / 'Pläne 2026 "Nord" 作戦'
    with owner(tmp_path) as first:
        async with Graph(first.address) as graph:
            await graph.write(lambda tx: tx.run("CREATE (:Kept)"))
        with pytest.raises(FolderInUse, match=f"in use by process {first.pid}") as refused:
            start_server(options(tmp_path))
        assert refused.value.facts["pid"] == first.pid
        assert "opsplan neo4j start" in str(refused.value.remedy)
        with pytest.raises(FolderInUse, match=f"process {first.pid}"):
            stop_server(DataFolder(tmp_path))
        os.kill(first.pid, signal.SIGKILL)
        first.process.wait()
        # At once: the start waits for the last Java to leave.
        with start_server(options(tmp_path)) as second:
            assert not psutil.pid_exists(first.java)
            async with Graph(second.address) as graph:
                assert await graph.read_rows("MATCH (k:Kept) RETURN count(k)") == [[1]]
        await_end(first.guard, first.java)
    assert not DataFolder(tmp_path).is_held()


def test_killing_an_owner_with_a_forked_child_leaves_no_java(tmp_path: Path) -> None:
    """A child that holds a copy of the owner's pipe does not keep the server alive."""
    with owner(tmp_path, "fork") as first:
        assert first.child is not None
        try:
            os.kill(first.pid, signal.SIGKILL)
            first.process.wait()
            await_end(first.java, first.guard)
            assert psutil.pid_exists(first.child)
        finally:
            os.kill(first.child, signal.SIGKILL)


def test_the_server_outlives_the_thread_that_started_it_but_not_its_guard(tmp_path: Path) -> None:
    """The end of a thread ends nothing; kill -9 of the guard ends Java too."""
    started: list[LocalServer] = []
    thread = threading.Thread(target=lambda: started.append(start_server(options(tmp_path))))
    thread.start()
    thread.join()
    (server,) = started
    java = server.java_pid
    assert java is not None
    time.sleep(0.5)
    assert psutil.Process(java).is_running()
    if sys.platform == "linux":  # elsewhere no system tells a child of its parent's death
        os.kill(server.guard_pid, signal.SIGKILL)
        await_end(java)
    server.stop()
    await_end(java)


async def test_a_killed_server_comes_back_and_the_write_stands_once(tmp_path: Path) -> None:
    """Neo4j killed during a write: it is started again by its guard, and the write is done, whole, once."""
    with start_server(options(tmp_path)) as server:
        async with Graph(server.address, Bounds(total_s=200, attempts=10_000)) as graph:
            await graph.write(lambda tx: tx.run("CREATE (:Before)"))
            attempts = 0

            async def write(tx: Tx) -> None:
                nonlocal attempts
                attempts += 1
                await tx.run("CREATE (:Half)")
                if attempts == 1:
                    assert server.java_pid is not None
                    os.kill(server.java_pid, signal.SIGKILL)
                await tx.run("CREATE (:OtherHalf)")

            await graph.write(write)
            assert attempts == 2
            assert "it is started again" in server.folder.console_log.read_text()
            counts = (
                "MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock RETURN labels(n)[0] AS l, count(*) ORDER BY l"
            )
            assert await graph.read_rows(counts) == [["Before", 1], ["Half", 1], ["OtherHalf", 1]]


async def test_a_server_that_stays_is_shared_by_all_that_come(tmp_path: Path) -> None:
    """One started to stay outlives its starter; who comes uses it and does not end it; stop ends it."""
    folder = DataFolder(tmp_path)
    said = told_by_owner(tmp_path, "stay")
    running = folder.running()
    assert running is not None
    assert running.stays
    assert not psutil.pid_exists(int(str(said["pid"])))
    for _ in range(2):
        with open_server(options(tmp_path)) as found:
            assert not found.is_owned
            assert found.address.uri == said["uri"]
    first = product_migrations()[:1]
    async with (
        open_graph(options(tmp_path), migrations=first) as one,
        open_graph(options(tmp_path), migrations=first) as other,
    ):
        await one.write(lambda tx: tx.run("CREATE (:Shared)"))
        assert await other.read_rows("MATCH (s:Shared) RETURN count(s)") == [[1]]
    with pytest.raises(FolderInUse, match=f"process {running.guard_pid}") as refused:
        start_server(options(tmp_path))
    assert refused.value.remedy == "end it with `opsplan neo4j stop`"
    assert stop_server(folder) == running
    await_end(running.guard_pid, int(str(said["java"])))
    assert stop_server(folder) is None
