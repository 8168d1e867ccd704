"""What a first start needs besides the data folder: the jars, and the archive of their classes."""

import fcntl
import logging
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import neo4j

from opsplan.graph.local.disk import disk_errors
from opsplan.graph.local.jars import JarCache
from opsplan.graph.local.java import ClassArchive, Classes
from opsplan.graph.local.launch import launch
from opsplan.graph.local.options import CACHE_SETTING, LocalServerOptions
from opsplan.vocabulary.errors import SetupError

_log = logging.getLogger(__name__)
# Writing the archive takes Java several seconds after its end, many on a busy machine.
_PATIENCE_S = 600.0
_REHEARSED = (
    "CREATE CONSTRAINT rehearsal IF NOT EXISTS FOR (r:Rehearsal) REQUIRE r.id IS UNIQUE",
    "UNWIND range(1, 9) AS id MERGE (r:Rehearsal {id: id}) SET r.at = point({longitude: id, latitude: id})",
    "MATCH (r:Rehearsal {id: 1}), (s:Rehearsal {id: 2}) MERGE (r)-[:NEXT]->(s)",
    "MATCH (r:Rehearsal {id: 1}) OPTIONAL MATCH (r)-[:NEXT*0..2]-(s) RETURN r.id, collect({id: s.id}) LIMIT 5",
)


def prepared(options: LocalServerOptions) -> Classes:
    """Give the server's classes, with the archive of them; fetch and make what is missing.

    The archive is an accelerator: where it cannot be made, starts are slower and nothing else changes.

    Raises
    ------
    NotFetched, JarsDiffer, DiskFull, FolderUnusable
        About the cache folder.
    """
    cache = JarCache(options)
    class_path = cache.class_path()
    archive = ClassArchive.within(cache.folder, class_path)
    given_up = archive.base.with_name("given-up")
    if not archive.is_there and not given_up.exists():
        with disk_errors(cache.folder, setting=CACHE_SETTING):
            archive.base.parent.mkdir(exist_ok=True)
            with archive.base.with_name("making.lock").open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not archive.is_there and not given_up.exists():
                    _make(archive, options, class_path, given_up)
    return Classes(class_path, archive.use())


def _make(archive: ClassArchive, options: LocalServerOptions, class_path: str, given_up: Path) -> None:
    """Run the server once on a folder that is thrown away, and keep the classes that it used."""
    folder = archive.base.parent
    scratch = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=folder))
    try:
        with options.console.status("Preparing Neo4j for faster starts (once, about 20 s)"):
            if not archive.base.exists():
                ClassArchive(scratch / "runtime", scratch / "server").make_base()
                (scratch / "runtime").replace(archive.base)
            # The server's part names the runtime's by its path, so that one has its place before.
            new = ClassArchive(archive.base, scratch / "server")
            rehearsal = replace(
                options, data_dir=scratch / "data", port=None, start_timeout_s=_PATIENCE_S, stop_timeout_s=_PATIENCE_S
            )
            with launch(rehearsal, Classes(class_path, new.record())) as server:
                _rehearse(server.address.uri, server.address.password)
            new.server.replace(archive.server)
    except (SetupError, OSError, subprocess.SubprocessError, neo4j.exceptions.Neo4jError) as failure:
        _log.warning("no archive of classes, starts will be slower: %s", type(failure).__name__)
        given_up.touch()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _rehearse(uri: str, password: str) -> None:
    with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password), notifications_min_severity="OFF") as driver:
        for statement in _REHEARSED:
            with driver.session(database="neo4j") as session:
                session.run(statement).consume()
