"""Offline backup: one file with the whole graph, by the server's own dump and load.

Neo4j Community dumps only while no server runs on the folder; online backup is part of the commercial edition.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsplan.graph.local.configuration import configuration
from opsplan.graph.local.disk import ask_for_room, disk_errors, no_room, says_no_room
from opsplan.graph.local.errors import BackupFailed
from opsplan.graph.local.folder import DataFolder, write_private
from opsplan.graph.local.java import ToolRun, run_tool
from opsplan.graph.local.launch import set_first_password
from opsplan.graph.local.options import DATA_SETTING, LocalServerOptions
from opsplan.graph.local.prepare import prepared
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import Sentence, say

_DATABASE = "neo4j"
_RESTORING = "neo4j.restoring"
_PORT_OF_NOBODY = 7687  # the tools read the configuration, but listen nowhere
_LINES_SHOWN = 15


def back_up(options: LocalServerOptions, file: Path) -> int:
    """Write the graph of a folder on which no server runs to a new file, and give the file's size in bytes.

    The file appears whole or not at all, readable by this user alone.

    Raises
    ------
    FolderInUse
        If a server runs on the folder; naming the process.
    BackupFailed
        If there is no graph, the file exists, or the dump did not work.
    FolderUnusable, DiskFull
        About either folder.
    """
    file = file.absolute()
    if file.exists():
        raise BackupFailed(
            say("{file} exists already.", file=file), field="FILE", value=str(file), remedy=say("name a new file")
        )
    classes = prepared(options)
    with _owned(options) as (folder, lock):
        if not folder.has_data():
            raise BackupFailed(
                say("There is no graph in {path}.", path=folder.path),
                field=DATA_SETTING,
                value=str(folder.path),
                remedy=say("name the folder that has it by {data_setting}", data_setting=DATA_SETTING),
            )
        _configure(folder, options)
        with disk_errors(file.parent, setting="FILE"):
            scratch = Path(tempfile.mkdtemp(prefix=f".{file.name}.", dir=file.parent))
            try:
                done = run_tool(folder, lock, classes, "database", "dump", _DATABASE, f"--to-path={scratch}")
                dumped = scratch / f"{_DATABASE}.dump"
                if done.code != 0 or not dumped.exists():
                    raise _failed(say("dump"), done, file.parent)
                dumped.chmod(0o600)
                dumped.replace(file)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            return file.stat().st_size


def restore(options: LocalServerOptions, file: Path) -> None:
    """Put the graph of a backup in the place of the one in a folder on which no server runs.

    The old graph stays until the new one is complete; a crash at any moment leaves one of them, whole.

    Raises
    ------
    FolderInUse
        If a server runs on the folder; naming the process.
    BackupFailed
        If there is no such file, or it is no backup.
    FolderUnusable, DiskFull
        About the data folder.
    """
    file = file.absolute()
    if not file.is_file():
        raise BackupFailed(
            say("There is no file {file}.", file=file),
            field="FILE",
            value=str(file),
            remedy=say("name a file that `backup` wrote"),
        )
    classes = prepared(options)
    with _owned(options) as (folder, lock):
        new = DataFolder(folder.path, _RESTORING)
        shutil.rmtree(new.home, ignore_errors=True)
        ask_for_room(folder.path, options.free_disk_mb + file.stat().st_size // 1_000_000, setting=DATA_SETTING)
        try:
            new.make_home()
            set_first_password(new, lock, classes)
            _configure(new, options)
            with disk_errors(folder.path, setting=DATA_SETTING):
                # The tool looks for a file of the database's name.
                source = new.home / "import" / "restored"
                source.mkdir()
                (source / f"{_DATABASE}.dump").symlink_to(file)
                done = run_tool(new, lock, classes, "database", "load", _DATABASE, f"--from-path={source}")
                shutil.rmtree(source)
            if done.code != 0:
                raise _failed(say("load"), done, folder.path)
            folder.replace_home(new)
        finally:
            shutil.rmtree(new.home, ignore_errors=True)


@contextmanager
def _owned(options: LocalServerOptions) -> Iterator[tuple[DataFolder, int]]:
    """Own the data folder for the time of the block."""
    folder = DataFolder(options.data_dir)
    folder.make()
    lock = folder.take()
    try:
        yield folder, lock
    finally:
        os.close(lock)


def _configure(folder: DataFolder, options: LocalServerOptions) -> None:
    folder.make_home()
    with disk_errors(folder.path, setting=DATA_SETTING):
        write_private(folder.home / "conf" / "neo4j.conf", configuration(options, _PORT_OF_NOBODY))


def _failed(what: Sentence, done: ToolRun, folder: Path) -> SetupError:
    if says_no_room(done.output):
        return no_room(folder, setting="FILE" if what == "dump" else DATA_SETTING)
    said = "\n".join(done.output.strip().splitlines()[-_LINES_SHOWN:])
    return BackupFailed(
        say("Neo4j's {what} ended with exit code {done_code}:\n{said}", what=what, done_code=done.code, said=said),
        field="FILE",
        remedy=say("see the lines above; nothing was changed"),
        exit_code=done.code,
    )
