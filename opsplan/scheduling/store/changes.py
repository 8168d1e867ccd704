"""What has been committed since a snapshot that a schedule could have read."""

from collections.abc import Iterable

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.scheduling.model import PlanState
from opsplan.scheduling.store.kept import OTHER

READ_NOUNS = (
    "Action",
    "ActionMode",
    "Agency",
    "Capacity",
    "Compound",
    "Offer",
    "Operation",
    "Participant",
    "Precedence",
    "QuietHours",
    "Resource",
    "ResourceNeed",
    "SimultaneityGroup",
    "Unit",
    "UnitAbsence",
    "UnitNeed",
    "Warrant",
)
"""Nouns whose records a plan rests on; plans beside them, when one begins or ceases to be the published one."""
CLAIM_NOUNS = ("Claim", "Conflict", "Notice", "Resolution", "SeparationRule")
"""Nouns of what keeps actions away from others: a snapshot reads them, and no plan rests on them."""

# The index over (commit_id, ordinal) serves a search by its first part only if the second is bounded too.
_CHANGES_SINCE = """
    MATCH (commit:Commit) WHERE commit.number > $number
    MATCH (change:Change) WHERE change.commit_id = commit.id AND change.ordinal >= 0
    WITH change WHERE change.noun IN $nouns OR (change.noun = 'Plan' AND change.kind = 'STATE' AND
                                                (change.before CONTAINS $published OR change.after CONTAINS $published))
"""
# Changes are kept as canonical JSON, so this text is in those that make a plan the published one, or no longer that.
_PUBLISHED = f'"state":"{PlanState.PUBLISHED.name}"'

CHANGED_SINCE = Query("scheduling.changed_since", Mode.READ, _CHANGES_SINCE + "RETURN change.record_id AS id LIMIT 1")
CHANGED_NOUNS = Query(
    "scheduling.changed_nouns",
    Mode.READ,
    _CHANGES_SINCE + "RETURN DISTINCT change.noun AS noun, change.record_id = $operation AS own",
)
LAST_COMMIT = Query(
    "scheduling.last_commit",
    Mode.READ,
    "MATCH (sequence:CommitSequence {id: 1}) RETURN sequence.number AS number",
)
VERSIONS = Query(
    "scheduling.versions",
    Mode.READ,
    "UNWIND $ids AS id MATCH (n:Record {id: id}) RETURN id, n.version AS version",
)


async def changed_since(tx: Tx, number: int, *, claims: bool = False) -> bool:
    """Whether a commit after that number has changed anything that some plan rests on; or, if asked, some claim."""
    nouns = [*READ_NOUNS, *(CLAIM_NOUNS if claims else ())]
    return bool(await tx.run(CHANGED_SINCE, number=number, nouns=nouns, published=_PUBLISHED))


async def last_commit(tx: Tx) -> int:
    """Give the number of the last commit, without waiting for one that is under way."""
    row = await tx.single(LAST_COMMIT)
    assert row is not None
    return int(row["number"])


async def nouns_changed_since(tx: Tx, number: int, operation_id: str) -> frozenset[str]:
    """Give the nouns that commits after that number have changed, of those that schedules of an operation read."""
    asked = {"nouns": [*READ_NOUNS, *CLAIM_NOUNS], "published": _PUBLISHED}
    rows = await tx.run(CHANGED_NOUNS, number=number, **asked, operation=operation_id)
    return frozenset(OTHER if row["noun"] == "Operation" and not row["own"] else row["noun"] for row in rows)


async def versions_of(tx: Tx, ids: Iterable[str]) -> dict[str, int]:
    """Give the present versions of records, retired ones included; those removed from the graph are left out."""
    return {row["id"]: row["version"] for row in await tx.run(VERSIONS, ids=sorted(ids))}
