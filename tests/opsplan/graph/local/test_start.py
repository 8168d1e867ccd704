"""What keeps a server from starting, each told in words."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from opsplan.graph.local.errors import (
    DiskFull,
    FolderUnusable,
    NotFetched,
    PasswordLost,
    PortTaken,
    ServerDied,
)
from opsplan.graph.local.folder import DataFolder
from opsplan.graph.local.java import Classes
from opsplan.graph.local.launch import set_first_password
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.prepare import prepared
from opsplan.graph.local.server import start_server
from tests.opsplan.graph.local.owner import told_by_owner


@pytest.fixture
def options(tmp_path: Path) -> LocalServerOptions:
    """Give options for a server on a fresh folder."""
    return LocalServerOptions(data_dir=tmp_path / "data", heap_mb=384, short_lived=True)


def test_a_port_that_is_taken(options: LocalServerOptions) -> None:
    """A port asked for is refused when taken; the folder's last port is taken again, or given up for a free one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken: int = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {taken} is in use") as refused:
            start_server(replace(options, port=taken))
        assert refused.value.value == taken
        # As if the last server of this folder had had it.
        (options.data_dir / "last-port").write_text(f"{taken}\n")
        with start_server(options) as server:
            assert not server.address.uri.endswith(f":{taken}")
            port = int(server.address.uri.rsplit(":", 1)[1])
    assert DataFolder(options.data_dir).last_port() == port


def test_a_server_that_dies_at_start_says_why(options: LocalServerOptions) -> None:
    """One that finds no room says so; for a damaged store the server's own log is shown. The folder is free again."""
    start_server(options).stop()
    assert told_by_owner(options.data_dir, "limit=60000")["error"] == "DiskFull"
    folder = DataFolder(options.data_dir)
    store = folder.home / "data" / "databases" / "system"
    for file in store.glob("neostore*"):
        file.write_bytes(b"damaged" * 100)
    with pytest.raises(ServerDied, match=r"Its log ends with:\n(.*\n)*.*ERROR.*") as refused:
        start_server(options)
    assert "Failed to start" in refused.value.message or "Error starting" in refused.value.message
    assert refused.value.facts["exit_code"] != 0
    assert str(folder.log.parent) in str(refused.value.remedy)
    assert not folder.is_held()


def test_a_java_that_does_not_start_shows_what_it_printed(options: LocalServerOptions) -> None:
    """Java's own refusal, which stands in no log of the server, is shown."""
    with pytest.raises(ServerDied, match="Too small maximum heap"):
        start_server(replace(options, heap_mb=1))


def test_a_server_that_is_too_slow_is_given_up(options: LocalServerOptions) -> None:
    """After the time allowed for a start it is stopped, and the error shows how far it came."""
    with pytest.raises(ServerDied, match=r"not ready within 0\.5 s"):
        start_server(replace(options, start_timeout_s=0.5))
    assert not DataFolder(options.data_dir).is_held()


def test_a_disk_without_room_is_refused_before_the_start(options: LocalServerOptions) -> None:
    """The room that is there and the room that is needed are named."""
    with pytest.raises(DiskFull, match=r"has \d+ MB left; 1000000000 MB are needed") as refused:
        start_server(replace(options, free_disk_mb=1_000_000_000))
    assert refused.value.field == "OPSPLAN_DATA_DIR"


def test_a_disk_that_fills_up_before_the_start(options: LocalServerOptions) -> None:
    """When opsplan itself can write no further, the error says so."""
    said = told_by_owner(options.data_dir, "limit=20000")
    assert said["error"] == "DiskFull", said
    assert str(options.data_dir) in str(said["message"])


def test_a_folder_that_cannot_be_made_or_written(options: LocalServerOptions, tmp_path: Path) -> None:
    """The folder and the system's reason are named, and the setting that moves it."""
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "data", Path("/proc/opsplan")):
        with pytest.raises(FolderUnusable, match=str(folder)) as refused:
            start_server(replace(options, data_dir=folder))
        assert refused.value.field == "OPSPLAN_DATA_DIR"
    with pytest.raises(FolderUnusable) as refused:
        start_server(replace(options, cache_dir=tmp_path / "file" / "cache"))
    assert refused.value.field == "OPSPLAN_CACHE_DIR"


def test_no_network_and_nothing_cached(options: LocalServerOptions, tmp_path: Path) -> None:
    """Without a network the first start is refused at once, with what helps."""
    with pytest.raises(NotFetched, match="could not be fetched") as refused:
        start_server(
            replace(options, cache_dir=tmp_path / "cache", repositories={"nowhere": "http://127.0.0.1:9/maven2"})
        )
    assert "OPSPLAN_NEO4J_URI" in str(refused.value.remedy)
    assert not options.data_dir.exists()


def test_a_graph_without_its_password(options: LocalServerOptions) -> None:
    """Where data are there but the password's file is gone, no other password is made up."""
    folder = DataFolder(options.data_dir)
    (folder.home / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(PasswordLost, match="password file password is gone"):
        start_server(options)
    assert not folder.is_held()


def test_an_archive_of_classes_that_does_not_fit_only_costs_its_gain(
    options: LocalServerOptions, tmp_path: Path
) -> None:
    """The archive is there after a first start; Java passes over a damaged one and does its work."""
    classes = prepared(options)
    assert classes.archive
    bad = tmp_path / "bad.jsa"
    bad.write_bytes(b"no archive")
    folder = DataFolder(options.data_dir)
    folder.make()
    lock = folder.take()
    folder.make_home()
    damaged = Classes(classes.path, ("-Xshare:auto", f"-XX:SharedArchiveFile={bad}"))
    set_first_password(folder, lock, damaged)
    os.close(lock)
    assert "SHA-256" in (folder.home / "data" / "dbms" / "auth.ini").read_text()
