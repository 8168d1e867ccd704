"""Fetching and checking jars, by a small Maven repository on loopback with invented jars."""

import gc
import hashlib
import http.server
import io
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from opsplan.graph.local.errors import DiskFull, JarsDiffer, NotFetched
from opsplan.graph.local.jars import JarCache
from opsplan.graph.local.lock_file import Jar, JarLock, locked_jars
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.write_lock import lock_text

# jgo reads an answer other than 200 not to its end and leaves it, with its socket, to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _answers_left_open() -> Iterator[None]:
    """Collect what jgo left here, and not in the middle of a later test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class Repository(http.server.ThreadingHTTPServer):
    """Serves the files it was given, and counts what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/maven2"

    def asked_for_jars(self) -> int:
        return sum(path.endswith(".jar") for path in self.asked)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = self.server.files.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def repository() -> Iterator[Repository]:
    """Give a repository that runs."""
    with Repository() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def lock(repository: Repository) -> JarLock:
    """Give a lock of five invented jars, which the repository has."""
    jars = []
    for number in range(5):
        content = f"jar {number}".encode() * 10_000
        classifier = "linux" if number == 4 else ""
        jar = Jar("org.example", f"part-{number}", "1.0", classifier, len(content), hashlib.sha256(content).hexdigest())
        repository.files[f"/maven2/{jar.place}"] = content
        repository.files[f"/maven2/{jar.place}.sha1"] = hashlib.sha1(content).hexdigest().encode()
        jars.append(jar)
    return JarLock("1.0", tuple(jars))


@pytest.fixture
def options(tmp_path: Path, repository: Repository) -> LocalServerOptions:
    """Give options that name the repository and a fresh cache."""
    return LocalServerOptions(
        cache_dir=tmp_path / "cache", repositories={"here": repository.url}, console=Console(quiet=True)
    )


def places(class_path: str) -> list[Path]:
    return [Path(part) for part in class_path.split(":")]


def test_jars_are_fetched_once(options: LocalServerOptions, lock: JarLock, repository: Repository) -> None:
    """The first call fetches all, in the lock's order; later ones ask the network nothing."""
    first = JarCache(options, lock).class_path()
    assert [path.name for path in places(first)] == [Path(jar.place).name for jar in lock.jars]
    assert repository.asked_for_jars() == 5
    repository.asked.clear()
    assert JarCache(options, lock).class_path() == first
    assert repository.asked == []
    assert not list((options.cache_dir / "neo4j-1.0").glob("fetching-*"))


def test_a_progress_bar_is_shown(options: LocalServerOptions, lock: JarLock) -> None:
    """The first use shows how much is to come and has come; later ones show nothing."""
    console = Console(record=True, force_terminal=True, width=100, file=io.StringIO())
    JarCache(replace(options, console=console), lock).class_path()
    shown = console.export_text()
    assert "Neo4j 1.0, first use" in shown
    assert "250.0/250.0 kB" in shown


@pytest.mark.parametrize("harm", ["changed", "changed, of equal size", "deleted", "cut short"])
def test_a_harmed_jar_is_noticed_and_fetched_anew(
    options: LocalServerOptions, lock: JarLock, repository: Repository, harm: str
) -> None:
    """What the resolver itself would not notice: each later start compares every jar with the lock."""
    path = places(JarCache(options, lock).class_path())[2]
    content = path.read_bytes()
    if harm == "deleted":
        path.unlink()
    else:
        path.write_bytes({"changed": b"x", "cut short": content[:100]}.get(harm, b"X" + content[1:]))
    repository.asked.clear()
    JarCache(options, lock).class_path()
    assert path.read_bytes() == content
    assert repository.asked_for_jars() == 1


def test_a_harmed_jar_without_network_is_refused(options: LocalServerOptions, lock: JarLock) -> None:
    """A changed jar is never used, even when there is no other."""
    places(JarCache(options, lock).class_path())[0].write_bytes(b"changed")
    offline = replace(options, repositories={"nowhere": "http://127.0.0.1:9/maven2"})
    with pytest.raises(NotFetched, match="part-0"):
        JarCache(offline, lock).class_path()


def test_a_jar_whose_hash_is_not_the_locked_one_is_refused(
    options: LocalServerOptions, lock: JarLock, repository: Repository
) -> None:
    """A repository that serves something else, with a fitting SHA-1 of its own, gets nothing into the cache."""
    jar = lock.jars[1]
    forged = b"forged" * 11_667
    repository.files[f"/maven2/{jar.place}"] = forged[: jar.size_bytes]
    repository.files[f"/maven2/{jar.place}.sha1"] = hashlib.sha1(forged[: jar.size_bytes]).hexdigest().encode()
    with pytest.raises(JarsDiffer, match=r"part-1-1\.0\.jar is not the one"):
        JarCache(options, lock).class_path()
    assert not (options.cache_dir / "neo4j-1.0" / "jars" / jar.place).exists()


def test_a_jar_that_the_repository_lacks_is_named(
    options: LocalServerOptions, lock: JarLock, repository: Repository
) -> None:
    """What could not be fetched is named, and what could is kept for the next time."""
    del repository.files[f"/maven2/{lock.jars[3].place}"]
    with pytest.raises(NotFetched, match="part-3"):
        JarCache(options, lock).class_path()


def test_two_first_starts_at_once_fetch_once(
    options: LocalServerOptions, lock: JarLock, repository: Repository
) -> None:
    """The second waits for the first, and finds all there; what a killed one left is swept."""
    left_over = options.cache_dir / "neo4j-1.0" / "fetching-killed"
    left_over.mkdir(parents=True)
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: JarCache(options, lock).class_path(), range(4)))
    assert len(paths) == 1
    assert repository.asked_for_jars() == 5
    assert not left_over.exists()


def test_room_is_asked_for_before_the_fetch(options: LocalServerOptions, lock: JarLock, repository: Repository) -> None:
    """A lock of more bytes than the disk has is refused before the first request."""
    huge = replace(lock, jars=(replace(lock.jars[0], size_bytes=10**18),))
    with pytest.raises(DiskFull, match="MB are needed"):
        JarCache(options, huge).class_path()
    assert repository.asked == []


def test_the_committed_lock_names_no_host_and_every_jar_once() -> None:
    """The list is that of one 5.26 server: coordinates, sizes and SHA-256, and nothing to fetch from."""
    lock = locked_jars()
    assert lock.version.startswith("5.26.")
    assert len({jar.place for jar in lock.jars}) == len(lock.jars) > 200
    assert all(len(jar.sha256) == 64 and jar.size_bytes > 0 for jar in lock.jars)
    text = Path(__file__).parents[4].joinpath("opsplan/graph/local/jars.lock").read_text()
    assert "://" not in text
    assert not any(word in text for word in ("https:", "maven.apache", "repo1"))


def test_the_lock_can_be_written_anew(repository: Repository, tmp_path: Path) -> None:
    """For another version: the roots are resolved, what they need is fetched, and what was fetched is locked."""
    pom = (
        "<project><modelVersion>4.0.0</modelVersion><groupId>{g}</groupId><artifactId>{a}</artifactId>"
        "<version>9.9</version><dependencies>{d}</dependencies></project>"
    )
    needs = (
        "<dependency><groupId>org.neo4j</groupId><artifactId>neo4j-io</artifactId><version>9.9</version></dependency>"
        "<dependency><groupId>org.neo4j</groupId><artifactId>neo4j-io</artifactId><version>9.9</version>"
        "<type>test-jar</type><scope>test</scope></dependency>"
    )
    for group, artifact, dependencies in (
        ("org.neo4j", "neo4j", needs),
        ("org.neo4j.app", "neo4j-server", ""),
        ("org.neo4j", "neo4j-io", ""),
    ):
        stem = f"/maven2/{group.replace('.', '/')}/{artifact}/9.9/{artifact}-9.9"
        jar, text = f"jar of {artifact}".encode(), pom.format(g=group, a=artifact, d=dependencies).encode()
        for ending, content in ((".jar", jar), (".pom", text)):
            repository.files[stem + ending] = content
            repository.files[f"{stem}{ending}.sha1"] = hashlib.sha1(content).hexdigest().encode()
    text = lock_text("9.9", tmp_path, {"here": repository.url})
    digest = hashlib.sha256(b"jar of neo4j-io").hexdigest()
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        f"org.neo4j.app:neo4j-server:9.9 19 {hashlib.sha256(b'jar of neo4j-server').hexdigest()}",
        f"org.neo4j:neo4j-io:9.9 15 {digest}",
        f"org.neo4j:neo4j:9.9 12 {hashlib.sha256(b'jar of neo4j').hexdigest()}",
    ]
