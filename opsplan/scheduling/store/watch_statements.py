"""The statements that find what of published plans a change concerns, and that mark it.

What a rule is about is an action, a unit, a pool of resources or a group: the subjects. From changed records the first
statements lead to subjects, `TIES_OF_ACTIONS` from actions to the others, and `PLANS_CONCERNED` from subjects to the
places that published plans, of whatever operation, rest on them.
"""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements import HOST

ANY_PUBLISHED = Query(
    "scheduling.any_published_plan",
    Mode.READ,
    "MATCH (plan:Plan {state: 'PUBLISHED'}) RETURN plan.id AS id LIMIT 1",
)
_RESOURCES_OF = """
      MATCH (n) WHERE n:Resource RETURN n AS resource
      UNION
      MATCH (n)-[:CAPACITY_OF|OFFERS_RESOURCE]->(resource:Resource) RETURN resource
      UNION
      MATCH (n)<-[:OFFERED_BY]-(:Offer)-[:OFFERS_RESOURCE]->(resource:Resource) RETURN resource
"""
_ACTIONS_IN = """
      MATCH (country)<-[:ON_SOIL_OF]-(action:Action) RETURN action
      UNION
      MATCH (country)<-[:LIES_IN]-(:Compound)<-[:AIMS_AT]-(action:Action) WHERE NOT (action)-[:ON_SOIL_OF]->()
      RETURN action
"""
ACTIONS_OF_RECORDS = Query(
    "scheduling.actions_of_records",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    CALL (n) {{
      MATCH (n) WHERE n:Action RETURN n AS action
      UNION
      MATCH (n)-[:MODE_OF|WARRANT_FOR|BEFORE|AFTER]->(action:Action) RETURN action
      UNION
      MATCH (n)<-[:STARTS_WITH|AIMS_AT|PART_OF]-(action:Action) RETURN action
      UNION
      MATCH (n)-[:UNIT_NEEDED_IN|RESOURCE_NEEDED_IN]->(:ActionMode)-[:MODE_OF]->(action:Action) RETURN action
      UNION
      MATCH (n)-[:QUIET_HOURS_OF]->(country:Country)
      CALL (country) {{{_ACTIONS_IN}      }}
      RETURN action
    }}
    RETURN DISTINCT action.id AS id
    """,
)
UNITS_OF_RECORDS = Query(
    "scheduling.units_of_records",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (n:Record {id: id})
    CALL (n) {
      MATCH (n) WHERE n:Unit RETURN n AS unit
      UNION
      MATCH (n)-[:ABSENCE_OF|OFFERS]->(unit:Unit) RETURN unit
      UNION
      MATCH (n)<-[:OFFERED_BY]-(:Offer)-[:OFFERS]->(unit:Unit) RETURN unit
      UNION
      MATCH (n)<-[:BELONGS_TO]-(unit:Unit) RETURN unit
      UNION
      MATCH (n)<-[:PLANNED_IN]-(:PlannedAction)-[:ASSIGNS]->(unit:Unit) RETURN unit
    }
    RETURN DISTINCT unit.id AS id
    """,
)
POOLS_OF_RECORDS = Query(
    "scheduling.pools_of_records",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    CALL (n) {{{_RESOURCES_OF}    }}
    MATCH (resource)-[:HELD_IN]->(country:Country)
    RETURN DISTINCT n.id AS record_id, country.code AS country, resource.kind AS kind, resource.language AS language
    UNION
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})<-[:PLANNED_IN]-(planned:PlannedAction)-[:PLANS]->(action:Action)
    MATCH (planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
    RETURN DISTINCT n.id AS record_id, {HOST} AS country, need.resource_kind AS kind, need.language AS language
    """,
)
TIES_OF_ACTIONS = Query(
    "scheduling.ties_of_actions",
    Mode.READ,
    f"""
    UNWIND $actions AS action_id
    MATCH (action:Record {{id: action_id}})
    RETURN {HOST} AS country,
           [(action)-[:STARTS_WITH]->(group:SimultaneityGroup) | group.id] AS groups,
           [(action)<-[:MODE_OF]-(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
             | [need.resource_kind, need.language]] AS needs,
           COLLECT {{
             MATCH (action)<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
             WHERE plan.state = 'PUBLISHED'
             MATCH (planned)-[:ASSIGNS]->(unit:Unit)
             RETURN DISTINCT unit.id
           }} AS units
    """,
)
BOUND_TO = Query(
    "scheduling.bound_to",
    Mode.READ,
    """
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})
    CALL (action) {
      MATCH (action)-[:STARTS_WITH]->(:SimultaneityGroup)<-[:STARTS_WITH]-(other:Action) RETURN other
      UNION
      MATCH (action)<-[:AFTER|BEFORE]-(:Precedence)-[:AFTER|BEFORE]->(other:Action) RETURN other
    }
    RETURN DISTINCT other.id AS id
    """,
)
# A pool is what is offered of it to an operation: whoever shares a resource with it is concerned, and nobody else.
OPERATIONS_SHARING = Query(
    "scheduling.operations_sharing",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    CALL (n) {{{_RESOURCES_OF}      UNION
      MATCH (n)-[:PLAN_FOR]->(:Operation)<-[:PARTICIPATES_IN]-(:Participant)<-[:OFFERED_BY]-(:Offer)
            -[:OFFERS_RESOURCE]->(resource:Resource)
      RETURN resource
    }}
    MATCH (resource)<-[:OFFERS_RESOURCE]-(:Offer)-[:OFFERED_BY]->(:Participant)-[:PARTICIPATES_IN]->(near:Operation)
    RETURN DISTINCT near.id AS id
    UNION
    UNWIND $actions AS action_id
    MATCH (:Record {{id: action_id}})-[:PART_OF]->(own:Operation)
    WITH DISTINCT own
    CALL (own) {{
      RETURN own AS near
      UNION
      MATCH (own)<-[:PARTICIPATES_IN]-(:Participant)<-[:OFFERED_BY]-(:Offer)-[:OFFERS_RESOURCE]->(:Resource)
            <-[:OFFERS_RESOURCE]-(:Offer)-[:OFFERED_BY]->(:Participant)-[:PARTICIPATES_IN]->(near:Operation)
      RETURN near
    }}
    RETURN DISTINCT near.id AS id
    """,
)
PLANS_CONCERNED = Query(
    "scheduling.plans_concerned",
    Mode.READ,
    f"""
    CALL () {{
      UNWIND $actions AS action_id
      MATCH (:Record {{id: action_id}})<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
      WHERE plan.state = 'PUBLISHED'
      RETURN plan, planned
      UNION
      UNWIND $actions AS action_id
      MATCH (:Record {{id: action_id}})-[:PART_OF]->(:Operation)<-[:PLAN_FOR]-(plan:Plan)
      WHERE plan.state = 'PUBLISHED'
      RETURN plan, null AS planned
      UNION
      UNWIND $units AS unit_id
      MATCH (:Record {{id: unit_id}})<-[:ASSIGNS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
      WHERE plan.state = 'PUBLISHED'
      RETURN plan, planned
      UNION
      UNWIND $pools AS pool
      MATCH (country:Country {{code: pool.country}})
      CALL (country) {{{_ACTIONS_IN}      }}
      MATCH (action)<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
      WHERE plan.state = 'PUBLISHED'
      MATCH (planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
      WHERE need.resource_kind = pool.kind AND coalesce(need.language, '') = pool.language
      MATCH (plan)-[:PLAN_FOR]->(sharing:Operation) WHERE sharing.id IN $sharing
      RETURN plan, planned
    }}
    MATCH (plan)-[:PLAN_FOR]->(operation:Operation)
    WHERE operation.retired_at IS NULL AND NOT operation.state IN ['CLOSED', 'CANCELLED']
    OPTIONAL MATCH (planned)-[:PLANS]->(action:Action)
    RETURN plan.id AS plan_id, operation.id AS operation_id, collect(DISTINCT action.id) AS action_ids
    ORDER BY plan_id
    """,
)
SOME_PLACES = Query(
    "scheduling.some_places_of_plan",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan)
    MATCH (planned)-[:IN_MODE]->(mode:ActionMode)
    RETURN action.id AS action_id, action.name AS action_name, mode.id AS mode_id, mode.name AS mode_name,
           planned.start AS start, planned.end AS end, planned.local_start AS local_start,
           planned.time_zone AS time_zone, planned.h_offset_minutes AS h_offset_minutes, planned.staffing AS staffing,
           [(planned)-[:ASSIGNS]->(unit:Unit) | [unit.id, unit.name]] AS units
    ORDER BY start, action_name, action_id
    """,
)
OPEN_BREACHES = Query(
    "scheduling.open_breaches",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})<-[:BREACH_OF]-(breach:PlanBreach) WHERE breach.state = 'OPEN'
    RETURN breach.id AS id, breach.mark AS mark, breach.rule AS rule, breach.facts AS facts,
           [(breach)-[:BREAKS]->(action:Action) | action.id] AS action_ids
    ORDER BY id
    """,
)
MARKED_BREACHES = Query(
    "scheduling.marked_breaches",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})<-[:BREACH_OF]-(breach:PlanBreach)
    RETURN breach.id AS id, breach.rule AS rule, breach.sentence AS sentence,
           [(breach)-[:BREAKS]->(action:Action) | action.id] AS action_ids
    ORDER BY breach.created_at, id
    """,
)
PLANS_OF_OPERATIONS = Query(
    "scheduling.plans_of_operations",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:PLAN_FOR]-(plan:Plan) WHERE plan.state = 'PUBLISHED'
    RETURN plan.id AS id ORDER BY id
    """,
)
OWNER_OF_PLAN = Query(
    "scheduling.owner_of_plan",
    Mode.READ,
    "MATCH (plan:Record {id: $plan}) RETURN plan.owner_id AS owner_id, plan.exercise AS exercise",
)
OWNERS_OF_PLAN = Query(
    "scheduling.owners_of_plan",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})-[:PLAN_FOR]->(operation:Operation)
    RETURN plan.owner_id AS owner_id, plan.exercise AS exercise,
           [operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS coordinator_ids
    """,
)
OWNERS_OF_ACTIONS = Query(
    "scheduling.owners_of_actions",
    Mode.READ,
    """
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})
    RETURN action.id AS action_id,
           [action.owner_id] + COLLECT {
             MATCH (action)<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(:Record {id: $plan})
             MATCH (planned)-[:ASSIGNS]->(unit:Unit)
             RETURN DISTINCT unit.owner_id
           } AS owner_ids
    """,
)
CREATE_BREACHES = Query(
    "scheduling.create_breaches",
    Mode.WRITE,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $rows AS row
    CREATE (breach:Record:PlanBreach)-[:BREACH_OF]->(plan)
    SET breach = row.properties
    WITH breach, row
    CALL (breach, row) {
      UNWIND row.action_ids AS action_id
      MATCH (action:Record {id: action_id})
      CREATE (breach)-[:BREAKS]->(action)
    }
    CALL (breach, row) {
      UNWIND row.told AS agency_id
      MATCH (agency:Record {id: agency_id}) WHERE agency:Agency
      CREATE (breach)-[:TELLS]->(agency)
    }
    """,
)
CHANGE_BREACHES = Query(
    "scheduling.change_breaches",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (breach:Record {id: row.id}) WHERE breach:PlanBreach
    SET breach += row.properties, breach.version = breach.version + 1
    """,
)
# The facts of a breach name the unit that it is about.
BREACHES_ABOUT_UNIT = Query(
    "scheduling.breaches_about_unit",
    Mode.READ,
    """
    MATCH (:Record {id: $unit})<-[:ASSIGNS]-(:PlannedAction)-[:PLANNED_IN]->(plan:Plan)
    WHERE plan.state = 'PUBLISHED'
    WITH DISTINCT plan
    MATCH (plan)<-[:BREACH_OF]-(breach:PlanBreach) WHERE breach.state = 'OPEN' AND breach.facts CONTAINS $unit
    RETURN breach.id AS id, plan.id AS plan_id ORDER BY breach.created_at, id
    """,
)
