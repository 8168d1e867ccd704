"""What others claim near an operation, as far as it may be known here, and what the operation was told of the rest.

As in `claims`, all who read the operation read what is made from this: so a claim counts where it is OPEN, or where all
of them read it. A blind notice counts where it is to an agency that runs the operation, which may well plan by what it
was told, and where those who read the operation take part in it: of one that is OPEN, everybody would learn of it.
"""

from opsplan.deconfliction.store.capacity import entries_of_pool
from opsplan.deconfliction.store.hiding import hiding
from opsplan.graph.query import Mode, Query

_KNOWN_HERE = """(c.sensitivity = 'OPEN' OR (mine.sensitivity <> 'OPEN'
           AND all(reader IN mine.read_by WHERE reader = c.owner_id OR reader IN c.read_by)))"""
_MAY_READ = "(c.sensitivity = 'OPEN' OR c.owner_id = $reader OR $reader IN c.read_by)"
_FOOTPRINT = """c.id AS id, c.version AS version, c.name AS name, c.owner_id AS owner_id, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end"""
# By the index of claims (`opsplan.deconfliction.rules.index`); how near they come is found out exactly afterwards.
_FOUND = """
      MATCH (entry:ClaimEntry) USING INDEX SEEK entry:ClaimEntry(at)
      WHERE entry.at IN $numbers AND entry.end > $start AND entry.start < $end
      MATCH (entry)-[:ENTRY_OF]->(c) WHERE c.exercise = {world}
      RETURN c
      UNION
      UNWIND $ranges AS range
      MATCH (entry:ClaimEntry) USING INDEX SEEK entry:ClaimEntry(at) WHERE entry.at >= range[0] AND entry.at <= range[1]
        AND entry.end > $start AND entry.start < $end
      MATCH (entry)-[:ENTRY_OF]->(c) WHERE c.exercise = {world}
      RETURN c
"""
# Where one side is to yield, its action still has to move.
_GO_AHEAD = "how.state = 'SIGNED' AND how.outcome IN ['PROCEED', 'JOINT']"
_STANDS = (
    "notice.is_blind AND notice.state <> 'GONE' "
    f"AND NOT EXISTS {{ MATCH (notice)<-[:SETTLES]-(how:Resolution) WHERE {_GO_AHEAD} }}"
)
_IN_FORCE = "c.retired_at IS NULL AND NOT coalesce(c.is_over, false) AND c.end > $start AND c.start < $end"
CLAIMS_NEAR = Query(
    "scheduling.claims_near",
    Mode.READ,
    f"""
    MATCH (mine:Record {{id: $operation}})
    CALL (mine) {{{_FOUND.format(world="mine.exercise")}}}
    WITH mine, c
    WHERE coalesce(c.operation_id, 'none') <> mine.id AND {_IN_FORCE} AND {_KNOWN_HERE}
    RETURN {_FOOTPRINT},
           COLLECT {{
             MATCH (c)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict {{state: 'RESOLVED'}})
                   -[:CONFLICT_OF|CONFLICT_WITH]->(own:Claim {{operation_id: mine.id}})-[:CLAIMED_FOR]->(action:Action)
             WHERE EXISTS {{ MATCH (conflict)<-[:NOTICE_OF]-(:Notice)<-[:SETTLES]-(how:Resolution) WHERE {_GO_AHEAD} }}
             RETURN DISTINCT action.id
           }} AS settled_with
    ORDER BY start, end, id
    """,
)
# What one agency may read, to be answered to that agency alone.
CLAIMS_NEAR_FOR = Query(
    "scheduling.claims_near_for",
    Mode.READ,
    f"""
    CALL () {{{_FOUND.format(world="$exercise")}}}
    WITH c
    WHERE coalesce(c.operation_id, 'none') <> $operation AND {_IN_FORCE}
      AND {_MAY_READ}
    RETURN {_FOOTPRINT}, [] AS settled_with
    ORDER BY start, end, id
    """,
)
# What claims take of units and of pools. Units of other operations' plans are read with their places (`claims`).
_UNIT_USES = f"""
    UNWIND $units AS id
    MATCH (unit:Record {{id: id}})<-[:CLAIMS_UNIT]-(c:Claim)
    WHERE {_IN_FORCE} AND ($of_actions_too OR NOT EXISTS {{ (c)-[:CLAIMED_FOR]->(:Action) }}) AND {{known}}
    RETURN c.id AS id, unit.id AS unit_id, c.start AS start, c.end AS end
    ORDER BY start, end, id, unit_id
"""
_POOL_USES = f"""
    UNWIND $pools AS pool
    CALL ({{binding}}pool) {{
      MATCH (hold:ClaimHold) USING INDEX hold:ClaimHold(pool, `end`)
      WHERE hold.pool = pool.key AND hold.end > $start
      MATCH (hold)-[:HOLD_OF]->(c)
      WHERE c.retired_at IS NULL AND coalesce(c.operation_id, 'none') <> $operation AND {{known}}
      WITH DISTINCT c ORDER BY c.id
      RETURN collect([c.id, c.start, c.end, c.capacities]) AS held
    }}
    CALL (pool) {{{entries_of_pool("pool", "entry.end > $start")}
    }}
    RETURN pool.country AS country, pool.kind AS kind, pool.language AS language, pool.exercise AS exercise,
           held, available
"""
_MINE = "MATCH (mine:Record {id: $operation})"
UNIT_USES = Query("scheduling.unit_uses", Mode.READ, _MINE + _UNIT_USES.replace("{known}", _KNOWN_HERE))
UNIT_USES_FOR = Query("scheduling.unit_uses_for", Mode.READ, _UNIT_USES.replace("{known}", _MAY_READ))
POOL_USES = Query(
    "scheduling.pool_uses",
    Mode.READ,
    _MINE + _POOL_USES.replace("{binding}", "mine, ").replace("{known}", _KNOWN_HERE),
)
POOL_USES_FOR = Query(
    "scheduling.pool_uses_for",
    Mode.READ,
    _POOL_USES.replace("{binding}", "").replace("{known}", _MAY_READ),
)
MEANS_OF = Query(
    "scheduling.means_of_claim",
    Mode.READ,
    """
    MATCH (c:Record {id: $claim}) WHERE c:Claim
    RETURN c.capacities AS capacities, [(c)-[:CLAIMS_UNIT]->(unit) | unit.id] AS units
    """,
)
# Whose claim it is that met another, and where a plan has what it claims: the published one, else the newest.
_SIDE = f"""
    OPTIONAL MATCH (c)-[:CLAIMED_FOR]->(action:Action)-[:PART_OF]->(operation:Operation)
    RETURN {_FOOTPRINT}, c.exercise AS exercise, action.id AS action_id, operation.id AS operation_id,
           c.retired_at IS NULL AS stands,
           [operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS coordinator_ids,
           head(COLLECT {{
             MATCH (operation)<-[:PLAN_FOR]-(plan:Plan) WHERE plan.state <> 'SUPERSEDED'
             RETURN plan.id ORDER BY plan.state = 'PUBLISHED' DESC, plan.number DESC LIMIT 1
           }}) AS plan_id
    ORDER BY id
"""
SIDES_OF_CONFLICT = Query(
    "scheduling.sides_of_conflict",
    Mode.READ,
    "MATCH (conflict:Record {id: $id})-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim) WHERE conflict:Conflict" + _SIDE,
)
SIDE_OF_NOTICE = Query(
    "scheduling.side_of_notice",
    Mode.READ,
    "MATCH (notice:Record {id: $id})-[:NOTICE_ON]->(c:Claim) WHERE notice:Notice" + _SIDE,
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
    f"""
    MATCH (mine:Record {{id: $operation}}) WHERE mine:Operation AND mine.sensitivity <> 'OPEN'
    WITH mine, [mine.owner_id] + [(mine)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS told
    MATCH (mine)<-[:PLAN_FOR]-(:Plan {{state: 'PUBLISHED'}})<-[:PLANNED_IN]-(:PlannedAction)-[:PLANS]->(action:Action)
    MATCH (action)<-[:CLAIMED_FOR]-(c:Claim)<-[:NOTICE_ON]-(notice:Notice)
    WHERE {_STANDS} AND c.retired_at IS NULL
      AND notice.owner_id IN told
    WITH action, c, notice
    {hiding("c")}
    RETURN notice.id AS id, notice.version AS version, action.name AS name, c.id AS claim_id, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end, resolution, hours,
           c.sensitivity = 'OPEN' AS is_open
    ORDER BY start, end, id
    """,
)
BLIND_NOTICES_FOR = Query(
    "scheduling.blind_notices_for",
    Mode.READ,
    f"""
    MATCH (c:Record {{id: $claim}})<-[:NOTICE_ON]-(notice:Notice {{owner_id: $reader}})
    WHERE {_STANDS}
    WITH c, notice
    {hiding("c")}
    RETURN notice.id AS id, notice.version AS version, c.name AS name, c.id AS claim_id, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end, resolution, hours,
           c.sensitivity = 'OPEN' AS is_open
    ORDER BY id
    """,
)
