"""The operation itself, its published plan, and what that plan locks."""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements.parts import FIND_OPERATION, OFFERED, Both

OPERATION = Query(
    "scheduling.operation",
    Mode.READ,
    FIND_OPERATION
    + """
    RETURN operation.id AS id, operation.version AS version, operation.code_name AS name,
           operation.h_hour AS h_hour, operation.start AS start, operation.end AS end,
           operation.exercise AS exercise, operation.state AS state, operation.owner_id AS owner_id,
           [(operation)-[:COORDINATED_BY]->(agency:Agency) WHERE agency.retired_at IS NULL | agency.id]
             AS coordinator_ids
    """,
)
# The actions' count is kept by the database; the units' takes a step for each offer.
SIZES = Query(
    "scheduling.sizes",
    Mode.READ,
    FIND_OPERATION
    + f"""
    RETURN COUNT {{ (operation)<-[:PART_OF]-() }} AS actions,
           COUNT {{{OFFERED}      MATCH (offer)-[:OFFERS]->(unit:Unit) RETURN DISTINCT unit }} AS units
    """,
)
_KEPT_PLACE = """
    MATCH (planned)-[:IN_MODE]->(mode:ActionMode)
    RETURN planned.id AS id, planned.version AS version, action.id AS action_id, mode.id AS mode_id,
           planned.start AS start, planned.staffing AS staffing, coalesce(planned.pinned, false) AS pinned
    ORDER BY start, id
"""
_LOCK = (
    """
    WITH planned, action WHERE action.retired_at IS NULL AND action.state IN $locked"""
    + _KEPT_PLACE
)
LOCKS = Both(
    Query(
        "scheduling.locks",
        Mode.READ,
        FIND_OPERATION
        + """
    MATCH (operation)<-[:PLAN_FOR]-(plan:Plan {state: 'PUBLISHED'})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:PLANS]->(action:Action)"""
        + _LOCK,
    ),
    Query(
        "scheduling.locks_of_some",
        Mode.READ,
        """
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
    WHERE action:Action AND plan.state = 'PUBLISHED'"""
        + _LOCK,
    ),
)
# Of a plan that a schedule is made from: what is pinned in it, or all of it, whatever its actions' states.
EARLIER = Query(
    "scheduling.earlier",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PLAN_FOR]-(plan:Plan)<-[:PLANNED_IN]-(planned:PlannedAction)
    WHERE plan.id = $plan AND (planned.pinned OR $whole)
    MATCH (planned)-[:PLANS]->(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play"""
    + _KEPT_PLACE,
)
# A refusal stands, whatever plan it was about, until the authority approves a part that has the action.
REFUSED = Query(
    "scheduling.refused",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PLAN_FOR]-(:Plan)<-[:APPROVAL_OF]-(approval:Approval)-[:REFUSES]->(action:Action)
    WHERE approval.refusals IS NOT NULL
    MATCH (approval)-[:ASKED_OF]->(authority:Agency)
    WHERE NOT EXISTS {
      MATCH (authority)<-[:ASKED_OF]-(later:Approval)-[:APPROVAL_OF]->(:Plan)<-[:PLANNED_IN]-(:PlannedAction)
            -[:PLANS]->(action)
      WHERE later.signature IS NOT NULL AND later.answered_at > approval.answered_at
    }
    WITH action, authority, approval ORDER BY approval.answered_at DESC, approval.id
    WITH action, authority, head(collect(approval.refusals)) AS refusals
    RETURN action.id AS action_id, authority.code AS authority, refusals ORDER BY action_id, authority
    """,
)
PUBLISHED = Query(
    "scheduling.published",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PLAN_FOR]-(plan:Plan {state: 'PUBLISHED'})
    RETURN plan.id AS id, plan.version AS version, 'number ' + toString(plan.number) AS name
    """,
)
