"""The data folder: its lay-out, its one owner, and the password of its server.

DATA_DIR/
  owner.lock       held (flock) by the guard of the server that runs here; its text names the owner
  server.json      address of the server that runs here
  password         of the user neo4j; mode 0600
  neo4j/           the server's own home: conf, data, logs, import
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from opsplan.graph.local.disk import disk_errors
from opsplan.graph.local.errors import FolderInUse, PasswordLost
from opsplan.graph.local.options import DATA_SETTING, URI_SETTING
from opsplan.vocabulary.sentences import say

USER = "neo4j"
_PASSWORD_BYTES = 24
_OWNER_WRITES_ITS_NAME_S = 2.0
_LAST_OWNER_LEAVES_S = 45.0
_A_LOOK_S = 0.3
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class RunningServer:
    """What `server.json` says of the server that runs in a folder."""

    owner_pid: int
    guard_pid: int
    port: int
    stays: bool
    """Whether it was started by `opsplan neo4j start`, to be used by whoever comes."""


class DataFolder:
    """A data folder on the disk; made when it is first used."""

    def __init__(self, path: Path, home_name: str = "neo4j") -> None:
        self.path = path
        self.home = path / home_name
        self.log = self.home / "logs" / "neo4j.log"
        self.console_log = self.home / "logs" / "console.log"
        self._lock = path / "owner.lock"
        self._server = path / "server.json"
        self._password = path / "password"
        self._replaced = path / "neo4j.replaced"
        self._last_port = path / "last-port"

    def make(self) -> None:
        """Make the folder, for this user alone.

        Raises
        ------
        FolderUnusable, DiskFull
        """
        with disk_errors(self.path, setting=DATA_SETTING):
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            # A folder that exists but takes no file is noticed here, in words.
            probe = self.path / f".writable-{os.getpid()}"
            probe.write_bytes(b"\0" * 4096)
            probe.unlink()

    def make_home(self) -> None:
        """Make what the server needs in the folder; for its owner only."""
        with disk_errors(self.path, setting=DATA_SETTING):
            self.home.mkdir(mode=0o700, exist_ok=True)
            for part in ("conf", "data", "logs", "import", "run"):
                (self.home / part).mkdir(mode=0o700, exist_ok=True)

    def replace_home(self, new: "DataFolder") -> None:
        """Put another home in the place of this one, for good; a crash between leaves the old or the new, whole."""
        with disk_errors(self.path, setting=DATA_SETTING):
            if self.home.exists():
                self.home.rename(self._replaced)
            new.home.rename(self.home)
            shutil.rmtree(self._replaced, ignore_errors=True)

    def _finish_replacement(self) -> None:
        if self._replaced.exists():
            if self.home.exists():
                shutil.rmtree(self._replaced, ignore_errors=True)
            else:
                self._replaced.rename(self.home)

    def take(self) -> int:
        """Become the folder's one owner, and give the file descriptor that holds it.

        Whoever holds a copy of the descriptor holds the folder; the last one closed frees it. A folder whose owner
        was killed a moment ago is waited for until its Java is gone.

        Raises
        ------
        FolderInUse
            Naming the process that owns it.
        """
        with disk_errors(self.path, setting=DATA_SETTING):
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            began = time.monotonic()
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waited_s = time.monotonic() - began
                    owner = self._owner_named(descriptor) if waited_s > _A_LOOK_S else None
                    if (owner is not None and _lives(owner)) or waited_s > _LAST_OWNER_LEAVES_S:
                        os.close(descriptor)
                        raise self._in_use(owner) from None
                    time.sleep(_PAUSE_S)
            self._server.unlink(missing_ok=True)
            self.name_owner(descriptor, os.getpid())
            self._finish_replacement()
        return descriptor

    def _in_use(self, owner: int | None) -> FolderInUse:
        running = self._noted()
        if running is not None and running.stays:
            remedy = say("end it with `opsplan neo4j stop`")
        else:
            remedy = say(
                "end that process, name another folder by {data_setting}, or run `opsplan neo4j start` "
                "once: a server started so is shared by all that come; {uri_setting} names a server of "
                "your own",
                data_setting=DATA_SETTING,
                uri_setting=URI_SETTING,
            )
        who = f"process {owner}" if owner is not None else "another process"
        return FolderInUse(
            say("The data folder {path} is in use by {who}.", path=self.path, who=who),
            field=DATA_SETTING,
            value=str(self.path),
            remedy=remedy,
            pid=owner,
        )

    def name_owner(self, descriptor: int, pid: int) -> None:
        """Write into the lock who owns the folder."""
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{pid}\n".encode(), 0)

    def _owner_named(self, descriptor: int) -> int | None:
        """The pid that the holder wrote into the lock; it has a moment to do so."""
        until = time.monotonic() + _OWNER_WRITES_ITS_NAME_S
        while time.monotonic() < until:
            text = os.pread(descriptor, 32, 0).decode().strip()
            if text:
                return int(text)
            time.sleep(_PAUSE_S)
        return None

    def is_held(self) -> bool:
        """Whether some process owns the folder now."""
        try:
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return False
        try:
            # Shared: two that look at once do not take each other for an owner.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def running(self) -> RunningServer | None:
        """Give the server that runs here, or None."""
        noted = self._noted() if self.is_held() else None
        return noted if noted is not None and _lives(noted.guard_pid) else None

    def _noted(self) -> RunningServer | None:
        try:
            return RunningServer(**json.loads(self._server.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def note(self, server: RunningServer) -> None:
        """Write down the server that runs here, for whoever comes."""
        with disk_errors(self.path, setting=DATA_SETTING):
            write_private(self._last_port, f"{server.port}\n")
            write_private(self._server, json.dumps(asdict(server)))

    def last_port(self) -> int | None:
        """Give the port of the last server that ran here."""
        try:
            return int(self._last_port.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def has_data(self) -> bool:
        """Whether a server has run here before."""
        return (self.home / "data" / "databases" / "system").exists()

    def password(self) -> str:
        """Give the password of the server, made and kept at the first call.

        Raises
        ------
        PasswordLost
            If there is data, but the file is gone.
        """
        with disk_errors(self.path, setting=DATA_SETTING):
            try:
                return self._password.read_text(encoding="ascii").strip()
            except FileNotFoundError:
                if self.has_data():
                    raise _lost(self._password) from None
                # Hexadecimal: the admin tool takes a password that begins with a dash for an option.
                password = secrets.token_hex(_PASSWORD_BYTES)
                write_private(self._password, f"{password}\n")
                return password


def _lives(pid: int) -> bool:
    """Whether the process is there and has not ended (one that waits for its parent to notice has)."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all."""
    scratch = path.with_name(f"{path.name}.new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def _lost(path: Path) -> PasswordLost:
    return PasswordLost(
        say(
            "There is a graph in {parent}, but its password file {path_name} is gone.",
            parent=path.parent,
            path_name=path.name,
        ),
        field=DATA_SETTING,
        value=str(path),
        remedy=say("put the file back, or restore a backup into a new folder with `opsplan neo4j restore`"),
    )
