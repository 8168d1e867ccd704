"""What other operations' published plans use of the same units and pools, as far as it may be known here.

What is read of an operation is read by all who read the operation. So another one counts where it is OPEN, or where all
of them read that one, too; of what it uses else, its own plan is watched alone (`opsplan.scheduling.service.watch`).
"""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements.parts import HOST, IN_FORCE, POINT

_KNOWN_HERE = """(other.sensitivity = 'OPEN'
           OR (mine.sensitivity <> 'OPEN' AND all(reader IN mine.read_by WHERE reader IN other.read_by)))"""
# Another operation that is closed or cancelled holds nothing any more.
UNIT_CLAIMS = Query(
    "scheduling.unit_claims",
    Mode.READ,
    f"""
    MATCH (mine:Record {{id: $operation}})
    UNWIND $units AS id
    MATCH (unit:Record {{id: id}})<-[:ASSIGNS]-(planned:PlannedAction)
    MATCH (planned)-[:PLANNED_IN]->(plan:Plan)-[:PLAN_FOR]->(other:Operation)
    WHERE plan.state = 'PUBLISHED' AND other.id <> $operation
      AND other.retired_at IS NULL AND NOT other.state IN ['CLOSED', 'CANCELLED']
      AND planned.end > $start AND planned.start < $end AND {_KNOWN_HERE}
    MATCH (planned)-[:PLANS]->(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
    WITH unit, planned, other, action, {POINT} AS point, {HOST} AS country
    WHERE point IS NOT NULL AND country IS NOT NULL
    RETURN planned.id AS id, planned.version AS version, unit.id AS unit_id, other.code_name AS operation_name,
           action.name AS action_name, [point.longitude, point.latitude] AS point, country,
           planned.start AS start, planned.end AS end
    ORDER BY start, end, id, unit_id
    """,
)
RESOURCE_CLAIMS = Query(
    "scheduling.resource_claims",
    Mode.READ,
    f"""
    MATCH (mine:Record {{id: $operation}})
    UNWIND $resources AS id
    MATCH (resource:Record {{id: id}})<-[:OFFERS_RESOURCE]-(offer:Offer)-[:OFFERED_BY]->(participant:Participant)
          -[:PARTICIPATES_IN]->(other:Operation)
    WHERE {IN_FORCE} AND other.id <> $operation AND {_KNOWN_HERE}
      AND other.retired_at IS NULL AND NOT other.state IN ['CLOSED', 'CANCELLED']
    MATCH (resource)-[:HELD_IN]->(country:Country)
    WITH DISTINCT other, country, resource.kind AS kind, resource.language AS language
    MATCH (other)<-[:PLAN_FOR]-(plan:Plan {{state: 'PUBLISHED'}})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
    WHERE need.retired_at IS NULL AND need.resource_kind = kind
      AND coalesce(need.language, '') = coalesce(language, '')
    MATCH (planned)-[:PLANS]->(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
    WITH other, country, kind, language, planned, need, action, {HOST} AS host
    WHERE host = country.code
    RETURN planned.id AS id, planned.version AS version, other.code_name AS operation_name,
           action.name AS action_name, host AS country, kind, language, need.amount AS amount,
           planned.start AS start, need.after_start_minutes AS after_start_minutes,
           need.held_minutes AS held_minutes
    ORDER BY start, id, kind, language, amount, after_start_minutes, held_minutes
    """,
)
