"""Starting, finding and stopping the local server of a data folder."""

import contextlib
import os
import signal
import time

import psutil

from opsplan.graph.local.errors import FolderInUse, ServerDied
from opsplan.graph.local.folder import DataFolder, RunningServer
from opsplan.graph.local.handle import LocalServer, address_in
from opsplan.graph.local.java import Classes
from opsplan.graph.local.launch import await_answer, launch
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.prepare import prepared
from opsplan.vocabulary.sentences import say

_STOP_S = 45.0
_KILLED_S = 15.0
_PAUSE_S = 0.05


def open_server(options: LocalServerOptions) -> LocalServer:
    """Use the server that was started to stay on this folder, or start one that ends with this process.

    Raises
    ------
    SetupError
        One of `opsplan.graph.local.errors`.
    """
    folder = DataFolder(options.data_dir)
    running = folder.running()
    if running is not None and running.stays:
        await_answer(address_in(folder, running.port), options.start_timeout_s)
        return LocalServer(folder, running)
    return start_server(options)


def start_server(options: LocalServerOptions, *, stays: bool = False) -> LocalServer:
    """Start a server on a folder that nobody owns.

    Parameters
    ----------
    options
        How it is run.
    stays
        Whether whoever comes may use it, and it goes on once this process calls `LocalServer.leave`.

    Raises
    ------
    SetupError
        One of `opsplan.graph.local.errors`.
    """
    classes = prepared(options)
    try:
        return launch(options, classes, stays=stays)
    except ServerDied as failure:
        if not classes.archive or failure.facts.get("server_spoke", True):
            raise
        # Java itself failed: an archive that it cannot bear must not keep the server from starting.
        return launch(options, Classes(classes.path), stays=stays)


def stop_server(folder: DataFolder) -> RunningServer | None:
    """Stop the server that was started to stay on this folder; give what it was, or None where there was none.

    Raises
    ------
    FolderInUse
        If it belongs to a process that is still there, which ends it itself.
    """
    running = folder.running()
    if running is None:
        return None
    if not running.stays:
        raise FolderInUse(
            say(
                "The server on {path} belongs to process {owner_pid} and ends with it.",
                path=folder.path,
                owner_pid=running.owner_pid,
            ),
            value=str(folder.path),
            remedy=say("end process {owner_pid}", owner_pid=running.owner_pid),
            pid=running.owner_pid,
        )
    # The folder's lock is held, and only the guard holds it: the pid is the guard's.
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.guard_pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_S
    while folder.is_held():
        if time.monotonic() > until:
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in [*psutil.Process(running.guard_pid).children(), psutil.Process(running.guard_pid)]:
                    process.kill()
            until += _KILLED_S
        time.sleep(_PAUSE_S)
    return running
