"""The statements that keep what is changed in a draft by hand."""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.plan_statements import IN_MODE_WITH_UNITS

_PLACE = """
    UNWIND $rows AS row
    MATCH (:Record {id: row.action_id})<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
    WHERE plan.id = $plan
"""
CHANGE_PLANNED = Query(
    "scheduling.change_planned_actions",
    Mode.WRITE,
    _PLACE
    + """
    SET planned += row.properties, planned.version = planned.version + 1
    WITH planned, row
    CALL (planned) { MATCH (planned)-[old:IN_MODE|ASSIGNS]->() DELETE old }
    """
    + IN_MODE_WITH_UNITS
    + """
    RETURN sum(modes) + sum(units) AS ties
    """,
)
DROP_PLANNED = Query(
    "scheduling.drop_planned_actions",
    Mode.WRITE,
    _PLACE + "DETACH DELETE planned",
)
DROP_UNPLACED = Query(
    "scheduling.drop_unplaced_actions",
    Mode.WRITE,
    """
    UNWIND $actions AS action_id
    MATCH (:Record {id: action_id})<-[:LEAVES_OUT]-(unplaced:UnplacedAction)-[:LEFT_OUT_OF]->(plan:Plan)
    WHERE plan.id = $plan
    DETACH DELETE unplaced
    """,
)
CREATE_EDIT = Query(
    "scheduling.create_edit",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    CREATE (edit:Record:PlanEdit)-[:EDIT_OF]->(plan)
    SET edit = $properties
    WITH edit
    CALL (edit) {
      UNWIND $actions AS action_id
      MATCH (action:Record {id: action_id})
      CREATE (edit)-[:EDITS]->(action)
    }
    """,
)
COUNTS = Query(
    "scheduling.counts_of_plan",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})
    RETURN COUNT { (plan)<-[:EDIT_OF]-() } AS edits, COUNT { (plan)<-[:LEFT_OUT_OF]-() } AS unplaced
    """,
)
EDITS = Query(
    "scheduling.edits",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})<-[:EDIT_OF]-(edit:PlanEdit)
    RETURN edit.id AS id, edit.plan_version AS plan_version, edit.reason AS reason, edit.moves AS moves,
           edit.created_at AS created_at, edit.created_by AS created_by, edit.edited_by AS edited_by
    ORDER BY plan_version
    """,
)
UNIT_NAMES = Query(
    "scheduling.unit_names",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (unit:Record {id: id}) WHERE unit:Unit AND unit.retired_at IS NULL
    RETURN id, unit.name AS name
    """,
)
