"""The server's jars in the cache: fetched once by jgo, and every one checked against the lock file.

A fetched jar is checked whole (size and SHA-256) before it gets its place. Later starts compare size and time of
change with what was noted then, and read again only what differs; so a changed or missing jar is always noticed
and fetched anew.
"""

import fcntl
import json
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from opsplan.graph.local.disk import ask_for_room, disk_errors
from opsplan.graph.local.errors import NotFetched, differs
from opsplan.graph.local.lock_file import Jar, JarLock, locked_jars, sha256_of
from opsplan.graph.local.options import CACHE_SETTING, URI_SETTING, LocalServerOptions
from opsplan.vocabulary.sentences import say

_FETCHERS = 8
_SCRATCH = "fetching-"
_SPARE_MB = 300  # besides the jars: the archive of classes that makes later starts faster


class JarCache:
    """The jars of one server version in a cache folder.

    Parameters
    ----------
    options
        `cache_dir`, `repositories` and `console` are used.
    lock
        The jars that there must be.
    """

    def __init__(self, options: LocalServerOptions, lock: JarLock | None = None) -> None:
        self.lock = lock or locked_jars()
        self.folder = options.cache_dir / f"neo4j-{self.lock.version}"
        self._jars = self.folder / "jars"
        self._stamps = self.folder / "checked.json"
        self._repositories = options.repositories
        self._console = options.console

    def class_path(self) -> str:
        """Give the class path, after fetching what is missing and checking all.

        Raises
        ------
        NotFetched
            If jars are missing and cannot be fetched.
        JarsDiffer
            If a fetched jar is not the locked one.
        DiskFull, FolderUnusable
            If the cache folder cannot take them.
        """
        with disk_errors(self.folder, setting=CACHE_SETTING):
            self._jars.mkdir(parents=True, exist_ok=True)
            if self._unfit():
                with self._alone():
                    self._complete()
        return ":".join(str(self._jars / jar.place) for jar in self.lock.jars)

    def _complete(self) -> None:
        """Fetch what is missing, once no other process does so."""
        for left_over in self.folder.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        unfit = self._unfit()
        if unfit:
            ask_for_room(
                self.folder, sum(jar.size_bytes for jar in unfit) // 1_000_000 + _SPARE_MB, setting=CACHE_SETTING
            )
            self._fetch(unfit)

    def _unfit(self) -> list[Jar]:
        """The jars that are missing or not the locked ones; those that are get noted as checked."""
        checked = self._read_stamps()
        known = dict(checked)
        unfit = []
        for jar in self.lock.jars:
            path = self._jars / jar.place
            if not path.exists():
                unfit.append(jar)
                continue
            status = path.stat()
            stamp: list[int | str] = [status.st_size, status.st_mtime_ns, jar.sha256]
            if checked.get(jar.place) == stamp:
                continue
            if status.st_size == jar.size_bytes and sha256_of(path) == jar.sha256:
                checked[jar.place] = stamp
            else:
                unfit.append(jar)
        if checked != known:
            self._write_stamps(checked)
        return unfit

    def _read_stamps(self) -> dict[str, list[int | str]]:
        try:
            stamps: dict[str, list[int | str]] = json.loads(self._stamps.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return stamps

    def _write_stamps(self, stamps: dict[str, list[int | str]]) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="utf-8", delete=False) as file:
            json.dump(stamps, file)
        Path(file.name).replace(self._stamps)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the cache, so that two first starts fetch once."""
        with (self.folder / "fetch.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._console.print("Another opsplan fetches Neo4j; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _fetch(self, jars: list[Jar]) -> None:
        # Here, not above: jgo takes long to import, and later starts do without.
        from opsplan.graph.local.fetch import Fetcher, Unreachable

        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=self.folder))
        try:
            with _progress(self._console) as progress:
                task = progress.add_task(
                    f"Neo4j {self.lock.version}, first use", total=sum(jar.size_bytes for jar in jars)
                )
                fetcher = Fetcher(scratch, self._repositories, lambda count: progress.advance(task, count))
                with ThreadPoolExecutor(_FETCHERS) as pool:
                    pending = [pool.submit(fetcher.fetch, jar, self._jars) for jar in jars]
                    try:
                        for fetching in pending:
                            fetching.result()
                    except BaseException:
                        pool.shutdown(wait=False, cancel_futures=True)
                        raise
        except Unreachable as failure:
            raise NotFetched(
                say(
                    "Neo4j {lock_version} is not in the cache {folder} and could not be fetched: {failure}.",
                    lock_version=self.lock.version,
                    folder=self.folder,
                    failure=failure,
                ),
                field=CACHE_SETTING,
                value=str(self.folder.parent),
                remedy=say(
                    "connect to the network for the first start, name a cache folder that has it by "
                    "{cache_setting}, or name a server of your own by {uri_setting}",
                    cache_setting=CACHE_SETTING,
                    uri_setting=URI_SETTING,
                ),
            ) from failure
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        still_unfit = self._unfit()
        if still_unfit:
            raise differs(still_unfit[0].place)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console
    )
