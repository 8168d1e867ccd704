"""The statements that read one operation, each set-based; `$operation` is its id.

All begin at the operation (found by the unique index on ids) and follow relationships from there. Orders are by name,
then id: equal graphs give equal problems.
"""

from opsplan.graph.query import Mode, Query

FIND_OPERATION = """
    MATCH (operation:Record {id: $operation}) WHERE operation:Operation AND operation.retired_at IS NULL
"""
_IN_PLAY = (
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PART_OF]-(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
"""
)
_MODES = (
    _IN_PLAY
    + """
    MATCH (action)<-[:MODE_OF]-(mode:ActionMode) WHERE mode.retired_at IS NULL
"""
)

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
# Both counts are kept by the database per node, so asking costs nothing however many there are.
SIZES = Query(
    "scheduling.sizes",
    Mode.READ,
    FIND_OPERATION
    + """
    RETURN COUNT { (operation)<-[:PART_OF]-() } AS actions, COUNT { (operation)<-[:OFFERED_TO]-() } AS units
    """,
)
ACTIONS = Query(
    "scheduling.actions",
    Mode.READ,
    _IN_PLAY
    + """
    OPTIONAL MATCH (action)-[:AIMS_AT]->(compound:Compound)
    WITH action, compound, coalesce(action.location, compound.location) AS point,
         coalesce(head([(action)-[:ON_SOIL_OF]->(country:Country) | country.code]),
                  head([(compound)-[:LIES_IN]->(country:Country) | country.code])) AS country,
         head([(action)-[:STARTS_WITH]->(group:SimultaneityGroup) WHERE group.retired_at IS NULL | group.id])
           AS group_id
    RETURN action.id AS id, action.version AS version, action.name AS name, action.kind AS kind,
           action.state AS state, [point.longitude, point.latitude] AS point, country,
           action.window_start AS window_start, action.window_end AS window_end, action.due AS due,
           action.priority AS priority, action.mandatory AS mandatory,
           action.expected_victims AS expected_victims, group_id
    ORDER BY name, id
    """,
)
MODES = Query(
    "scheduling.modes",
    Mode.READ,
    _MODES
    + """
    RETURN mode.id AS id, mode.version AS version, mode.name AS name, action.id AS action_id,
           mode.duration_minutes AS duration_minutes, mode.cost AS cost
    ORDER BY name, id
    """,
)
UNIT_NEEDS = Query(
    "scheduling.unit_needs",
    Mode.READ,
    _MODES
    + """
    MATCH (mode)<-[:UNIT_NEEDED_IN]-(need:UnitNeed) WHERE need.retired_at IS NULL
    RETURN need.id AS id, need.version AS version, mode.id AS mode_id, need.unit_kind AS kind,
           need.unit_type AS type, need.count AS count, need.languages AS languages
    ORDER BY kind, type, count, languages, id
    """,
)
RESOURCE_NEEDS = Query(
    "scheduling.resource_needs",
    Mode.READ,
    _MODES
    + """
    MATCH (mode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed) WHERE need.retired_at IS NULL
    RETURN need.id AS id, need.version AS version, mode.id AS mode_id, need.resource_kind AS kind,
           need.language AS language, need.amount AS amount,
           need.after_start_minutes AS after_start_minutes, need.held_minutes AS held_minutes
    ORDER BY kind, language, after_start_minutes, held_minutes, amount, id
    """,
)
GROUPS = Query(
    "scheduling.groups",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:GROUP_OF]-(group:SimultaneityGroup) WHERE group.retired_at IS NULL
    RETURN group.id AS id, group.version AS version, group.name AS name,
           group.tolerance_minutes AS tolerance_minutes
    ORDER BY name, id
    """,
)
PRECEDENCES = Query(
    "scheduling.precedences",
    Mode.READ,
    _IN_PLAY
    + """
    MATCH (action)<-[:AFTER]-(precedence:Precedence)-[:BEFORE]->(before:Action)
    WHERE precedence.retired_at IS NULL
    RETURN precedence.id AS id, precedence.version AS version, before.id AS before_id, action.id AS after_id,
           before.name AS before_name,
           CASE WHEN before.retired_at IS NOT NULL THEN 'RETIRED'
                WHEN NOT (before)-[:PART_OF]->(operation) THEN 'in another operation'
                ELSE before.state END AS before_state,
           precedence.min_lag_minutes AS min_lag_minutes, precedence.max_lag_minutes AS max_lag_minutes,
           action.name AS after_name
    ORDER BY before_name, after_name, id
    """,
)
WARRANTS = Query(
    "scheduling.warrants",
    Mode.READ,
    _IN_PLAY
    + """
    MATCH (action)<-[:WARRANT_FOR]-(warrant:Warrant) WHERE warrant.retired_at IS NULL
    RETURN warrant.id AS id, warrant.version AS version, action.id AS action_id,
           warrant.start AS start, warrant.end AS end
    ORDER BY start, end, id
    """,
)
UNITS = Query(
    "scheduling.units",
    Mode.READ,
    FIND_OPERATION
    + """
    CALL (operation) {
      MATCH (operation)<-[:OFFERED_TO]-(unit:Unit) WHERE unit.retired_at IS NULL
      RETURN unit
      UNION
      MATCH (unit:Record) WHERE unit.id IN $bound AND unit:Unit
      RETURN unit
    }
    RETURN unit.id AS id, unit.version AS version, unit.name AS name, unit.kind AS kind, unit.type AS type,
           [unit.home.longitude, unit.home.latitude] AS home,
           head([(unit)-[:BELONGS_TO]->(:Agency)-[:BASED_IN]->(country:Country) | country.code]) AS country,
           unit.permitted_countries AS permitted, unit.languages AS languages,
           unit.max_duty_minutes AS max_duty_minutes, unit.min_rest_minutes AS min_rest_minutes,
           unit.cost_per_hour AS cost_per_hour,
           unit.retired_at IS NULL AND EXISTS { (unit)-[:OFFERED_TO]->(operation) } AS offered
    ORDER BY name, id
    """,
)
ABSENCES = Query(
    "scheduling.absences",
    Mode.READ,
    """
    UNWIND $units AS id
    MATCH (unit:Record {id: id})<-[:ABSENCE_OF]-(absence:UnitAbsence)
    WHERE absence.retired_at IS NULL AND absence.end > $start AND absence.start < $end
    RETURN absence.id AS id, absence.version AS version, unit.id AS unit_id,
           absence.start AS start, absence.end AS end
    ORDER BY start, end, id
    """,
)
RESOURCES = Query(
    "scheduling.resources",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:RESOURCE_OFFERED_TO]-(resource:Resource)-[:HELD_IN]->(country:Country)
    WHERE resource.retired_at IS NULL
    RETURN resource.id AS id, resource.version AS version, resource.name AS name, resource.kind AS kind,
           resource.language AS language, country.code AS country
    ORDER BY name, id
    """,
)
CAPACITIES = Query(
    "scheduling.capacities",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:RESOURCE_OFFERED_TO]-(resource:Resource)<-[:CAPACITY_OF]-(capacity:Capacity)
    WHERE resource.retired_at IS NULL AND capacity.retired_at IS NULL AND capacity.end > $start
    RETURN capacity.id AS id, capacity.version AS version, resource.id AS resource_id,
           capacity.start AS start, capacity.end AS end, capacity.amount AS amount
    ORDER BY start, end, amount, id
    """,
)
QUIET_HOURS = Query(
    "scheduling.quiet_hours",
    Mode.READ,
    """
    UNWIND $countries AS code
    MATCH (country:Country {code: code})<-[:QUIET_HOURS_OF]-(quiet:QuietHours)
    WHERE quiet.retired_at IS NULL AND quiet.exercise = $exercise
    RETURN quiet.id AS id, quiet.version AS version, code AS country, quiet.from_local AS from_local,
           quiet.until_local AS until_local, quiet.action_kinds AS kinds
    ORDER BY country, from_local, until_local, id
    """,
)
# Another operation that is closed or cancelled holds nothing any more.
UNIT_CLAIMS = Query(
    "scheduling.unit_claims",
    Mode.READ,
    """
    UNWIND $units AS id
    MATCH (unit:Record {id: id})<-[:ASSIGNS]-(planned:PlannedAction)
    MATCH (planned)-[:PLANNED_IN]->(plan:Plan)-[:PLAN_FOR]->(other:Operation)
    WHERE plan.state = 'PUBLISHED' AND other.id <> $operation
      AND other.retired_at IS NULL AND NOT other.state IN ['CLOSED', 'CANCELLED']
      AND planned.end > $start AND planned.start < $end
    MATCH (planned)-[:PLANS]->(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
    OPTIONAL MATCH (action)-[:AIMS_AT]->(compound:Compound)
    WITH unit, planned, other, action, coalesce(action.location, compound.location) AS point,
         coalesce(head([(action)-[:ON_SOIL_OF]->(country:Country) | country.code]),
                  head([(compound)-[:LIES_IN]->(country:Country) | country.code])) AS country
    WHERE point IS NOT NULL AND country IS NOT NULL
    RETURN planned.id AS id, planned.version AS version, unit.id AS unit_id, other.code_name AS operation_name,
           action.name AS action_name, [point.longitude, point.latitude] AS point, country,
           planned.start AS start, planned.end AS end
    ORDER BY start, end, id, unit_id
    """,
)
RESOURCE_CLAIMS = Query(
    "scheduling.resource_claims",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:RESOURCE_OFFERED_TO]-(resource:Resource)-[:RESOURCE_OFFERED_TO]->(other:Operation)
    WHERE resource.retired_at IS NULL AND other <> operation
      AND other.retired_at IS NULL AND NOT other.state IN ['CLOSED', 'CANCELLED']
    MATCH (resource)-[:HELD_IN]->(country:Country)
    WITH DISTINCT other, country, resource.kind AS kind, resource.language AS language
    MATCH (other)<-[:PLAN_FOR]-(plan:Plan {state: 'PUBLISHED'})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:IN_MODE]->(:ActionMode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed)
    WHERE need.retired_at IS NULL AND need.resource_kind = kind
      AND coalesce(need.language, '') = coalesce(language, '')
    MATCH (planned)-[:PLANS]->(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
    WITH other, country, kind, language, planned, need, action,
         coalesce(head([(action)-[:ON_SOIL_OF]->(host:Country) | host.code]),
                  head([(action)-[:AIMS_AT]->(:Compound)-[:LIES_IN]->(host:Country) | host.code])) AS host
    WHERE host = country.code
    RETURN planned.id AS id, planned.version AS version, other.code_name AS operation_name,
           action.name AS action_name, host AS country, kind, language, need.amount AS amount,
           planned.start AS start, need.after_start_minutes AS after_start_minutes,
           need.held_minutes AS held_minutes
    ORDER BY start, id, kind, language, amount, after_start_minutes, held_minutes
    """,
)
LOCKS = Query(
    "scheduling.locks",
    Mode.READ,
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PLAN_FOR]-(plan:Plan {state: 'PUBLISHED'})<-[:PLANNED_IN]-(planned:PlannedAction)
    MATCH (planned)-[:PLANS]->(action:Action), (planned)-[:IN_MODE]->(mode:ActionMode)
    WHERE action.retired_at IS NULL AND action.state IN $locked
    RETURN planned.id AS id, planned.version AS version, action.id AS action_id, mode.id AS mode_id,
           planned.start AS start, planned.staffing AS staffing
    ORDER BY start, id
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
FENCE = Query(
    "scheduling.fence",
    Mode.WRITE,
    """
    MERGE (sequence:CommitSequence {id: 1})
    ON CREATE SET sequence.number = 0
    SET sequence.lock = true REMOVE sequence.lock
    RETURN sequence.number AS number
    """,
)
