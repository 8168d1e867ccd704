"""What a caller may choose about the local server. The environment is read by `opsplan.settings`, never here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from rich.console import Console

DATA_SETTING = "OPSPLAN_DATA_DIR"
"""The setting that moves the data folder; named in remedies."""
CACHE_SETTING = "OPSPLAN_CACHE_DIR"
"""The setting that moves the cache folder; named in remedies."""
URI_SETTING = "OPSPLAN_NEO4J_URI"
"""The setting that names a server of one's own instead; named in remedies."""


def default_data_dir() -> Path:
    """Give this user's data folder for opsplan, as the platform has it."""
    return platformdirs.user_data_path("opsplan", appauthor=False)


def default_cache_dir() -> Path:
    """Give this user's cache folder for opsplan, as the platform has it."""
    return platformdirs.user_cache_path("opsplan", appauthor=False)


def _stderr() -> Console:
    # Progress goes where it does not disturb what a command prints.
    return Console(stderr=True)


@dataclass(frozen=True, slots=True)
class LocalServerOptions:
    """How the local server is run.

    Parameters
    ----------
    data_dir
        Folder with the graph, its password and its lock.
    cache_dir
        Folder with the server's jars; may be shared by any number of data folders.
    port
        Loopback port for Bolt; None takes a free one.
    heap_mb, page_cache_mb
        Memory of the server, in megabytes.
    transaction_memory_mb
        Memory that one transaction may use; one that needs more fails with `OutOfMemory`. None: three quarters of the
        heap, which by default is what 50,000 rows of the largest noun take when they land in one transaction. 0: all
        that the server has, so that one transaction may bring down all others.
    short_lived
        Whether Java compiles fast instead of well: the server is up in two thirds of the time, with less work, and is
        slower later. For tests and single commands.
    busy
        Whether it will plan statements without end, as in tests: the heap is taken at once, and half of it is kept for
        what is soon of no use, which saves an eighth of the processor's time; and Java compiles well only what is used
        very often, which saves a quarter.
    start_timeout_s
        Seconds after which a server that is not ready is given up.
    stop_timeout_s
        Seconds that a server gets to stop cleanly before it is killed; what was committed is kept either way.
    free_disk_mb
        Room that must be left on the disk of the data folder for a start.
    repositories
        Maven repositories by name; None takes those of jgo's own configuration, or Maven Central.
    console
        Where progress is shown.
    """

    data_dir: Path = field(default_factory=default_data_dir)
    cache_dir: Path = field(default_factory=default_cache_dir)
    port: int | None = None
    heap_mb: int = 2048
    page_cache_mb: int = 192
    transaction_memory_mb: int | None = None
    short_lived: bool = False
    busy: bool = False
    start_timeout_s: float = 120.0
    stop_timeout_s: float = 30.0
    free_disk_mb: int = 200
    repositories: Mapping[str, str] | None = None
    console: Console = field(default_factory=_stderr)
