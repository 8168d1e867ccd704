"""`opsplan neo4j ...`, each command in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from opsplan.graph.local.commands import neo4j_commands
from opsplan.graph.local.folder import DataFolder
from opsplan.graph.local.options import LocalServerOptions
from tests.opsplan.graph.local.owner import ROOT, await_end

PROGRAM = (
    "import sys; from pathlib import Path\n"
    "from opsplan.graph.local.commands import neo4j_commands\n"
    "from opsplan.graph.local.options import LocalServerOptions\n"
    "folder = Path(sys.argv.pop(1))\n"
    "neo4j_commands(lambda: LocalServerOptions(data_dir=folder, heap_mb=384, short_lived=True))()\n"
)


def neo4j(folder: Path, *words: str, answer: str | None = None) -> tuple[int, str]:
    """Run one command, and give its exit code and all that it printed, in one line."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), *words],
        input=answer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        timeout=280,
        check=False,
    )
    return done.returncode, " ".join(done.stdout.split())


def test_a_server_by_hand(tmp_path: Path) -> None:
    """Start, look, try to back up, stop, back up, restore: each says what it did, and exits as it should."""
    folder, file = tmp_path / "data", tmp_path / "graph.dump"

    code, said = neo4j(folder, "status")
    assert (code, "not running" in said) == (3, True)
    code, said = neo4j(folder, "stop")
    assert (code, said) == (0, "No server runs here; there is nothing to stop.")

    code, said = neo4j(folder, "start")
    assert code == 0, said
    assert "The server is started" in said
    running = DataFolder(folder).running()
    assert running is not None
    assert running.stays
    code, said = neo4j(folder, "start")
    assert (code, f"runs already (process {running.guard_pid})" in said) == (0, True)
    code, said = neo4j(folder, "status")
    assert code == 0
    for words in ("state running", f"bolt://127.0.0.1:{running.port}", "Neo4j Community 5.26.", "MB"):
        assert words in said, words
    assert DataFolder(folder).password() not in said

    code, said = neo4j(folder, "backup", str(file))
    assert code == 1
    assert f"in use by process {running.guard_pid}" in said
    assert "What helps: end it with `opsplan neo4j stop`." in said
    assert "Traceback" not in said

    code, said = neo4j(folder, "stop")
    assert (code, said) == (0, "The server is stopped.")
    await_end(running.guard_pid)

    code, said = neo4j(folder, "backup", str(file))
    assert code == 0, said
    assert "holds the graph of" in said
    assert file.exists()
    code, said = neo4j(folder, "restore", str(file), answer="n\n")
    assert (code, "Replace the graph in" in said) == (1, True)
    code, said = neo4j(folder, "restore", str(file), "--yes")
    assert code == 0, said
    code, said = neo4j(folder, "restore", str(tmp_path / "nothing"), "--yes")
    assert (code, "There is no file" in said) == (1, True)


@pytest.mark.parametrize("command", ["start", "stop", "status", "backup", "restore"])
def test_each_command_explains_itself(command: str) -> None:
    """--help says in sentences what the command does, before any setting is read."""

    def no_options() -> LocalServerOptions:
        raise AssertionError("help needs no settings")

    done = CliRunner().invoke(neo4j_commands(no_options), [command, "--help"])
    assert done.exit_code == 0
    assert done.output.count(". ") + done.output.count(".\n") >= 2
