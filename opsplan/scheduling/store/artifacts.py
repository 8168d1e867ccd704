"""The files that a run leaves: its problem, solution, options, course and facts, compressed beside the run."""

import hashlib
import zlib
from collections.abc import Mapping

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx

ADD_ARTIFACTS = Query(
    "scheduling.add_artifacts",
    Mode.WRITE,
    """
    MATCH (run:Record {id: $run}) WHERE run:ScheduleRun
    UNWIND $files AS file
    CREATE (artifact:RunArtifact)-[:ARTIFACT_OF]->(run)
    SET artifact = file
    """,
)
DROP_ARTIFACTS = Query(
    "scheduling.drop_artifacts",
    Mode.WRITE,
    "MATCH (run:Record {id: $run})<-[:ARTIFACT_OF]-(artifact:RunArtifact) DETACH DELETE artifact",
)
READ_ARTIFACT = Query(
    "scheduling.read_artifact",
    Mode.READ,
    """
    MATCH (run:Record {id: $run})<-[:ARTIFACT_OF]-(artifact:RunArtifact {name: $name})
    RETURN artifact.deflated AS deflated
    """,
)
LIST_ARTIFACTS = Query(
    "scheduling.list_artifacts",
    Mode.READ,
    """
    MATCH (run:Record {id: $run}) WHERE run:ScheduleRun
    OPTIONAL MATCH (run)<-[:ARTIFACT_OF]-(artifact:RunArtifact)
    WITH run, artifact ORDER BY artifact.name
    RETURN run.id AS run, collect(artifact {.name, .size_bytes, .sha256}) AS artifacts
    """,
)


async def save_artifacts(tx: Tx, run_id: str, files: Mapping[str, bytes]) -> None:
    """Keep the files of a run, in place of those that an earlier attempt left."""
    await tx.run(DROP_ARTIFACTS, run=run_id)
    rows = [
        {
            "name": name,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "deflated": zlib.compress(content, level=6),
        }
        for name, content in sorted(files.items())
    ]
    await tx.run(ADD_ARTIFACTS, run=run_id, files=rows)


async def read_artifact(tx: Tx, run_id: str, name: str) -> bytes | None:
    """Give a file of a run as it was saved; None when there is none of that name."""
    row = await tx.single(READ_ARTIFACT, run=run_id, name=name)
    return None if row is None else zlib.decompress(row["deflated"])


async def list_artifacts(tx: Tx, run_id: str) -> list[dict[str, object]] | None:
    """Give name, size and checksum of each file of a run; None when there is no such run."""
    row = await tx.single(LIST_ARTIFACTS, run=run_id)
    return None if row is None else list(row["artifacts"])
