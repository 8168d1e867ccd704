"""The statements of approvals: what a plan asks of its hosts, who answers for them, and what they said."""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements import HOST
from opsplan.scheduling.store.statements.parts import GROUP_ID, POINT, UNIT_COUNTRY

PART_ROWS = Query(
    "scheduling.part_rows",
    Mode.READ,
    f"""
    MATCH (:Record {{id: $plan}})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:PLANS]->(action:Action), (planned)-[:IN_MODE]->(mode:ActionMode)
    WITH planned, action, mode, {POINT} AS point
    RETURN action.id AS action_id, action.name AS name, action.kind AS kind,
           [point.longitude, point.latitude] AS point, {HOST} AS country, mode.id AS mode_id, mode.name AS mode,
           planned.start AS start, planned.end AS end,
           {GROUP_ID} AS group_id,
           [(planned)-[:ASSIGNS]->(unit:Unit) | [unit.id, unit.name, {UNIT_COUNTRY}]] AS units
    ORDER BY action_id
    """,
)
GROUPS = Query(
    "scheduling.binding_groups",
    Mode.READ,
    """
    MATCH (:Record {id: $operation})<-[:GROUP_OF]-(group:SimultaneityGroup) WHERE group.retired_at IS NULL
    RETURN group.id AS id, group.name AS name, coalesce(group.tolerance_minutes, 0) AS tolerance_minutes
    ORDER BY id
    """,
)
AUTHORITIES = Query(
    "scheduling.approving_authorities",
    Mode.READ,
    """
    MATCH (:Record {id: $operation})<-[:PARTICIPATES_IN]-(host:Participant)
    WHERE host.role = 'HOST' AND host.state = 'ACCEPTED' AND host.retired_at IS NULL
    MATCH (host)-[:PARTICIPANT_IS]->(agency:Agency)-[:BASED_IN]->(country:Country)
    OPTIONAL MATCH (host)-[:APPROVES_THROUGH]->(named:Agency)
    WITH country, coalesce(named, agency) AS authority
    RETURN DISTINCT country.code AS country, authority.id AS authority_id, authority.code AS authority
    ORDER BY country, authority_id
    """,
)
PUBLISHED_OF_PARTICIPANTS = Query(
    "scheduling.published_plans_of_participants",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})-[:PARTICIPATES_IN]->(operation:Operation)<-[:PLAN_FOR]-(plan:Plan)
    WHERE plan.state = 'PUBLISHED'
    RETURN DISTINCT plan.id AS plan_id, operation.id AS operation_id ORDER BY plan_id
    """,
)
_APPROVAL = """
    MATCH (approval)-[:APPROVAL_OF]->(plan:Plan)-[:PLAN_FOR]->(operation:Operation)
    MATCH (approval)-[:APPROVES_FOR]->(country:Country), (approval)-[:ASKED_OF]->(authority:Agency)
    RETURN properties(approval) AS properties, plan.id AS plan_id, operation.id AS operation_id,
           country.code AS country, authority.id AS authority_id, authority.code AS authority
    ORDER BY country, authority_id
"""
APPROVALS_OF_PLAN = Query(
    "scheduling.approvals_of_plan",
    Mode.READ,
    "MATCH (:Record {id: $plan})<-[:APPROVAL_OF]-(approval:Approval) WHERE NOT approval.state IN ['REPLACED', 'VOID']"
    + _APPROVAL,
)
APPROVAL = Query(
    "scheduling.approval",
    Mode.READ,
    "MATCH (approval:Record {id: $id}) WHERE approval:Approval" + _APPROVAL,
)
APPROVALS_IN_FORCE = Query(
    "scheduling.approvals_in_force",
    Mode.READ,
    """
    MATCH (:Record {id: $operation})<-[:PLAN_FOR]-(:Plan)<-[:APPROVAL_OF]-(approval:Approval)
    WHERE approval.state IN ['APPROVED', 'REPLACED'] AND approval.fingerprint IN $fingerprints
    """
    + _APPROVAL,
)
SIGNED = Query(
    "scheduling.signed_approvals",
    Mode.READ,
    """
    MATCH (:Record {id: $plan})<-[:APPROVAL_OF]-(approval:Approval {state: 'APPROVED'})
    MATCH (approval)-[:APPROVES_FOR]->(country:Country), (approval)-[:ASKED_OF]->(authority:Agency)
    RETURN country.code AS country, authority.code AS authority, approval.document AS document,
           approval.fingerprint AS fingerprint, approval.signature AS signature, approval.key_id AS key_id,
           approval.answered_at AS answered_at,
           head([(authority)<-[:KEY_OF]-(key:AgencyKey) WHERE key.key_id = approval.key_id | key.jwk]) AS jwk
    ORDER BY country, authority
    """,
)
CREATE_APPROVALS = Query(
    "scheduling.create_approvals",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $rows AS row
    CREATE (approval:Record:Approval)-[:APPROVAL_OF]->(plan)
    SET approval = row.properties
    WITH approval, row
    CALL (approval, row) {
      MATCH (country:Country {code: row.country})
      CREATE (approval)-[:APPROVES_FOR]->(country)
      RETURN count(*) AS countries
    }
    CALL (approval, row) {
      MATCH (authority:Record {id: row.authority_id})
      CREATE (approval)-[:ASKED_OF]->(authority)
      RETURN count(*) AS authorities
    }
    CALL (approval, row) {
      UNWIND row.carried_from AS id
      MATCH (earlier:Record {id: id})
      CREATE (approval)-[:CARRIED_FROM]->(earlier)
    }
    RETURN sum(countries) + sum(authorities) AS ties
    """,
)
CHANGE_APPROVAL = Query(
    "scheduling.change_approval",
    Mode.WRITE,
    """
    MATCH (approval:Record {id: $id}) WHERE approval:Approval
    SET approval += $properties, approval.version = approval.version + 1
    WITH approval
    CALL (approval) { MATCH (approval)-[tie:REFUSES]->() WHERE $refused IS NOT NULL DELETE tie }
    CALL (approval) {
      UNWIND $refused AS id MATCH (action:Record {id: id}) CREATE (approval)-[:REFUSES]->(action)
    }
    """,
)
