"""Claims and their entries, what is near, conflicts and notices."""

from opsplan.graph.query import Mode, Query

CLAIM_FACTS = """c.id AS id, c.owner_id AS owner_id, c.exercise AS exercise, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end, c.sensitivity AS sensitivity,
           coalesce(c.read_by, []) + coalesce(c.shown_for_release, []) AS read_by,
           c.operation_id AS operation_id, c.key AS key, c.cover_key AS cover_key"""

# Claims that a write has touched, with what they were entered as.
CLAIMS = Query(
    "deconfliction.claims",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Claim
    RETURN {CLAIM_FACTS}, c.shape AS shape, c.cover_shape AS cover_shape, c.shown_to AS shown_to,
           c.read_by AS read_by_itself, c.shown_for_release AS shown_for_release,
           c.shown_as AS shown_as,
           head([(c)-[:CLAIMED_FOR]->(action) | action.id]) AS action_id, c.retired_at IS NULL AS stands ORDER BY id
    """,
)
TAKE_OUT = Query(
    "deconfliction.take_out",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (c:Record {id: id})<-[:ENTRY_OF]-(entry:ClaimEntry)
    DETACH DELETE entry
    """,
)
FORGET_SHAPE = Query(
    "deconfliction.forget_shape",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (c:Record {id: id}) WHERE c:Claim
    REMOVE c.shape, c.cover_shape, c.shown_to
    """,
)
ENTER = Query(
    "deconfliction.enter",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (c:Record {id: row.id}) WHERE c:Claim
    SET c += row.properties
    WITH c, row, point(row.center) AS center
    UNWIND row.entries AS at
    CREATE (entry:ClaimEntry)-[:ENTRY_OF]->(c)
    SET entry = {at: at, center: center, reach_m: row.reach_m, start: row.start, end: row.end}
    """,
)
RULES_IN_FORCE = Query(
    "deconfliction.rules_in_force",
    Mode.READ,
    """
    MATCH (rule:SeparationRule) WHERE rule.retired_at IS NULL
    RETURN rule.first AS first, rule.second AS second, rule.version AS version, rule.distance_m AS distance_m,
           rule.buffer_minutes AS buffer_minutes, rule.severity AS severity
    """,
    why_scan="There are at most as many rules as pairs of kinds.",
)


def looking_round(entry: str, way: str) -> str:
    """Give the Cypher that finds, for each of ``$probes``, what is entered near it: rows of ``probe`` and ``c``.

    Distances on the sphere differ from those on the ellipsoid by less than one part in a hundred: what is as near as
    that is compared exactly afterwards.
    """
    near = """entry.end > probe.start AND entry.start < probe.end
        AND point.distance(entry.center, probe.center) <= 1.01 * (entry.reach_m + probe.reach_m) + 1.0"""
    return f"""
    UNWIND $probes AS given
    WITH {{number: given.number, owner_id: given.owner_id, exercise: given.exercise, reach_m: given.reach_m,
           start: given.start, end: given.end, center: point(given.center), numbers: given.numbers,
           ranges: given.ranges}} AS probe
    CALL (probe) {{
      MATCH (entry:{entry}) WHERE entry.at IN probe.numbers AND {near}
      MATCH (entry)-[:{way}]->(c)
      RETURN c
      UNION
      UNWIND probe.ranges AS range
      MATCH (entry:{entry}) WHERE entry.at >= range[0] AND entry.at <= range[1] AND {near}
      MATCH (entry)-[:{way}]->(c)
      RETURN c
    }}"""


NEAR = Query(
    "deconfliction.near",
    Mode.READ,
    f"""
    {looking_round("ClaimEntry", "ENTRY_OF")}
    WITH probe, c WHERE c.owner_id <> probe.owner_id AND c.exercise = probe.exercise
    RETURN probe.number AS number, {CLAIM_FACTS}
    """,
)
STANDING = Query(
    "deconfliction.standing",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict)
    RETURN DISTINCT conflict.mark AS mark, properties(conflict) AS properties,
           COLLECT {
             MATCH (conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
             RETURN [c.id, c.owner_id] ORDER BY c.id
           } AS sides
    ORDER BY mark
    """,
)
CREATE_CONFLICTS = Query(
    "deconfliction.create_conflicts",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (first:Record {id: row.first}) MATCH (second:Record {id: row.second})
    CREATE (first)<-[:CONFLICT_OF]-(conflict:Record:Conflict)-[:CONFLICT_WITH]->(second)
    SET conflict = row.properties
    """,
)
CHANGE_RECORDS = Query(
    "deconfliction.change_records",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (n:Record {id: row.id}) WHERE n:Conflict OR n:Notice
    SET n += row.properties, n.version = n.version + 1
    """,
)
# What one side meets of what is hidden from it, by whom to call.
HIDDEN_MET = Query(
    "deconfliction.hidden_met",
    Mode.READ,
    """
    UNWIND $pairs AS pair
    MATCH (mine:Record {id: pair.claim_id})
    OPTIONAL MATCH (mine)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
    WHERE conflict.state <> 'GONE' AND c.owner_id = pair.contact_id AND c.sensitivity = 'POINTER'
      AND NOT mine.owner_id IN coalesce(c.read_by, []) + coalesce(c.shown_for_release, [])
    RETURN pair.claim_id AS claim_id, pair.contact_id AS contact_id, mine.owner_id AS owner_id,
           mine.exercise AS exercise, collect(DISTINCT c.cover_key) AS cover_keys
    """,
)
NOTICES = Query(
    "deconfliction.notices",
    Mode.READ,
    """
    UNWIND $marks AS mark
    MATCH (notice:Notice {mark: mark})
    RETURN mark, notice.id AS id, notice.state AS state, notice.key AS key
    """,
)
CREATE_NOTICES = Query(
    "deconfliction.create_notices",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (claim:Record {id: row.claim_id}) MATCH (contact:Record {id: row.contact_id})
    CREATE (claim)<-[:NOTICE_ON]-(notice:Record:Notice)-[:NOTICE_CALLS]->(contact)
    SET notice = row.properties
    WITH notice, row
    MATCH (conflict:Record {id: row.conflict_id})
    CREATE (notice)-[:NOTICE_OF]->(conflict)
    """,
)
