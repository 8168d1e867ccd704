"""What actions take, as the graph has it, and the claims that are kept for them."""

from opsplan.graph.query import Mode, Query

# Where a published plan places an action, its time and units are the plan's, and its mode's needs are what it holds of
# its host country's pools; else its window is all that is known.
FOOTPRINTS = Query(
    "deconfliction.footprints",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id})-[:PART_OF]->(operation:Operation) WHERE action:Action
    OPTIONAL MATCH (action)-[:AIMS_AT]->(compound:Compound)
    WITH action, operation, compound, head(COLLECT {
      MATCH (action)<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan {state: 'PUBLISHED'})
      RETURN planned
    }) AS planned, head([(action)<-[:CLAIMED_FOR]-(claim:Claim) | claim]) AS claim
    WITH action, operation, planned, claim, coalesce(action.location, compound.location) AS place,
         compound.id AS site_id
    RETURN action.id AS id, action.owner_id AS owner_id, action.exercise AS exercise, action.name AS name,
           action.kind AS kind, [place.longitude, place.latitude] AS location,
           coalesce(planned.start, action.window_start) AS start, coalesce(planned.end, action.window_end) AS end,
           action.sensitivity AS sensitivity, operation.sensitivity AS operation_sensitivity,
           operation.read_by AS read_by, operation.id AS operation_id, operation.h_hour AS h_hour,
           site_id,
           action.state IN $claiming AND action.retired_at IS NULL AND operation.retired_at IS NULL
             AND place IS NOT NULL AS stands,
           action.state = 'DONE' AND action.retired_at IS NULL AND operation.retired_at IS NULL AS is_done,
           [(action)-[:CONCERNS]->(target:Target) | target.id] AS targets,
           [(planned)-[:ASSIGNS]->(unit:Unit) | unit.id] AS units,
           coalesce(head([(action)-[:ON_SOIL_OF]->(host:Country) | host.code]),
                    head([(compound)-[:LIES_IN]->(host:Country) | host.code])) AS country,
           [(planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
             WHERE need.retired_at IS NULL | {
               kind: need.resource_kind, language: need.language, amount: need.amount,
               after_start_minutes: coalesce(need.after_start_minutes, 0), held_minutes: need.held_minutes
             }] AS needs,
           properties(claim) AS claim, [(claim)-[:CLAIM_ON]->(target) | target.id] AS claimed_targets,
           [(claim)-[:CLAIMS_UNIT]->(unit) | unit.id] AS claimed_units
    ORDER BY id
    """,
)
# Those alone that claim, or have claimed: a change of a draft is nothing to others.
ACTIONS_CONCERNED = Query(
    "deconfliction.actions_concerned",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (changed:Record {id: id})
    CALL (changed) {
      MATCH (changed:Action) RETURN changed AS action
      UNION MATCH (changed:Operation)<-[:PART_OF]-(action:Action) RETURN action
      UNION MATCH (changed:Participant)-[:PARTICIPATES_IN]->(:Operation)<-[:PART_OF]-(action:Action) RETURN action
      UNION MATCH (changed:Plan)<-[:PLANNED_IN]-(:PlannedAction)-[:PLANS]->(action:Action) RETURN action
      UNION MATCH (changed:Compound)<-[:AIMS_AT]-(action:Action) RETURN action
      UNION MATCH (changed:ResourceNeed)-[:RESOURCE_NEEDED_IN]->(:ActionMode)<-[:IN_MODE]-(:PlannedAction)
                  -[:PLANS]->(action:Action) RETURN action
    }
    WITH DISTINCT action WHERE action.state IN $claiming OR EXISTS { MATCH (action)<-[:CLAIMED_FOR]-(:Claim) }
    RETURN action.id AS id ORDER BY id
    """,
)
CREATE_CLAIMS = Query(
    "deconfliction.create_claims",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (action:Record {id: row.action}) WHERE action:Action
    CREATE (claim:Record:Claim)-[:CLAIMED_FOR]->(action)
    SET claim = row.properties, claim.location = point(row.location)
    WITH claim, row
    CALL (claim, row) { UNWIND row.targets AS id MATCH (other:Record {id: id}) CREATE (claim)-[:CLAIM_ON]->(other) }
    CALL (claim, row) { UNWIND row.units AS id MATCH (other:Record {id: id}) CREATE (claim)-[:CLAIMS_UNIT]->(other) }
    """,
)
CHANGE_CLAIMS = Query(
    "deconfliction.change_claims",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (claim:Record {id: row.id}) WHERE claim:Claim
    SET claim += row.properties, claim.location = point(row.location), claim.version = claim.version + 1
    REMOVE claim:Retired
    WITH claim, row
    CALL (claim) { MATCH (claim)-[tie:CLAIM_ON|CLAIMS_UNIT]->() DELETE tie }
    CALL (claim, row) { UNWIND row.targets AS id MATCH (other:Record {id: id}) CREATE (claim)-[:CLAIM_ON]->(other) }
    CALL (claim, row) { UNWIND row.units AS id MATCH (other:Record {id: id}) CREATE (claim)-[:CLAIMS_UNIT]->(other) }
    """,
)
END_CLAIMS = Query(
    "deconfliction.end_claims",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (claim:Record {id: id}) WHERE claim:Claim
    SET claim += $properties, claim.is_over = true, claim.version = claim.version + 1
    """,
)
WITHDRAW_CLAIMS = Query(
    "deconfliction.withdraw_claims",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (claim:Record {id: id}) WHERE claim:Claim
    SET claim += $properties, claim.version = claim.version + 1, claim:Retired
    """,
)
