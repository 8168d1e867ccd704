"""What claims hold of pools, how much there is of these, and pools whose claims are judged anew by and by."""

from opsplan.deconfliction.store.claims import FACTS, NEAR_COLUMNS
from opsplan.graph.query import Mode, Query

_COLUMNS = (*NEAR_COLUMNS[1:], "capacities", "held_since", "is_met")
_HOLDER = f"""{FACTS}, c.capacities AS capacities, c.held_since AS held_since,
             EXISTS {{
               MATCH (c)<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict {{kind: 'CAPACITY'}}) WHERE k.state <> 'GONE'
             }} AS is_met"""
_WHY_SCAN = "There are at most as many as pools, and most of the time none."


def entries_of_pool(pool: str, of: str) -> str:
    """Give the Cypher that collects, as ``available``, start, end and amount of what there is of a pool.

    `pool` is a map with ``country``, ``kind``, ``language`` and ``exercise``; `of` says of each `entry` whether it
    counts.
    """
    return f"""
      MATCH (:Country {{code: {pool}.country}})<-[:HELD_IN]-(resource:Resource)
      WHERE resource.kind = {pool}.kind AND coalesce(resource.language, '') = {pool}.language
        AND resource.exercise = {pool}.exercise AND resource.retired_at IS NULL
      MATCH (resource)<-[:CAPACITY_OF]-(entry:Capacity)
      WHERE entry.retired_at IS NULL AND {of}
      RETURN collect([entry.start, entry.end, entry.amount]) AS available"""


# For pools and times: all claims that hold of each, and how much there is.
POOLS = Query(
    "deconfliction.pools",
    Mode.READ,
    f"""
    UNWIND $probes AS probe
    CALL (probe) {{
      MATCH (hold:ClaimHold) USING INDEX hold:ClaimHold(pool, `end`)
      WHERE hold.pool = probe.pool AND hold.end > probe.start AND hold.start < probe.end
      MATCH (hold)-[:HOLD_OF]->(c) WHERE c.retired_at IS NULL
      WITH {_HOLDER} ORDER BY id
      RETURN collect({{{", ".join(f"{name}: {name}" for name in _COLUMNS)}}}) AS claims
    }}
    CALL (probe) {{
      {entries_of_pool("probe", "entry.end > probe.start AND entry.start < probe.end")}
    }}
    RETURN probe.number AS number, claims, available
    """,
)
# By who holds the commit sequence: who had no place in the order of claims gets the next commit's.
ENTER_HOLDS = Query(
    "deconfliction.enter_holds",
    Mode.WRITE,
    """
    MATCH (sequence:CommitSequence {id: 1})
    UNWIND $rows AS row
    MATCH (c:Record {id: row.id}) WHERE c:Claim
    SET c.held = row.held, c.held_since = coalesce(row.held_since, sequence.number + 1)
    WITH c, row
    CALL (c) { MATCH (c)<-[:HOLD_OF]-(old:ClaimHold) DETACH DELETE old }
    UNWIND row.pools AS held
    CREATE (hold:ClaimHold)-[:HOLD_OF]->(c)
    SET hold = held
    """,
)
# Whose capacity has changed: the pool of each resource, and of an entry its time.
CAPACITY_CHANGED = Query(
    "deconfliction.capacity_changed",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (changed:Record {id: id})
    CALL (changed) {
      MATCH (changed:Resource) RETURN changed AS resource
      UNION MATCH (changed:Capacity)-[:CAPACITY_OF]->(resource:Resource) RETURN resource
    }
    MATCH (resource)-[:HELD_IN]->(country:Country)
    RETURN id, country.code AS country, resource.kind AS kind, coalesce(resource.language, '') AS language,
           resource.exercise AS exercise, changed.start AS start, changed.end AS end
    """,
)
HOLDERS = Query(
    "deconfliction.holders",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Claim AND c.retired_at IS NULL
    RETURN {FACTS}, c.capacities AS capacities, c.held_since AS held_since
    """,
)
# In the order of ids: wherever a batch ends, the next begins.
NEXT_HOLDERS = Query(
    "deconfliction.next_holders",
    Mode.READ,
    """
    MATCH (hold:ClaimHold) USING INDEX hold:ClaimHold(pool, `end`) WHERE hold.pool = $pool AND hold.end > ''
    MATCH (hold)-[:HOLD_OF]->(c) WHERE c.id > $after
    RETURN c.id AS id ORDER BY id LIMIT $most
    """,
)
# Written by who holds the commit sequence, so that there is one of a pool.
KEEP_REVIEW = Query(
    "deconfliction.keep_pool_review",
    Mode.WRITE,
    """
    UNWIND $pools AS pool
    MERGE (review:PoolReview {pool: pool})
    SET review.after = '', review.begun_at = $now
    """,
    why_scan=_WHY_SCAN,
)
REVIEWS = Query(
    "deconfliction.pool_reviews",
    Mode.READ,
    """
    MATCH (review:PoolReview)
    RETURN review.pool AS pool, review.after AS after, review.begun_at AS begun_at ORDER BY begun_at, pool
    """,
    why_scan=_WHY_SCAN,
)
MOVE_REVIEW = Query(
    "deconfliction.move_pool_review",
    Mode.WRITE,
    "MATCH (review:PoolReview {pool: $pool}) SET review.after = $after",
    why_scan=_WHY_SCAN,
)
END_REVIEW = Query(
    "deconfliction.end_pool_review",
    Mode.WRITE,
    "MATCH (review:PoolReview {pool: $pool}) DELETE review",
    why_scan=_WHY_SCAN,
)
