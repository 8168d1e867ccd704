"""The committed list of the server's jars: coordinates, size and SHA-256 of each, and no host to fetch from.

`opsplan.graph.local.write_lock` makes it for another version of the server.
"""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

RESOURCE = "jars.lock"
ROOTS = (("org.neo4j", "neo4j"), ("org.neo4j.app", "neo4j-server"))
"""Group and artifact of what the server is: the rest follows from these."""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of the server: Maven coordinates, `size_bytes`, and the SHA-256 of its bytes in hexadecimal."""

    group: str
    artifact: str
    version: str
    classifier: str
    size_bytes: int
    sha256: str

    @property
    def place(self) -> str:
        """Path of the file in the cache, as in a Maven repository.

        A folder of its own for each: jars whose manifest names others beside them (``Class-Path``) would change
        the order of the class path, and Java then refuses its archive of classes.
        """
        suffix = f"-{self.classifier}" if self.classifier else ""
        folder = f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}"
        return f"{folder}/{self.artifact}-{self.version}{suffix}.jar"


@dataclass(frozen=True, slots=True)
class JarLock:
    """Every jar of one version of the server, in class path order."""

    version: str
    jars: tuple[Jar, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of all jars together."""
        return sum(jar.size_bytes for jar in self.jars)


def locked_jars() -> JarLock:
    """Read the committed list."""
    text = files(__package__).joinpath(RESOURCE).read_text(encoding="utf-8")
    jars = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        coordinates, size_bytes, sha256 = line.split()
        group, artifact, version, *classifier = coordinates.split(":")
        jars.append(Jar(group, artifact, version, "".join(classifier), int(size_bytes), sha256))
    (server,) = (jar.version for jar in jars if (jar.group, jar.artifact) == ROOTS[0])
    return JarLock(server, tuple(jars))


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
