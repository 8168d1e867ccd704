"""The statements that find what of published plans a change concerns, and that mark it."""

from opsplan.graph.query import Mode, Query

ANY_PUBLISHED = Query(
    "scheduling.any_published_plan",
    Mode.READ,
    "MATCH (plan:Plan {state: 'PUBLISHED'}) RETURN plan.id AS id LIMIT 1",
)

# By what a record is, the ways from it to the places in plans that rest on it; each is empty for all other records.
_RESTS_ON = """
      MATCH (n)<-[:PLANS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)<-[:ASSIGNS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)<-[:IN_MODE]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)-[:ABSENCE_OF|OFFERS]->(:Unit)<-[:ASSIGNS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)<-[:OFFERED_BY]-(:Offer)-[:OFFERS]->(:Unit)<-[:ASSIGNS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)<-[:BELONGS_TO]-(:Unit)<-[:ASSIGNS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)-[:MODE_OF|WARRANT_FOR|BEFORE|AFTER]->(:Action)<-[:PLANS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)<-[:STARTS_WITH|AIMS_AT|PART_OF]-(:Action)<-[:PLANS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)-[:UNIT_NEEDED_IN|RESOURCE_NEEDED_IN]->(:ActionMode)<-[:IN_MODE]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)-[:QUIET_HOURS_OF]->(:Country)<-[:ON_SOIL_OF]-(:Action)<-[:PLANS]-(planned:PlannedAction) RETURN planned
      UNION
      MATCH (n)-[:STARTS_WITH]->(:SimultaneityGroup)<-[:STARTS_WITH]-(:Action)<-[:PLANS]-(planned:PlannedAction)
      RETURN planned
"""
# Of a resource (its capacity, an offer of it, a participant that offers it): what draws on the pool that it is part of.
_RESOURCE_OF = """
      MATCH (n) WHERE n:Resource RETURN n AS resource
      UNION
      MATCH (n)-[:CAPACITY_OF|OFFERS_RESOURCE]->(resource:Resource) RETURN resource
      UNION
      MATCH (n)<-[:OFFERED_BY]-(:Offer)-[:OFFERS_RESOURCE]->(resource:Resource) RETURN resource
"""
_IN_PUBLISHED = """
    WITH DISTINCT planned
    MATCH (planned)-[:PLANNED_IN]->(plan:Plan)-[:PLAN_FOR]->(operation:Operation)
    WHERE plan.state = 'PUBLISHED' AND operation.retired_at IS NULL AND NOT operation.state IN ['CLOSED', 'CANCELLED']
    MATCH (planned)-[:PLANS]->(action:Action)
    WITH plan, operation, collect(DISTINCT action.id) AS action_ids
    RETURN plan.id AS plan_id, operation.id AS operation_id, action_ids
    ORDER BY plan_id
"""
CONCERNED = Query(
    "scheduling.concerned_by_records",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    CALL (n) {{{_RESTS_ON}    }}
    {_IN_PUBLISHED}""",
)
CONCERNED_BY_POOLS = Query(
    "scheduling.concerned_by_pools",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    CALL (n) {{{_RESOURCE_OF}    }}
    MATCH (resource)-[:HELD_IN]->(country:Country)
    WITH DISTINCT country, resource.kind AS kind, coalesce(resource.language, '') AS language
    MATCH (country)<-[:ON_SOIL_OF]-(:Action)<-[:PLANS]-(planned:PlannedAction)-[:IN_MODE]->(:ActionMode)
          <-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
    WHERE need.resource_kind = kind AND coalesce(need.language, '') = language
    {_IN_PUBLISHED}""",
)
NEAR = Query(
    "scheduling.near_in_plan",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})<-[:PLANS]-(planned:PlannedAction)-[:PLANNED_IN]->(plan)
    CALL (plan, action, planned) {
      RETURN planned AS near
      UNION
      MATCH (planned)-[:ASSIGNS]->(:Unit)<-[:ASSIGNS]-(near:PlannedAction)-[:PLANNED_IN]->(plan)
      RETURN near
      UNION
      MATCH (action)-[:STARTS_WITH]->(:SimultaneityGroup)<-[:STARTS_WITH]-(:Action)<-[:PLANS]-(near:PlannedAction)
            -[:PLANNED_IN]->(plan)
      RETURN near
      UNION
      MATCH (action)<-[:AFTER|BEFORE]-(:Precedence)-[:AFTER|BEFORE]->(:Action)<-[:PLANS]-(near:PlannedAction)
            -[:PLANNED_IN]->(plan)
      RETURN near
      UNION
      MATCH (planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
      MATCH (action)-[:ON_SOIL_OF]->(:Country)<-[:ON_SOIL_OF]-(:Action)<-[:PLANS]-(near:PlannedAction)
            -[:PLANNED_IN]->(plan)
      MATCH (near)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(same:ResourceNeed)
      WHERE same.resource_kind = need.resource_kind AND coalesce(same.language, '') = coalesce(need.language, '')
      RETURN near
    }
    WITH DISTINCT near
    MATCH (near)-[:PLANS]->(action:Action), (near)-[:IN_MODE]->(mode:ActionMode)
    RETURN action.id AS action_id, action.name AS action_name, mode.id AS mode_id, mode.name AS mode_name,
           near.start AS start, near.end AS end, near.local_start AS local_start, near.time_zone AS time_zone,
           near.h_offset_minutes AS h_offset_minutes, near.staffing AS staffing,
           [(near)-[:ASSIGNS]->(unit:Unit) | [unit.id, unit.name]] AS units
    ORDER BY start, action_name, action_id
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
OPEN_BREACHES = Query(
    "scheduling.open_breaches",
    Mode.READ,
    """
    MATCH (plan:Record {id: $plan})<-[:BREACH_OF]-(breach:PlanBreach) WHERE breach.state = 'OPEN'
    RETURN breach.id AS id, breach.version AS version, breach.mark AS mark, breach.rule AS rule,
           [(breach)-[:BREAKS]->(action:Action) | action.id] AS action_ids
    ORDER BY id
    """,
)
OWNER_OF_PLAN = Query(
    "scheduling.owner_of_plan",
    Mode.READ,
    "MATCH (plan:Record {id: $plan}) RETURN plan.owner_id AS owner_id, plan.exercise AS exercise",
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
    """,
)
CLEAR_BREACHES = Query(
    "scheduling.clear_breaches",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (breach:Record {id: id}) WHERE breach:PlanBreach
    SET breach += $properties, breach.version = breach.version + 1
    """,
)
