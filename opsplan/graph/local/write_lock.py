"""Write the list of jars anew, for another version of the server: ``python -m opsplan.graph.local.write_lock 5.26.30``.

For maintainers, who review the change of the list: jgo resolves the server's own coordinates, every jar is fetched,
and what was fetched is what gets locked.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from jgo.maven import Artifact, MavenContext
from jgo.parse import Coordinate

from opsplan.graph.local.lock_file import RESOURCE, ROOTS, sha256_of


def lock_text(version: str, scratch: Path, repositories: Mapping[str, str] | None = None) -> str:
    """Resolve a version of the server, fetch its jars into `scratch`, and give the text of the lock file."""
    context = MavenContext(repo_cache=scratch, remote_repos=None if repositories is None else dict(repositories))
    roots = [
        context.create_dependency(Coordinate(group, artifact, version, scope="compile")) for group, artifact in ROOTS
    ]
    inputs, further = context.resolver.resolve(roots)
    needed = [*inputs, *(dependency for dependency in further if dependency.scope in ("compile", "runtime"))]
    lines = sorted(_line(dependency.artifact) for dependency in needed)
    return (
        f"# The jars of Neo4j Community {version}: group:artifact:version[:classifier] bytes sha256\n"
        "# Written by `python -m opsplan.graph.local.write_lock VERSION`.\n"
    ) + "".join(f"{line}\n" for line in lines)


def _line(artifact: Artifact) -> str:
    path = artifact.resolve()
    coordinates = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
    if artifact.classifier:
        coordinates += f":{artifact.classifier}"
    return f"{coordinates} {path.stat().st_size} {sha256_of(path)}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        text = lock_text(sys.argv[1], Path(scratch))
    Path(__file__).with_name(RESOURCE).write_text(text, encoding="utf-8")
