"""A PostgreSQL with PostGIS of the benchmark's own: made in an empty folder, on a free port of loopback, gone with it.

It is Debian's (`postgresql-15-postgis-3` or newer), as its administrators set it up but for the memory: as much for
shared buffers as Neo4j gets for its pages. PostgreSQL refuses to run as root; for root it is run as `nobody`.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import end_with_parent, free_port

_INSTALLED = Path("/usr/lib/postgresql")
_EXTENSIONS = Path("/usr/share/postgresql")
_USER = "nobody"
CACHE_MB = 4096
"""What either server may keep in memory of its store; a million claims take some three gigabytes of Neo4j's."""

_TRIES = 300

MISSING = (
    "PostGIS is not installed, so nothing is compared with it; install it with: apt-get install postgresql-15-postgis-3"
)
"""What is said where there is none."""


def programs() -> Path | None:
    """Give the folder of the newest PostgreSQL that has PostGIS, or None where there is none."""
    versions = sorted((each for each in _INSTALLED.glob("*") if each.name.isdecimal()), key=lambda each: int(each.name))
    for version in reversed(versions):
        if (_EXTENSIONS / version.name / "extension" / "postgis.control").exists():
            return version / "bin"
    return None


@contextmanager
def postgres(bin_folder: Path, folder: Path) -> Iterator[str]:
    """Run a cluster of its own in an empty folder; gives how to connect to it. It ends with the block, or this process.

    Raises
    ------
    subprocess.CalledProcessError
        If it cannot be made, or does not come up.
    """
    data = folder / "data"
    port = free_port()
    as_whom = _as_whom(folder)
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, **as_whom}
    initdb = [
        str(bin_folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "bench",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
    ]
    subprocess.run([*initdb, "--no-instructions"], **quiet)
    server = [
        str(bin_folder / "postgres"),
        *("-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", str(folder)),
        *("-c", f"shared_buffers={CACHE_MB}MB", "-c", "max_connections=100", "-c", "jit=off"),
        # While it is loaded, half a minute's work is not written out again and again.
        *("-c", "max_wal_size=8GB", "-c", "maintenance_work_mem=512MB"),
    ]
    with (folder / "postgres.log").open("wb") as log:
        process = subprocess.Popen(
            server,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,
            start_new_session=True,
            **as_whom,
        )
    try:
        ready = [str(bin_folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        for _ in range(_TRIES):
            if subprocess.run(ready, check=False).returncode == 0:
                break
            if process.poll() is not None:
                shown = (folder / "postgres.log").read_text("utf-8", "replace")[-2_000:]
                raise RuntimeError(f"PostgreSQL does not come up; its log ends with:\n{shown}")
            time.sleep(0.2)
        yield f"host=127.0.0.1 port={port} user=bench dbname=postgres"
    finally:
        # SIGINT is its fast shutdown: connections are cut, what was committed is kept.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as_whom(folder: Path) -> dict[str, Any]:
    """Give as whom it is run: as this user, or as nobody where this is root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "env": {"PATH": os.environ["PATH"]}}
