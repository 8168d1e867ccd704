"""Gaps in the authority of actions in the graph: whose may have changed, what they are judged by, what is kept."""

from opsplan.graph.query import Mode, Query

# Those alone that claim their footprint, or have a gap: a draft needs no authority yet.
ACTIONS_IN_QUESTION = Query(
    "scheduling.actions_in_question",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (changed:Record {id: id})
    CALL (changed) {
      MATCH (changed:Action) RETURN changed AS action
      UNION MATCH (changed:Warrant)-[:WARRANT_FOR]->(action:Action) RETURN action
      UNION MATCH (changed:Compound)<-[:AIMS_AT]-(action:Action) RETURN action
      UNION MATCH (changed:Plan)<-[:PLANNED_IN]-(:PlannedAction)-[:PLANS]->(action:Action) RETURN action
      UNION MATCH (changed:Unit)<-[:ASSIGNS]-(planned:PlannedAction)-[:PLANNED_IN]->(:Plan {state: 'PUBLISHED'})
            MATCH (planned)-[:PLANS]->(action:Action) RETURN action
    }
    WITH DISTINCT action, action.state IN $claiming AND action.retired_at IS NULL AS claims
    WHERE claims OR EXISTS { MATCH (action)<-[:LACKS_AUTHORITY]-(:AuthorityGap {state: 'OPEN'}) }
    RETURN action.id AS id, claims ORDER BY id
    """,
)
TO_JUDGE = Query(
    "scheduling.actions_to_judge",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id})-[:PART_OF]->(operation:Operation)
    WHERE action:Action AND operation.retired_at IS NULL
    RETURN action.id AS id, action.name AS name, action.window_start AS start, action.window_end AS end,
           operation.id AS operation_id,
           head(COLLECT {
             MATCH (action)<-[:PLANS]-(:PlannedAction)-[:PLANNED_IN]->(plan:Plan {state: 'PUBLISHED'})
             RETURN plan.id
           }) AS plan_id,
           [(action)<-[:WARRANT_FOR]-(warrant:Warrant) WHERE warrant.retired_at IS NULL
             | [warrant.start, warrant.end]] AS warrants
    ORDER BY id
    """,
)
GAPS = Query(
    "scheduling.authority_gaps",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id}) WHERE action:Action
    RETURN action.id AS action_id, action.owner_id AS owner_id, action.exercise AS exercise,
           [(action)<-[:LACKS_AUTHORITY]-(gap:AuthorityGap) WHERE gap.state = 'OPEN' | properties(gap)] AS gaps
    ORDER BY action_id
    """,
)
CREATE_GAPS = Query(
    "scheduling.create_authority_gaps",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (action:Record {id: row.action_id}) WHERE action:Action
    CREATE (gap:Record:AuthorityGap)-[:LACKS_AUTHORITY]->(action)
    SET gap = row.properties
    """,
)
CHANGE_GAPS = Query(
    "scheduling.change_authority_gaps",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (gap:Record {id: row.id}) WHERE gap:AuthorityGap
    SET gap += row.properties, gap.version = gap.version + 1
    """,
)
