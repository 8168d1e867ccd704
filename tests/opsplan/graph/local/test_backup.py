"""Offline backup and restore."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import neo4j
import pytest

from opsplan.graph.local.backup import back_up, restore
from opsplan.graph.local.errors import BackupFailed, FolderInUse, FolderUnusable
from opsplan.graph.local.folder import DataFolder
from opsplan.graph.local.handle import LocalServer
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from tests.opsplan.graph.local.owner import ROOT

CONTENTS = "MATCH (n:Kept) RETURN n.text AS text ORDER BY text"
RESTORE = (
    "import sys; from pathlib import Path\n"
    "from opsplan.graph.local.options import LocalServerOptions\n"
    "from opsplan.graph.local.backup import restore\n"
    "restore(LocalServerOptions(data_dir=Path(sys.argv[1])), Path(sys.argv[2]))\n"
)


def told(server: LocalServer, *statements: str) -> list[str]:
    """Run some statements one after another, and give what the first returns as text."""
    given = []
    address = server.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for statement in statements:
            with driver.session() as session:
                given.append([record["text"] for record in session.run(statement)])
    return given[0]


def test_backup_and_restore(tmp_path: Path) -> None:
    """What was in the graph when it was backed up is what is there after a restore.

    On the way: a folder in use is refused by its process, a file that exists is not written over, and a restore that
    is killed leaves the graph that was there.
    """
    options = LocalServerOptions(data_dir=tmp_path / "data", heap_mb=384, short_lived=True)
    file = tmp_path / "back up.dump"
    with pytest.raises(BackupFailed, match="no graph in"):
        back_up(options, file)

    with start_server(options) as server:
        told(server, "CREATE (:Kept {text: 'first'}), (:Kept {text: 'zweites 三'})-[:OF]->(:Other)")
        for refused_call in (lambda: back_up(options, file), lambda: restore(options, Path(__file__))):
            with pytest.raises(FolderInUse, match=f"process {os.getpid()}"):
                refused_call()

    assert back_up(options, file) == file.stat().st_size > 1000
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back up.dump", "data"]
    with pytest.raises(BackupFailed, match="exists already"):
        back_up(options, file)

    old_home = DataFolder(options.data_dir).home.stat().st_ino
    kill_a_restore(options.data_dir, file)
    with start_server(options) as server:
        assert told(server, CONTENTS, "MATCH (n) DETACH DELETE n") == ["first", "zweites 三"]
    assert DataFolder(options.data_dir).home.stat().st_ino == old_home

    restore(options, file)
    with start_server(options) as server:
        assert told(server, CONTENTS) == ["first", "zweites 三"]
    assert sorted(path.name for path in options.data_dir.glob("neo4j*")) == ["neo4j"]


def kill_a_restore(data_dir: Path, file: Path) -> None:
    """Begin a restore in a process of its own, and kill that while the new graph is written."""
    with subprocess.Popen([sys.executable, "-c", RESTORE, str(data_dir), str(file)], cwd=ROOT) as restoring:
        await_load(data_dir)
        restoring.send_signal(signal.SIGKILL)


def await_load(data_dir: Path) -> None:
    """Wait until a restore has begun to write the new graph beside the old one."""
    for _ in range(3000):
        if list(data_dir.glob("neo4j.restoring/data/databases/*")):
            return
        time.sleep(0.01)
    raise AssertionError("the restore never began to write")


def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    """A missing file and one that is no dump are refused, the tool's words shown, and the folder is as before."""
    options = LocalServerOptions(data_dir=tmp_path / "data")
    with pytest.raises(BackupFailed, match="There is no file"):
        restore(options, tmp_path / "nothing")
    no_backup = tmp_path / "no.dump"
    no_backup.write_bytes(b"no dump")
    with pytest.raises(BackupFailed, match=r"load ended with exit code \d+:\n(.|\n)*[Nn]ot a valid") as refused:
        restore(options, no_backup)
    assert refused.value.facts["exit_code"] != 0
    assert not list(options.data_dir.glob("neo4j*"))


def test_a_backup_beside_which_nothing_can_be_written(tmp_path: Path) -> None:
    """The folder of the new file is named when it cannot take it."""
    options = LocalServerOptions(data_dir=tmp_path / "data")
    (DataFolder(options.data_dir).home / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(FolderUnusable, match="/proc") as refused:
        back_up(options, Path("/proc/graph.dump"))
    assert refused.value.field == "FILE"


@pytest.mark.parametrize("moment", ["before the new home has its place", "before the old home is gone"])
def test_a_crash_while_the_homes_change_place_leaves_one_of_them(tmp_path: Path, moment: str) -> None:
    """The next owner of the folder finds the old graph or the new one, whole, and nothing else."""
    folder = DataFolder(tmp_path)
    old = tmp_path / "neo4j.replaced"
    old.mkdir()
    (old / "old").touch()
    if moment == "before the old home is gone":
        folder.home.mkdir()
        (folder.home / "new").touch()
    os.close(folder.take())
    assert [path.name for path in folder.home.iterdir()] == (["old"] if "new home" in moment else ["new"])
    assert not old.exists()
