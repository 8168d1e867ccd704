"""Notices, what is written and agreed about them, and overrides: what is read and written."""

from opsplan.graph.query import Mode, Query
from opsplan.jurisdiction.model import on_duty_posts

VOID = Query(
    "deconfliction.void_resolutions",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:SETTLES]-(resolution:Resolution)
    WHERE resolution.state IN $states
    WITH DISTINCT resolution, resolution.state AS state
    SET resolution += $properties, resolution.version = resolution.version + 1
    RETURN resolution.id AS id, state, resolution.ends AS ends ORDER BY id
    """,
)
CONFLICTS = Query(
    "deconfliction.conflicts",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (k:Record {id: id}) WHERE k:Conflict AND k.state <> 'GONE'
    RETURN properties(k) AS properties ORDER BY id
    """,
)
# A notice, and the conflicts that it stands for: its own, or all those with what one agency has hidden there.
_CONFLICTS = """COLLECT {
      MATCH (notice)-[:NOTICE_OF]->(k:Conflict) RETURN k
      UNION
      MATCH (notice)-[:NOTICE_ON]->(mine:Claim)<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict)
            -[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
      WHERE notice.is_blind AND k.state <> 'GONE' AND c.owner_id = called.id AND c.sensitivity = 'POINTER'
        AND NOT mine.owner_id IN coalesce(c.read_by, [])
      RETURN k
    }"""
NOTICE = Query(
    "deconfliction.notice",
    Mode.READ,
    f"""
    MATCH (notice:Record {{id: $id}})-[:NOTICE_CALLS]->(called:Agency) WHERE notice:Notice
    MATCH (notice)-[:NOTICE_ON]->(claim:Claim)
    WITH notice, called, claim, {_CONFLICTS} AS conflicts
    RETURN properties(notice) AS properties, called.id AS called_id, claim.id AS claim_id,
           [k IN conflicts | properties(k)] AS conflicts
    """,
)
# All notices of conflicts: of both sides, blind ones as well.
NOTICES_OF = Query(
    "deconfliction.notices_of",
    Mode.READ,
    """
    UNWIND $conflicts AS id
    MATCH (k:Record {id: id}) WHERE k:Conflict
    CALL (k) {
      MATCH (k)<-[:NOTICE_OF]-(notice:Notice) RETURN notice
      UNION
      MATCH (k)-[:CONFLICT_OF|CONFLICT_WITH]->(mine:Claim)<-[:NOTICE_ON]-(notice:Notice {is_blind: true})
            -[:NOTICE_CALLS]->(called:Agency)
      MATCH (k)-[:CONFLICT_OF|CONFLICT_WITH]->(hidden:Claim)
      WHERE hidden <> mine AND hidden.owner_id = called.id AND hidden.sensitivity = 'POINTER'
        AND NOT mine.owner_id IN coalesce(hidden.read_by, [])
      RETURN notice
    }
    WITH DISTINCT notice WHERE notice.state <> 'GONE'
    MATCH (notice)-[:NOTICE_ON]->(claim:Claim)
    MATCH (notice)-[:NOTICE_CALLS]->(called:Agency)
    OPTIONAL MATCH (claim)-[:CLAIMED_FOR]->(action:Action)
    RETURN properties(notice) AS properties, claim.id AS claim_id, claim.key AS key, called.id AS called_id,
           action.id AS action_id, action.state AS action_state
    ORDER BY notice.id
    """,
)
# Of notices, those with a conflict that is not resolved yet: a blind one is resolved with the last of its conflicts.
UNRESOLVED = Query(
    "deconfliction.unresolved",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (notice:Record {{id: id}})-[:NOTICE_CALLS]->(called:Agency) WHERE notice:Notice
    WITH notice, called, {_CONFLICTS} AS conflicts
    WHERE any(k IN conflicts WHERE NOT k.state IN ['RESOLVED', 'GONE'])
    RETURN notice.id AS id ORDER BY id
    """,
)
CREATE_RESOLUTION = Query(
    "deconfliction.create_resolution",
    Mode.WRITE,
    """
    CREATE (resolution:Record:Resolution) SET resolution = $properties
    WITH resolution
    CALL (resolution) {
      UNWIND $notices AS id MATCH (notice:Record {id: id}) CREATE (resolution)-[:SETTLES]->(notice)
    }
    CALL (resolution) {
      UNWIND $signers AS id MATCH (agency:Record {id: id}) CREATE (resolution)-[:SIGNED_BY]->(agency)
    }
    CALL (resolution) {
      UNWIND $yields AS id MATCH (agency:Record {id: id}) CREATE (resolution)-[:YIELDS]->(agency)
    }
    """,
)
RESOLUTION = Query(
    "deconfliction.resolution",
    Mode.READ,
    """
    MATCH (resolution:Record {id: $id}) WHERE resolution:Resolution
    RETURN properties(resolution) AS properties,
           [(resolution)-[:SETTLES]->(notice) | notice.id] AS notices,
           [(resolution)-[:SIGNED_BY]->(agency) | {id: agency.id, code: agency.code}] AS signers,
           head([(resolution)-[:YIELDS]->(agency) | agency.id]) AS yields
    """,
)
CHANGE = Query(
    "deconfliction.change_settling",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (n:Record {id: row.id}) WHERE n:Conflict OR n:Notice OR n:Resolution OR n:Override
    SET n += row.properties, n.version = n.version + 1
    """,
)
WRITE_MESSAGE = Query(
    "deconfliction.write_message",
    Mode.WRITE,
    """
    CREATE (message:Record:ConflictMessage) SET message = $properties
    WITH message UNWIND $notices AS id
    MATCH (notice:Record {id: id})
    CREATE (message)-[:WRITTEN_ON]->(notice)
    """,
)
SIDES_BY_CODE = Query(
    "deconfliction.sides_by_code",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (agency:Record {id: id}) WHERE agency:Agency AND agency.code = $code
    RETURN agency.id AS id
    """,
)
# What keeps actions from being activated: notices on their claims that are not resolved, and what they have to yield.
UNSETTLED = Query(
    "deconfliction.unsettled",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id})<-[:CLAIMED_FOR]-(claim:Claim)<-[:NOTICE_ON]-(notice:Notice) WHERE action:Action
    WITH id, action, claim, notice
    WHERE notice.state IN ['SENT', 'ACKNOWLEDGED'] OR (notice.state = 'RESOLVED' AND EXISTS {
      MATCH (notice)<-[:SETTLES]-(resolution:Resolution {state: 'SIGNED'})-[:YIELDS]->(agency:Agency)
      WHERE agency.id = claim.owner_id
    })
    MATCH (notice)-[:NOTICE_CALLS]->(contact)
    RETURN id, action.name AS name, notice.id AS notice_id, notice.state AS state, contact.id AS contact_id,
           contact.code AS contact_code
    ORDER BY id, notice_id
    """,
)
CREATE_OVERRIDE = Query(
    "deconfliction.create_override",
    Mode.WRITE,
    """
    CREATE (override:Record:Override) SET override = $properties
    WITH override
    CALL (override) {
      UNWIND $claims AS id MATCH (claim:Record {id: id}) CREATE (override)-[:OVERRIDES_FOR]->(claim)
    }
    CALL (override) {
      UNWIND $announced AS id MATCH (agency:Record {id: id}) CREATE (override)-[:ANNOUNCED_TO]->(agency)
    }
    """,
)
OVERRIDE = Query(
    "deconfliction.override",
    Mode.READ,
    """
    MATCH (override:Record {id: $id}) WHERE override:Override
    RETURN properties(override) AS properties
    """,
)
# Claims of actions that are cleared to go: nobody passes over them, not in an emergency either.
CLEARED = Query(
    "deconfliction.cleared",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (claim:Record {id: id})-[:CLAIMED_FOR]->(action:Action)
    WHERE claim:Claim AND action.state IN ['ACTIVATED', 'UNDER_WAY']
    RETURN DISTINCT id
    """,
)
NOT_CALLED = Query(
    "deconfliction.not_called",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (notice:Record {id: row.id}) WHERE notice:Notice
    REMOVE notice.to_be_called
    """,
)
# Notices that wait for an answer longer than they should, and overrides that nobody has justified.
LATE = Query(
    "deconfliction.late",
    Mode.READ,
    """
    CALL () {
      MATCH (notice:Notice {state: 'SENT'}) WHERE notice.acknowledge_by <= $now AND notice.escalated_at IS NULL
      RETURN notice.id AS id, 'UNACKNOWLEDGED' AS why, notice.acknowledge_by AS since
      UNION
      MATCH (notice:Notice) WHERE notice.state IN ['SENT', 'ACKNOWLEDGED'] AND notice.settle_by <= $now
        AND notice.escalated_at IS NULL
      RETURN notice.id AS id, 'UNSETTLED' AS why, notice.settle_by AS since
      UNION
      MATCH (notice:Notice {to_be_called: true})
      RETURN notice.id AS id, 'UNTOLD' AS why, notice.created_at AS since
      UNION
      MATCH (override:Override {state: 'UNJUSTIFIED'}) WHERE override.justify_by <= $now
      RETURN override.id AS id, 'UNJUSTIFIED' AS why, override.justify_by AS since
    }
    RETURN id, why ORDER BY since, id LIMIT $most
    """,
)
# Whom a notice goes to next: the posts of its agency that it has not gone to, those on duty first, by call order.
NEXT_POSTS = Query(
    "deconfliction.next_posts",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (notice:Record {{id: id}}) WHERE notice:Notice
    MATCH (agency:Record {{id: notice.owner_id}}) WHERE agency:Agency
    CALL (agency) {{
      {on_duty_posts("agency", "$now")}
      RETURN collect([post, CASE facts.standing WHEN 'ON_DUTY' THEN 0 WHEN 'DEPUTY' THEN 1 ELSE 2 END]) AS named
    }}
    CALL (agency, named) {{
      UNWIND named AS each
      RETURN each[0] AS post, each[1] AS place
      UNION
      MATCH (agency)<-[:CONTACT_OF]-(post:ContactPoint)
      WHERE NOT post:Retired AND NOT any(each IN named WHERE each[0] = post)
      RETURN post, 3 AS place
    }}
    WITH id, notice, post, place WHERE NOT EXISTS {{ (notice)-[:NOTICE_TOLD]->(post) }}
    WITH id, post.id AS post_id, place, coalesce(post.call_order, 1) AS call_order, post.post AS name
    ORDER BY id, place, call_order, name
    RETURN id, collect(post_id) AS posts
    """,
)
WATCH_CENTRES = Query(
    "deconfliction.watch_centres",
    Mode.READ,
    """
    MATCH (agency:Agency {watch_centre: true}) WHERE agency.retired_at IS NULL
    RETURN agency.id AS id, coalesce(agency.exercise, false) AS exercise ORDER BY id
    """,
)
GO_TO = Query(
    "deconfliction.go_to",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (notice:Record {id: row.id}) WHERE notice:Notice
    MATCH (post:Record {id: row.post})
    CREATE (notice)-[:NOTICE_TOLD]->(post)
    """,
)
LATE_NOW = Query(
    "deconfliction.late_now",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (n:Record {id: id}) WHERE n:Notice OR n:Override
    OPTIONAL MATCH (n)-[:NOTICE_OF]->(k:Conflict)
    RETURN id, n:Notice AS is_notice, properties(n) AS properties, k.severity AS severity ORDER BY id
    """,
)
