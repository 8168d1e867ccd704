"""Launching Java under its guard on a data folder, until it answers."""

import contextlib
import os
import re
import socket
import time
from pathlib import Path

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from opsplan.graph.address import GraphAddress
from opsplan.graph.local.configuration import configuration
from opsplan.graph.local.disk import ask_for_room, disk_errors, no_room, says_no_room
from opsplan.graph.local.errors import PortTaken, ServerDied
from opsplan.graph.local.folder import DataFolder, RunningServer, write_private
from opsplan.graph.local.guarding import GuardProcess, end_guard, start_guard, tell_guard
from opsplan.graph.local.handle import LocalServer, address_in
from opsplan.graph.local.java import Classes, environment, run_tool, server_command
from opsplan.graph.local.options import DATA_SETTING, LocalServerOptions
from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.sentences import say

_LOOPBACK = "127.0.0.1"
_PORT_TRIES = 5
_PAUSE_S = 0.03
_LOG_LINES_SHOWN = 25
_STARTED = " Started."
_CALL = re.compile(r"(\S+ \S+ [A-Z]+ )?\s+(at \S+\(|\.\.\. \d+ more)")
_BOUND = re.compile(r"BindException|Address already in use")


def launch(options: LocalServerOptions, classes: Classes, *, stays: bool = False) -> LocalServer:
    """Start the server on a folder that nobody owns, and give it once it answers.

    Raises
    ------
    FolderInUse, FolderUnusable, DiskFull, PasswordLost, PortTaken, ServerDied
    """
    folder = DataFolder(options.data_dir)
    folder.make()
    lock = folder.take()
    try:
        folder.make_home()
        ask_for_room(folder.path, options.free_disk_mb, setting=DATA_SETTING)
        set_first_password(folder, lock, classes)
        last_port = folder.last_port()
        port = options.port or (last_port if last_port and _is_free(last_port) else _free_port())
        for _ in range(_PORT_TRIES - 1):
            try:
                return _launch_on(port, folder, lock, options, classes, stays)
            except PortTaken:
                if options.port is not None:
                    raise
                # Another program has taken it meanwhile.
                port = _free_port()
        return _launch_on(port, folder, lock, options, classes, stays)
    finally:
        # From here on the guard alone holds the folder, or nobody does.
        os.close(lock)


def await_answer(address: GraphAddress, timeout_s: float) -> None:
    """Wait until a server answers a statement.

    Raises
    ------
    ServerDied
        If it does not within `timeout_s` seconds.
    """
    until = time.monotonic() + timeout_s
    while not answers(address):
        if time.monotonic() > until:
            raise ServerDied(
                say("Neo4j at {uri} did not answer within {timeout_s:g} s.", uri=address.uri, timeout_s=timeout_s),
                remedy=say("look at `opsplan neo4j status`; `opsplan neo4j stop` ends a server that hangs"),
            )
        time.sleep(_PAUSE_S)


def answers(address: GraphAddress) -> bool:
    """Whether a statement gets its answer; an auto-commit one, which the driver does not repeat by itself."""
    try:
        with (
            neo4j.GraphDatabase.driver(
                address.uri, auth=(address.user, address.password), connection_timeout=2.0, telemetry_disabled=True
            ) as driver,
            driver.session(database=address.database) as session,
        ):
            session.run("RETURN 1").consume()
            return True
    except (Neo4jError, DriverError):
        return False


def _launch_on(
    port: int,
    folder: DataFolder,
    lock: int,
    options: LocalServerOptions,
    classes: Classes,
    stays: bool,
) -> LocalServer:
    with disk_errors(folder.path, setting=DATA_SETTING):
        write_private(folder.home / "conf" / "neo4j.conf", configuration(options, port))
        command = server_command(folder, options, classes)
        said = _Log(folder)
    guard = start_guard(
        command,
        lock=lock,
        stop_s=options.stop_timeout_s,
        console_log=folder.console_log,
        environment=environment(folder),
        folder=folder.home,
    )
    try:
        _await_start(guard, said, address_in(folder, port), options.start_timeout_s)
        running = RunningServer(os.getpid(), guard.pid, port, stays)
        folder.note(running)
        if stays:
            folder.name_owner(lock, guard.pid)
        tell_guard(guard, b"ready\n")
        return LocalServer(folder, running, guard, options.stop_timeout_s)
    except BaseException as failure:
        code = end_guard(guard, options.stop_timeout_s)
        if isinstance(failure, _EndedAtStart):
            raise _reason(folder, port, said, code) from None
        raise


class _EndedAtStart(Exception):
    """Java ended before it was ready."""


def _await_start(guard: GuardProcess, said: "_Log", address: GraphAddress, timeout_s: float) -> None:
    until = time.monotonic() + timeout_s
    # Asked only once its own log says that it listens: on a port lost to another server we would send that one
    # our password.
    while not (_STARTED in said.text() and answers(address)):
        if guard.poll() is not None:
            raise _EndedAtStart
        if time.monotonic() > until:
            raise ServerDied(
                say(
                    "Neo4j was not ready within {timeout_s:g} s. Its log ends with:\n{tail}",
                    timeout_s=timeout_s,
                    tail=said.tail(),
                ),
                remedy=say("start again; on a slow machine allow it more time"),
            )
        time.sleep(_PAUSE_S)


class _Log:
    """What the server has said since this object was made: its own log, then what Java printed."""

    def __init__(self, folder: DataFolder) -> None:
        self._files = [folder.log, folder.console_log]
        self._from = [_size(path) for path in self._files]

    def text(self) -> str:
        """Give all of it."""
        parts = []
        for path, start in zip(self._files, self._from, strict=True):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                # A log that has been rolled meanwhile starts anew.
                file.seek(start if _size(path) >= start else 0)
                parts.append(file.read().decode("utf-8", "replace"))
        return "".join(parts)

    def server_spoke(self) -> bool:
        """Whether Java came as far as the server's first line."""
        return _size(self._files[0]) != self._from[0]

    def tail(self) -> str:
        """Give the last lines, for a message: what was said, without the calls that led to it."""
        lines = [line for line in self.text().splitlines() if line.strip() and not _CALL.match(line)]
        return "\n".join(lines[-_LOG_LINES_SHOWN:]) or "(it has written nothing)"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _reason(folder: DataFolder, port: int, said: "_Log", code: int) -> OpsplanError:
    """Turn what the server said before it ended into an error."""
    text = said.text()
    if _BOUND.search(text):
        return PortTaken(
            say("Port {port} is in use.", port=port),
            field="port",
            value=port,
            remedy=say("name a free port, or none: then a free one is found"),
        )
    if says_no_room(text):
        return no_room(folder.path, setting=DATA_SETTING)
    return ServerDied(
        say("Neo4j ended at start with exit code {code}. Its log ends with:\n{tail}", code=code, tail=said.tail()),
        field=DATA_SETTING,
        value=str(folder.path),
        remedy=say("the whole log is in {parent}", parent=folder.log.parent),
        exit_code=code,
        server_spoke=said.server_spoke(),
    )


def set_first_password(folder: DataFolder, lock: int, classes: Classes) -> None:
    """Set the password of a server that has never run: it takes one from this file at its first start only."""
    password = folder.password()
    if folder.has_data():
        return
    with disk_errors(folder.path, setting=DATA_SETTING):
        (folder.home / "data" / "dbms" / "auth.ini").unlink(missing_ok=True)
        write_private(folder.home / "conf" / "neo4j.conf", "")
        done = run_tool(folder, lock, classes, "dbms", "set-initial-password", password)
    if done.code != 0:
        output = done.output.replace(password, "(the password)")
        if says_no_room(output):
            raise no_room(folder.path, setting=DATA_SETTING)
        raise ServerDied(
            say(
                "Neo4j's admin tool could not set the first password (exit code {done_code}):\n{output}",
                done_code=done.code,
                output=output,
            ),
            field=DATA_SETTING,
            value=str(folder.path),
            remedy=say("the logs are in {parent}", parent=folder.log.parent),
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As Java does: what only lingers of the last server's connections is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            return False
        return True
