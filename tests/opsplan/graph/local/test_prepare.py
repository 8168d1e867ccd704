"""The archive of classes: made once, used after, and done without where it cannot be made."""

import os
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from opsplan.graph.local.jars import JarCache
from opsplan.graph.local.java import ClassArchive
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.prepare import prepared
from opsplan.graph.local.server import start_server


@pytest.fixture
def options(tmp_path: Path) -> LocalServerOptions:
    """Give options with a cache of its own, whose jars are those of the shared cache."""
    shared = LocalServerOptions(data_dir=tmp_path / "data", heap_mb=384, short_lived=True)
    own = replace(shared, cache_dir=tmp_path / "cache")
    jars = JarCache(shared).class_path().split(":")
    for jar in jars:
        linked = Path(jar.replace(str(shared.cache_dir), str(own.cache_dir)))
        linked.parent.mkdir(parents=True, exist_ok=True)
        os.link(jar, linked) if linked.parent.stat().st_dev == Path(jar).stat().st_dev else linked.symlink_to(jar)
    return own


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_archive_is_made_once_and_used(options: LocalServerOptions) -> None:
    """The first call makes it, the second finds it, and Java maps it into memory."""
    classes = prepared(options)
    assert classes.archive
    archive = ClassArchive.within(JarCache(options).folder, classes.path)
    made_at = archive.server.stat().st_mtime_ns
    assert prepared(options) == classes
    assert archive.server.stat().st_mtime_ns == made_at
    assert not list(archive.base.parent.glob("rehearsal-*"))
    with start_server(options) as server:
        assert server.java_pid is not None
        mapped = {region.path for region in psutil.Process(server.java_pid).memory_maps()}
        assert str(archive.server) in mapped


@pytest.mark.long
@pytest.mark.timeout(900)
def test_without_an_archive_the_server_starts_all_the_same(options: LocalServerOptions) -> None:
    """Where it cannot be made, that is noted, not tried at each start, and nothing else changes."""
    archive = ClassArchive.within(JarCache(options).folder, JarCache(options).class_path())
    archive.base.mkdir(parents=True)  # a folder stands in its place
    assert prepared(options).archive == ()
    assert archive.base.with_name("given-up").exists()
    assert prepared(options).archive == ()
    with start_server(options) as server:
        assert server.java_pid is not None
