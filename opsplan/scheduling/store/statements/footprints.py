"""What others claim near an operation, as far as it may be known here, and what the operation was told of the rest.

As in `claims`, all who read the operation read what is made from this: so a claim counts where it is OPEN, or where all
of them read it. A blind notice counts where all of them are told the same at commit, which are the agencies that own or
coordinate the operation, or own the action: of an operation that others read, too, it does not.
"""

from opsplan.graph.query import Mode, Query

_KNOWN_HERE = """(c.sensitivity = 'OPEN' OR (mine.sensitivity <> 'OPEN'
           AND all(reader IN mine.read_by WHERE reader = c.owner_id OR reader IN c.read_by)))"""
_NEAR = "entry.end > $start AND entry.start < $end"
# By the index of claims (`opsplan.deconfliction.rules.index`); how near they come is found out exactly afterwards.
CLAIMS_NEAR = Query(
    "scheduling.claims_near",
    Mode.READ,
    f"""
    MATCH (mine:Record {{id: $operation}})
    CALL {{
      MATCH (entry:ClaimEntry) WHERE entry.at IN $numbers AND {_NEAR}
      MATCH (entry)-[:ENTRY_OF]->(c)
      RETURN c
      UNION
      UNWIND $ranges AS range
      MATCH (entry:ClaimEntry) WHERE entry.at >= range[0] AND entry.at <= range[1] AND {_NEAR}
      MATCH (entry)-[:ENTRY_OF]->(c)
      RETURN c
    }}
    WITH mine, c
    WHERE c.exercise = mine.exercise AND c.retired_at IS NULL AND coalesce(c.operation_id, '') <> mine.id
      AND c.end > $start AND c.start < $end AND {_KNOWN_HERE}
    RETURN c.id AS id, c.version AS version, c.name AS name, c.owner_id AS owner_id, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end,
           COLLECT {{
             MATCH (c)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict {{state: 'RESOLVED'}})
                   -[:CONFLICT_OF|CONFLICT_WITH]->(own:Claim {{operation_id: mine.id}})-[:CLAIMED_FOR]->(action:Action)
             RETURN DISTINCT action.id
           }} AS settled_with
    ORDER BY start, end, id
    """,
)
SEPARATIONS = Query(
    "scheduling.separations",
    Mode.READ,
    """
    MATCH (rule:SeparationRule) WHERE rule.retired_at IS NULL
    RETURN rule.first AS first, rule.second AS second, rule.version AS version, rule.distance_m AS distance_m,
           coalesce(rule.buffer_minutes, 0) AS buffer_minutes, rule.severity AS severity
    ORDER BY first, second, version, distance_m, buffer_minutes, severity, rule.id
    """,
    why_scan="There are at most as many rules as pairs of kinds.",
)
# A claim on the whole window of an action says nothing of hours: its notice counts once a published plan places it.
BLIND_NOTICES = Query(
    "scheduling.blind_notices",
    Mode.READ,
    """
    MATCH (mine:Record {id: $operation}) WHERE mine:Operation AND mine.sensitivity <> 'OPEN'
    WITH mine, [mine.owner_id] + [(mine)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS told
    MATCH (mine)<-[:PLAN_FOR]-(:Plan {state: 'PUBLISHED'})<-[:PLANNED_IN]-(:PlannedAction)-[:PLANS]->(action:Action)
    MATCH (action)<-[:CLAIMED_FOR]-(c:Claim)<-[:NOTICE_ON]-(notice:Notice)
    WHERE notice.is_blind AND notice.state <> 'GONE' AND c.retired_at IS NULL
      AND all(reader IN mine.read_by WHERE reader IN told OR reader = notice.owner_id)
    RETURN notice.id AS id, notice.version AS version, action.name AS name, c.id AS claim_id, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end
    ORDER BY start, end, id
    """,
)
