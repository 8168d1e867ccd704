"""What is read of two plans that become one."""

from opsplan.graph.query import Mode, Query

PLAN = Query(
    "deconfliction.plan_to_join",
    Mode.READ,
    """
    MATCH (claim:Record {id: $id}) WHERE claim:Claim
    OPTIONAL MATCH (claim)-[:CLAIMED_FOR]->(action:Action)-[:PART_OF]->(operation:Operation)
    RETURN action.id AS action_id, operation.id AS operation_id,
           [(claim)-[:CLAIM_ON]->(target:Target) | target.id] AS targets,
           [(claim)-[:CLAIMS_UNIT]->(unit:Unit) | unit.id] AS units,
           [(operation)<-[:PARTICIPATES_IN]-(participant:Participant)
             WHERE participant.retired_at IS NULL AND participant.state IN ['INVITED', 'ACCEPTED']
             | participant.owner_id] AS takes_part
    """,
)
