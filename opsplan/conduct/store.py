"""The statements of this room: who may report of an action, and what was reported of it before."""

from opsplan.graph.query import Mode, Query

# Reports of one action take turns.
LOCK_ACTION = Query(
    "conduct.lock_action",
    Mode.WRITE,
    """
    MATCH (action:Record {id: $id}) WHERE action:Action AND action.retired_at IS NULL
    SET action.lock = true REMOVE action.lock
    WITH action
    MATCH (action)-[:PART_OF]->(operation:Operation)
    OPTIONAL MATCH (action)-[:ON_SOIL_OF]->(own:Country)
    OPTIONAL MATCH (action)-[:AIMS_AT]->(:Compound)-[:LIES_IN]->(compounds:Country)
    WITH action, operation, coalesce(own, compounds) AS country
    RETURN action.state AS state, action.owner_id AS owner_id,
           [operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS coordinator_ids,
           COLLECT {
             MATCH (operation)<-[:PARTICIPATES_IN]-(host:Participant)
             MATCH (host)-[:PARTICIPANT_IS]->(:Agency)-[:BASED_IN]->(country)
             WHERE host.role = 'HOST' AND host.state = 'ACCEPTED' AND host.retired_at IS NULL
             RETURN host.owner_id
           } AS host_ids,
           COLLECT {
             MATCH (action)<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
             WHERE plan.state = 'PUBLISHED'
             MATCH (planned)-[:ASSIGNS]->(unit:Unit)
             RETURN [unit.id, unit.owner_id]
           } AS senders
    """,
)
MOVED_AT = Query(
    "conduct.moved_at",
    Mode.READ,
    """
    MATCH (:Record {id: $action})<-[:REPORTS_ON]-(report:StatusReport) WHERE report.moved
    RETURN max(report.at) AS at
    """,
)
# Corrections of one result take turns.
LOCK_RESULT = Query(
    "conduct.lock_result",
    Mode.WRITE,
    """
    MATCH (result:Record {id: $id}) WHERE result:ReportedResult
    SET result.lock = true REMOVE result.lock
    WITH result
    MATCH (result)-[:RESULT_OF]->(action:Action)
    RETURN properties(result) AS properties, action.id AS action_id,
           head([(result)<-[:CORRECTS]-(by:ReportedResult) | by.id]) AS corrected_by,
           [(result)-[:CORRECTS*0..]->(before:ReportedResult) | before.owner_id] AS reported_by
    """,
)
