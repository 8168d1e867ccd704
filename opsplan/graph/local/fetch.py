"""Fetching one jar by its coordinates, through jgo."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import MavenContext, PythonResolver

from opsplan.graph.local.disk import is_of_disk
from opsplan.graph.local.errors import differs
from opsplan.graph.local.lock_file import Jar, sha256_of

_TRIES = 3
_REQUEST_TIMEOUT_S = 30


class Unreachable(Exception):
    """No repository gave the jar."""


class Fetcher:
    """Fetches one jar at a time, in any thread.

    Parameters
    ----------
    scratch
        Folder for what is not checked yet.
    repositories
        Maven repositories by name; None takes those of jgo's own configuration, or Maven Central.
    on_bytes
        Is told how many bytes more have come.
    """

    def __init__(self, scratch: Path, repositories: Mapping[str, str] | None, on_bytes: Callable[[int], None]) -> None:
        self._on_bytes = on_bytes
        if repositories is None:
            repositories = GlobalSettings.load().repositories or None
        self._context = MavenContext(
            resolver=PythonResolver(progress_callback=self._shown),
            repo_cache=scratch,
            remote_repos=dict(repositories) if repositories is not None else None,
            timeout=_REQUEST_TIMEOUT_S,
        )

    def fetch(self, jar: Jar, into: Path) -> None:
        """Fetch a jar, check it, and give it its place in the folder `into`.

        Raises
        ------
        Unreachable
            If no repository gave it.
        JarsDiffer
            If what came is not the locked jar.
        """
        component = self._context.project(jar.group, jar.artifact).at_version(jar.version)
        artifact = component.artifact(jar.classifier, "jar")
        for tried in range(1, _TRIES + 1):
            try:
                path = artifact.resolve()
                break
            except (OSError, RuntimeError) as failure:
                # jgo raises RuntimeError for an answer other than 200 and for a wrong SHA-1; what came is dropped.
                if artifact.cached_path is not None:
                    artifact.cached_path.unlink(missing_ok=True)
                if is_of_disk(failure):
                    raise
                if tried == _TRIES:
                    raise Unreachable(f"{jar.place}, {type(failure).__name__}") from failure
        if path.stat().st_size != jar.size_bytes or sha256_of(path) != jar.sha256:
            raise differs(jar.place)
        (into / jar.place).parent.mkdir(parents=True, exist_ok=True)
        path.replace(into / jar.place)

    @contextmanager
    def _shown(self, _name: str, _total_bytes: int) -> Iterator[Callable[[int], None]]:
        yield self._on_bytes
