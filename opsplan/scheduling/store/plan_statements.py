"""The statements that write and read plans."""

from opsplan.graph.query import Mode, Query

NEXT_NUMBER = Query(
    "scheduling.next_plan_number",
    Mode.READ,
    """
    MATCH (operation:Record {id: $operation})
    OPTIONAL MATCH (operation)<-[:PLAN_FOR]-(plan:Plan)
    RETURN coalesce(max(plan.number), 0) + 1 AS number, operation.owner_id AS owner_id,
           operation.exercise AS exercise
    """,
)
# New relationships lock the nodes with few of them at commit; taken before, in one order, nobody waits in a circle.
LOCK_REFERRED = Query(
    "scheduling.lock_referred",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (n:Record {id: id}) WHERE COUNT { (n)--() } < 60
    SET n.lock = true REMOVE n.lock
    """,
)
CREATE_PLAN = Query(
    "scheduling.create_plan",
    Mode.WRITE,
    """
    MATCH (operation:Record {id: $operation})
    CREATE (plan:Record:Plan)-[:PLAN_FOR]->(operation)
    SET plan = $properties
    WITH plan
    CALL (plan) { MATCH (run:Record {id: $run}) CREATE (plan)-[:MADE_BY]->(run) }
    """,
)
IN_MODE_WITH_UNITS = """
    CALL (planned, row) {
      MATCH (mode:Record {id: row.mode_id})
      CREATE (planned)-[:IN_MODE]->(mode)
      RETURN count(*) AS modes
    }
    CALL (planned, row) {
      UNWIND row.unit_ids AS id
      MATCH (unit:Record {id: id})
      CREATE (planned)-[:ASSIGNS]->(unit)
      RETURN count(*) AS units
    }
"""
"""Ties a `planned` action to the mode and the units of its `row`, and counts both."""
CREATE_PLANNED = Query(
    "scheduling.create_planned_actions",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $rows AS row
    CREATE (planned:Record:PlannedAction)-[:PLANNED_IN]->(plan)
    SET planned = row.properties
    WITH planned, row
    CALL (planned, row) {
      MATCH (action:Record {id: row.action_id})
      CREATE (planned)-[:PLANS]->(action)
      RETURN count(*) AS actions
    }
    """
    + IN_MODE_WITH_UNITS
    + """
    RETURN sum(actions) + sum(modes) + sum(units) AS ties
    """,
)
CREATE_UNPLACED = Query(
    "scheduling.create_unplaced_actions",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $rows AS row
    MATCH (action:Record {id: row.action_id})
    CREATE (unplaced:Record:UnplacedAction)
    SET unplaced = row.properties
    CREATE (unplaced)-[:LEFT_OUT_OF]->(plan), (unplaced)-[:LEAVES_OUT]->(action)
    RETURN count(unplaced) AS ties
    """,
)
READ_PLAN = Query(
    "scheduling.read_plan",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan}) WHERE plan:Plan
    MATCH (plan)-[:PLAN_FOR]->(operation:Operation), (plan)-[:MADE_BY]->(run:ScheduleRun)
    RETURN properties(plan) AS properties, operation.id AS operation_id, run.id AS run_id
    """,
)
READ_PLANNED = Query(
    "scheduling.read_planned_actions",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:PLANS]->(action:Action), (planned)-[:IN_MODE]->(mode:ActionMode)
    RETURN action.id AS action_id, action.name AS action_name, mode.id AS mode_id, planned.start AS start,
           planned.end AS end, planned.local_start AS local_start, planned.time_zone AS time_zone,
           planned.h_offset_minutes AS h_offset_minutes, planned.staffing AS staffing, planned.pinned AS pinned
    ORDER BY start, action_name, action_id
    """,
)
PUBLISHED_BEFORE = Query(
    "scheduling.published_before",
    Mode.READ,
    """
    MATCH (operation:Record {id: $operation})<-[:PLAN_FOR]-(plan:Plan {state: 'PUBLISHED'})
    RETURN properties(plan) AS properties
    """,
)
CHANGE_PLAN = Query(
    "scheduling.change_plan",
    Mode.WRITE,
    "MATCH (plan:Record {id: $plan}) WHERE plan:Plan SET plan += $properties",
)
LOCK_PLAN = Query(
    "scheduling.lock_plan",
    Mode.WRITE,
    "MATCH (plan:Record {id: $plan}) WHERE plan:Plan SET plan.lock = true REMOVE plan.lock",
)
LEFT_OUT_AS_REFUSED = Query(
    "scheduling.left_out_as_refused",
    Mode.READ,
    """
    MATCH (:Record {id: $plan})<-[:LEFT_OUT_OF]-(left_out:UnplacedAction)-[:LEAVES_OUT]->(action:Action)
    WHERE $code IN left_out.codes
    RETURN action.id AS action_id, left_out.sentence AS sentence
    """,
)

# The newest plan that is not superseded: the one that people look at first.
NEWEST_PLAN = Query(
    "scheduling.newest_plan",
    Mode.READ,
    """
    MATCH (plan:Plan) WHERE plan.state IN ['DRAFT', 'PROPOSED', 'APPROVED', 'PUBLISHED']
    WITH plan ORDER BY plan.created_at DESC, plan.id LIMIT 1
    MATCH (plan)-[:PLAN_FOR]->(operation:Operation), (plan)-[:MADE_BY]->(run:ScheduleRun)
    RETURN operation.id AS operation_id, run.id AS run_id
    """,
)
PLAN_OF_OPERATION = Query(
    "scheduling.plan_of_operation",
    Mode.READ,
    """
    MATCH (operation:Record {id: $operation})<-[:PLAN_FOR]-(plan:Plan)-[:MADE_BY]->(run:ScheduleRun)
    RETURN operation.id AS operation_id, run.id AS run_id ORDER BY plan.number DESC LIMIT 1
    """,
)
