"""Actions in play, with their modes and needs, groups, precedences and warrants, and their hosts' quiet hours."""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements.parts import FIND_OPERATION, GROUP_ID, HOST, POINT, Both, both

_MODES = """
    MATCH (action)<-[:MODE_OF]-(mode:ActionMode) WHERE mode.retired_at IS NULL
"""
ACTIONS = both(
    "actions",
    f"""
    WITH action, {POINT} AS point, {HOST} AS country,
         {GROUP_ID} AS group_id
    RETURN action.id AS id, action.version AS version, action.name AS name, action.kind AS kind,
           action.state AS state, [point.longitude, point.latitude] AS point, country,
           action.window_start AS window_start, action.window_end AS window_end, action.due AS due,
           action.priority AS priority, action.mandatory AS mandatory,
           action.expected_victims AS expected_victims, group_id, action.owner_id AS owner_id
    ORDER BY name, id
    """,
)
MODES = both(
    "modes",
    _MODES
    + """
    RETURN mode.id AS id, mode.version AS version, mode.name AS name, action.id AS action_id,
           mode.duration_minutes AS duration_minutes, mode.cost AS cost
    ORDER BY name, id
    """,
)
UNIT_NEEDS = both(
    "unit_needs",
    _MODES
    + """
    MATCH (mode)<-[:UNIT_NEEDED_IN]-(need:UnitNeed) WHERE need.retired_at IS NULL
    RETURN need.id AS id, need.version AS version, mode.id AS mode_id, need.unit_kind AS kind,
           need.unit_type AS type, need.count AS count, need.languages AS languages
    ORDER BY kind, type, count, languages, id
    """,
)
RESOURCE_NEEDS = both(
    "resource_needs",
    _MODES
    + """
    MATCH (mode)<-[:RESOURCE_NEEDED_IN]-(need:ResourceNeed) WHERE need.retired_at IS NULL
    RETURN need.id AS id, need.version AS version, mode.id AS mode_id, need.resource_kind AS kind,
           need.language AS language, need.amount AS amount,
           need.after_start_minutes AS after_start_minutes, need.held_minutes AS held_minutes
    ORDER BY kind, language, after_start_minutes, held_minutes, amount, id
    """,
)
_GROUP = """
    RETURN group.id AS id, group.version AS version, group.name AS name,
           group.tolerance_minutes AS tolerance_minutes
    ORDER BY name, id
"""
# Of a whole operation those without actions too.
GROUPS = Both(
    Query(
        "scheduling.groups",
        Mode.READ,
        FIND_OPERATION
        + "MATCH (operation)<-[:GROUP_OF]-(group:SimultaneityGroup) WHERE group.retired_at IS NULL"
        + _GROUP,
    ),
    Query(
        "scheduling.groups_of_some",
        Mode.READ,
        """
    UNWIND $actions AS action_id
    MATCH (:Record {id: action_id})-[:STARTS_WITH]->(group:SimultaneityGroup) WHERE group.retired_at IS NULL
    WITH DISTINCT group"""
        + _GROUP,
    ),
)
PRECEDENCES = both(
    "precedences",
    """
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
WARRANTS = both(
    "warrants",
    """
    MATCH (action)<-[:WARRANT_FOR]-(warrant:Warrant) WHERE warrant.retired_at IS NULL
    RETURN warrant.id AS id, warrant.version AS version, action.id AS action_id,
           warrant.start AS start, warrant.end AS end
    ORDER BY start, end, id
    """,
)
COMPOUND = Query(
    "scheduling.compound",
    Mode.READ,
    """
    MATCH (compound:Record {id: $compound}) WHERE compound:Compound AND compound.retired_at IS NULL
    RETURN [compound.location.longitude, compound.location.latitude] AS point,
           head([(compound)-[:LIES_IN]->(host:Country) | host.code]) AS country
    """,
)
PLACES = Query(
    "scheduling.places",
    Mode.READ,
    FIND_OPERATION
    + f"""
    MATCH (operation)<-[:PART_OF]-(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
    WITH {POINT} AS point, {HOST} AS country
    WHERE point IS NOT NULL
    RETURN DISTINCT point.longitude AS longitude, point.latitude AS latitude, country
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
