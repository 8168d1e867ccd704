"""The statements of orders: what plans ask of units, what was ordered, and what a sheet tells beside that."""

from opsplan.graph.query import Mode, Query
from opsplan.jurisdiction.model import on_duty_posts

_COORDINATORS = "[operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id]"

# What a plan asks of each unit, as it is ordered.
TASKS_OF_UNITS = Query(
    "orders.tasks_of_units",
    Mode.READ,
    """
    MATCH (:Record {id: $plan})<-[:PLANNED_IN]-(planned:PlannedAction)-[:ASSIGNS]->(unit:Unit)
    MATCH (planned)-[:PLANS]->(action:Action), (planned)-[:IN_MODE]->(mode:ActionMode)
    WITH unit, planned, action, mode ORDER BY planned.start, action.id
    RETURN unit.id AS unit_id, unit.owner_id AS owner_id, unit.exercise AS exercise,
           collect({
             action_id: action.id, action: action.name, mode_id: mode.id, mode: mode.name,
             start: planned.start, end: planned.end,
             units: [(planned)-[:ASSIGNS]->(other:Unit) | [other.id, other.name]]
           }) AS tasks
    ORDER BY unit_id
    """,
)
ORDERS_STANDING = Query(
    "orders.standing",
    Mode.READ,
    """
    MATCH (:Record {id: $plan})-[:PLAN_FOR]->(:Operation)<-[:PLAN_FOR]-(earlier:Plan)
    MATCH (earlier)<-[:ORDER_UNDER]-(order:Tasking)
    WHERE order.state <> 'REPLACED'
    MATCH (order)-[:ORDER_TO]->(unit:Unit)
    RETURN unit.id AS unit_id, unit.owner_id AS owner_id, unit.exercise AS exercise, order.id AS id,
           order.state AS state, order.fingerprint AS fingerprint, order.tasks AS tasks
    ORDER BY unit_id
    """,
)
CREATE_ORDERS = Query(
    "orders.create",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $rows AS row
    MATCH (unit:Record {id: row.unit_id})
    CREATE (order:Record:Tasking)-[:ORDER_TO]->(unit), (order)-[:ORDER_UNDER]->(plan)
    SET order = row.properties
    WITH order, row
    CALL (order, row) {
      MATCH (before:Record {id: row.replaces})
      CREATE (order)-[:REPLACES_ORDER]->(before)
    }
    """,
)
CHANGE_ORDERS = Query(
    "orders.change",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (order:Record {id: id}) WHERE order:Tasking
    SET order += $properties, order.version = order.version + 1
    """,
)
CARRY_ORDERS = Query(
    "orders.carry",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $ids AS id
    MATCH (order:Record {id: id})-[under:ORDER_UNDER]->(:Plan)
    DELETE under
    CREATE (order)-[:ORDER_UNDER]->(plan)
    SET order += $properties, order.version = order.version + 1
    """,
)
LOCK_ORDER = Query(
    "orders.lock",
    Mode.WRITE,
    """
    MATCH (order:Record {id: $id}) WHERE order:Tasking
    SET order.lock = true REMOVE order.lock
    WITH order
    MATCH (order)-[:ORDER_TO]->(unit:Unit)
    RETURN order.state AS state, unit.owner_id AS owner_id,
           head([(next:Tasking)-[:REPLACES_ORDER]->(order) | next.id]) AS next
    """,
)
# Of units: which orders hold, by which plans. Without an operation, of all that are not over.
ORDERS_OF_UNITS = Query(
    "orders.of_units",
    Mode.READ,
    f"""
    UNWIND $units AS id
    MATCH (unit:Record {{id: id}})<-[:ORDER_TO]-(order:Tasking) WHERE order.state <> 'REPLACED'
    MATCH (order)-[:ORDER_UNDER]->(plan:Plan)-[:PLAN_FOR]->(operation:Operation)
    WHERE CASE WHEN $operation IS NULL THEN NOT operation.state IN ['CLOSED', 'CANCELLED']
               ELSE operation.id = $operation END
    RETURN unit.id AS unit_id, order.id AS order_id, order.state AS state, order.created_at AS issued_at,
           order.acknowledged_at AS acknowledged_at, order.acknowledged_by AS acknowledged_by,
           order.changes AS changes, plan.id AS plan_id, {_COORDINATORS} AS coordinator_ids,
           coalesce(operation.sensitivity = 'OPEN' OR $agency IN operation.read_by, false) AS is_read
    ORDER BY unit_id, operation.h_hour, order_id
    """,
)
PLAN_HEAD = Query(
    "orders.plan_head",
    Mode.READ,
    f"""
    UNWIND $plans AS id
    MATCH (plan:Record {{id: id}})-[:PLAN_FOR]->(operation:Operation) WHERE plan:Plan
    RETURN plan.id AS plan_id, plan.number AS plan_number, plan.state AS plan_state, plan.published_at AS published_at,
           operation.id AS operation_id, operation.code_name AS operation, operation.state AS operation_state,
           operation.h_hour AS h_hour, coalesce(operation.exercise, false) AS exercise,
           {_COORDINATORS} AS coordinator_ids,
           COLLECT {{
             MATCH (operation)<-[:PARTICIPATES_IN]-(lead:Participant)-[:PARTICIPANT_IS]->(agency:Agency)
             WHERE lead.role = 'LEAD' AND lead.state = 'ACCEPTED' AND lead.retired_at IS NULL
             RETURN agency.id ORDER BY agency.code
           }} AS lead_ids,
           COLLECT {{
             MATCH (operation)<-[:PARTICIPATES_IN]-(host:Participant)-[:PARTICIPANT_IS]->(agency:Agency)
             WHERE host.role = 'HOST' AND host.state = 'ACCEPTED' AND host.retired_at IS NULL
             MATCH (agency)-[:BASED_IN]->(country:Country)
             RETURN [country.code, agency.id] ORDER BY agency.code
           }} AS hosts
    """,
)
# All that a sheet says of what a plan asks, of the places that have one of the units, or that lie in one country.
TASKS = Query(
    "orders.tasks",
    Mode.READ,
    """
    MATCH (:Record {id: $plan})<-[:PLANNED_IN]-(planned:PlannedAction)-[:PLANS]->(action:Action)
    MATCH (planned)-[:IN_MODE]->(mode:ActionMode)
    OPTIONAL MATCH (action)-[:AIMS_AT]->(compound:Compound)
    WITH planned, action, mode, compound,
         coalesce(head([(action)-[:ON_SOIL_OF]->(host:Country) | host]),
                  head([(compound)-[:LIES_IN]->(host:Country) | host])) AS country,
         [(planned)-[:ASSIGNS]->(unit:Unit) | unit] AS units
    WHERE any(unit IN units WHERE unit.id IN $units) OR country.code = $country
    RETURN action.id AS action_id, action.name AS action, action.kind AS kind, action.state AS state,
           action.expected_victims AS expected_victims, mode.name AS mode,
           planned.start AS start, planned.end AS end, planned.time_zone AS time_zone,
           planned.h_offset_minutes AS h_offset_minutes, planned.staffing AS staffing,
           coalesce(action.location, compound.location) AS point, compound.name AS compound,
           country.code AS country, country.name AS country_name,
           head([(action)-[:STARTS_WITH]->(group:SimultaneityGroup) WHERE group.retired_at IS NULL |
             [group.name, coalesce(group.tolerance_minutes, 0)]]) AS group,
           [(mode)<-[:UNIT_NEEDED_IN]-(need:UnitNeed) WHERE need.retired_at IS NULL |
             [need.id, need.unit_kind, need.unit_type]] AS needs,
           COLLECT {
             UNWIND units AS unit
             OPTIONAL MATCH (unit)-[:BELONGS_TO]->(agency:Agency)
             OPTIONAL MATCH (agency)-[:BASED_IN]->(based:Country)
             RETURN {
               unit_id: unit.id, unit: unit.name, kind: unit.kind, agency_id: agency.id, agency: agency.code,
               agency_name: agency.name, country: based.code
             } ORDER BY unit.name, unit.id
           } AS units
    ORDER BY start, action_id
    """,
)
UNITS = Query(
    "orders.units",
    Mode.READ,
    """
    UNWIND $units AS id
    MATCH (unit:Record {id: id}) WHERE unit:Unit
    OPTIONAL MATCH (unit)-[:BELONGS_TO]->(agency:Agency)
    RETURN unit.id AS unit_id, unit.name AS unit, unit.kind AS kind, unit.type AS type, unit.home AS home,
           unit.owner_id AS owner_id, agency.id AS agency_id, agency.code AS agency, agency.name AS agency_name
    """,
)
POSTS_ON_DUTY = Query(
    "orders.posts_on_duty",
    Mode.READ,
    f"""
    UNWIND $pairs AS pair
    MATCH (agency:Record {{id: pair.agency_id}}) WHERE agency:Agency
    CALL (agency, pair) {{
      {on_duty_posts("agency", "pair.at")}
      RETURN post, facts.standing AS standing
    }}
    WITH agency, pair, post, standing ORDER BY agency.id, pair.at, coalesce(post.call_order, 1), post.post
    RETURN agency.id AS agency_id, pair.at AS at, agency.code AS agency, agency.name AS agency_name,
           post.post AS post, post.phone AS phone, post.secure_channel AS secure_channel, post.languages AS languages,
           standing
    """,
)
