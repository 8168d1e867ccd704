"""Zones and their entries, what is near, crossings and what is told of them."""

from opsplan.deconfliction.store.claims import FACTS, looking_round
from opsplan.graph.query import Mode, Query

_ZONE_FACTS = """c.id AS id, c.owner_id AS owner_id, c.exercise AS exercise, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end, c.sensitivity AS sensitivity"""

# Zones that a write has touched, with what they were entered as.
ZONES = Query(
    "deconfliction.zones",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Zone
    RETURN {_ZONE_FACTS}, c.shape AS shape, c.retired_at IS NULL AS stands ORDER BY id
    """,
)
TAKE_ZONES_OUT = Query(
    "deconfliction.take_zones_out",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (zone:Record {id: id}) WHERE zone:Zone
    REMOVE zone.shape
    WITH zone
    MATCH (zone)<-[:ZONE_ENTRY_OF]-(entry:ZoneEntry)
    DETACH DELETE entry
    """,
)
ENTER_ZONES = Query(
    "deconfliction.enter_zones",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (zone:Record {id: row.id}) WHERE zone:Zone
    SET zone.shape = row.shape
    WITH zone, row, point(row.center) AS center
    UNWIND row.entries AS at
    CREATE (entry:ZoneEntry)-[:ZONE_ENTRY_OF]->(zone)
    SET entry = {at: at, center: center, reach_m: row.reach_m, start: row.start, end: row.end}
    """,
)
# Which of its own owner's claims a zone binds is a rule of its kind.
ZONES_NEAR = Query(
    "deconfliction.zones_near",
    Mode.READ,
    f"""
    {looking_round("ZoneEntry", "ZONE_ENTRY_OF")}
    WITH probe, c WHERE c.exercise = probe.exercise
    RETURN probe.number AS number, {_ZONE_FACTS}
    """,
)
CLAIMS_NEAR = Query(
    "deconfliction.claims_near_zones",
    Mode.READ,
    f"""
    {looking_round("ClaimEntry", "ENTRY_OF")}
    WITH probe, c WHERE c.exercise = probe.exercise
    RETURN probe.number AS number, {FACTS}
    """,
)
CLAIMS_OF_ACTIONS = Query(
    "deconfliction.claims_of_actions",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:CLAIMED_FOR]-(claim:Claim) WHERE claim.retired_at IS NULL
    RETURN claim.id AS id ORDER BY id
    """,
)
CROSSINGS_OF = Query(
    "deconfliction.crossings_of",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:CROSSING_OF|CROSSES]-(crossing:ZoneCrossing)
    MATCH (claim:Claim)<-[:CROSSING_OF]-(crossing)-[:CROSSES]->(zone:Zone)
    RETURN DISTINCT claim.id AS claim_id, claim.owner_id AS claim_owner_id, zone.id AS zone_id,
           zone.owner_id AS zone_owner_id, properties(crossing) AS properties
    ORDER BY claim_id, zone_id
    """,
)
SIDES_OF_CROSSINGS = Query(
    "deconfliction.sides_of_crossings",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (crossing:Record {id: id}) WHERE crossing:ZoneCrossing
    MATCH (claim:Claim)<-[:CROSSING_OF]-(crossing)-[:CROSSES]->(zone:Zone)
    RETURN claim.id AS claim_id, claim.owner_id AS claim_owner_id, zone.id AS zone_id, zone.owner_id AS zone_owner_id
    """,
)
CREATE_CROSSINGS = Query(
    "deconfliction.create_crossings",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (claim:Record {id: row.claim}) MATCH (zone:Record {id: row.zone})
    CREATE (claim)<-[:CROSSING_OF]-(crossing:Record:ZoneCrossing)-[:CROSSES]->(zone)
    SET crossing = row.properties
    """,
)
CHANGE_CROSSINGS = Query(
    "deconfliction.change_crossings",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (n:Record {id: row.id}) WHERE n:ZoneCrossing OR n:ZoneNotice
    SET n += row.properties, n.version = n.version + 1
    """,
)
DECIDE = Query(
    "deconfliction.decide_crossing",
    Mode.WRITE,
    """
    MATCH (crossing:Record {id: $id}) WHERE crossing:ZoneCrossing
    SET crossing += $properties
    """,
)
ACTION_OF_CROSSING = Query(
    "deconfliction.action_of_crossing",
    Mode.READ,
    """
    MATCH (crossing:Record {id: $id}) WHERE crossing:ZoneCrossing
    MATCH (crossing)-[:CROSSING_OF]->(claim:Claim)
    RETURN head([(claim)-[:CLAIMED_FOR]->(action:Action) | action.state]) AS action_state
    """,
)
# What a claim's owner may ask an agency about: its zones that are open, and those of which it is told whom to call.
TO_ASK_ABOUT = Query(
    "deconfliction.crossings_to_ask_about",
    Mode.READ,
    """
    MATCH (claim:Record {id: $claim}) WHERE claim:Claim
    MATCH (claim)<-[:CROSSING_OF]-(crossing:ZoneCrossing)-[:CROSSES]->(zone:Zone {owner_id: $contact})
    WHERE crossing.state <> 'GONE' AND (zone.sensitivity <> 'SILENT' OR zone.owner_id = claim.owner_id)
    RETURN properties(crossing) AS properties ORDER BY crossing.id
    """,
)
SHOW_CLAIM = Query(
    "deconfliction.show_claim",
    Mode.WRITE,
    """
    MATCH (claim:Record {id: $id}) WHERE claim:Claim
    SET claim += $properties, claim.version = claim.version + 1
    """,
)
COVER_CLAIMS = Query(
    "deconfliction.cover_claims",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (claim:Record {id: id}) WHERE claim:Claim
    REMOVE claim.shown_for_release, claim.shown_as
    """,
)
# An agency's zones that are hidden from a claim's owner, who is told whom to call, by how far their crossings are.
HIDDEN_ZONES_CROSSED = Query(
    "deconfliction.hidden_zones_crossed",
    Mode.READ,
    """
    UNWIND $pairs AS pair
    MATCH (claim:Record {id: pair.record_id})
    OPTIONAL MATCH (claim)<-[:CROSSING_OF]-(crossing:ZoneCrossing)-[:CROSSES]->(zone:Zone)
    WHERE crossing.state <> 'GONE' AND zone.owner_id = pair.contact_id AND zone.sensitivity = 'POINTER'
      AND zone.owner_id <> claim.owner_id
    RETURN pair.record_id AS record_id, pair.contact_id AS contact_id, claim.owner_id AS owner_id,
           claim.exercise AS exercise, collect(crossing.state) AS states
    """,
)
# And claims that are hidden from the owner of a zone of which theirs may not know.
HIDDEN_CLAIMS_CROSSING = Query(
    "deconfliction.hidden_claims_crossing",
    Mode.READ,
    """
    UNWIND $pairs AS pair
    MATCH (zone:Record {id: pair.record_id})
    OPTIONAL MATCH (zone)<-[:CROSSES]-(crossing:ZoneCrossing)-[:CROSSING_OF]->(claim:Claim)
    WHERE crossing.state <> 'GONE' AND claim.owner_id = pair.contact_id AND claim.sensitivity = 'POINTER'
      AND zone.sensitivity = 'SILENT' AND zone.owner_id <> claim.owner_id
      AND NOT zone.owner_id IN coalesce(claim.read_by, []) + coalesce(claim.shown_for_release, [])
    RETURN pair.record_id AS record_id, pair.contact_id AS contact_id, zone.owner_id AS owner_id,
           zone.exercise AS exercise, collect(crossing.state) AS states
    """,
)
ZONE_NOTICES = Query(
    "deconfliction.zone_notices",
    Mode.READ,
    """
    UNWIND $marks AS mark
    MATCH (notice:ZoneNotice {mark: mark})
    RETURN mark, notice.id AS id, notice.state AS state
    """,
)
CREATE_ZONE_NOTICES = Query(
    "deconfliction.create_zone_notices",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (contact:Record {id: row.contact_id})
    CREATE (notice:Record:ZoneNotice)-[:ZONE_NOTICE_CALLS]->(contact)
    SET notice = row.properties
    WITH notice, row
    MATCH (side:Record {id: row.record_id})
    FOREACH (claim IN CASE WHEN side:Claim THEN [side] ELSE [] END | CREATE (notice)-[:ZONE_NOTICE_ON]->(claim))
    FOREACH (zone IN CASE WHEN side:Zone THEN [side] ELSE [] END | CREATE (notice)-[:ZONE_NOTICE_OF]->(zone))
    """,
)
# A zone that is SILENT stops nobody: that it does would tell of it.
UNRELEASED = Query(
    "deconfliction.unreleased_crossings",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (action:Record {id: id})<-[:CLAIMED_FOR]-(claim:Claim)<-[:CROSSING_OF]-(crossing:ZoneCrossing)
    WHERE action:Action AND NOT crossing.state IN ['RELEASED', 'GONE']
    MATCH (crossing)-[:CROSSES]->(zone:Zone)
    WITH action, claim, crossing, zone, zone.sensitivity = 'OPEN' OR zone.owner_id = claim.owner_id AS is_known
    WHERE is_known OR zone.sensitivity = 'POINTER'
    MATCH (owner:Record {id: zone.owner_id})
    RETURN DISTINCT action.id AS action_id, action.name AS action_name, owner.id AS contact_id,
           owner.code AS contact_code,
           CASE WHEN is_known THEN crossing.id END AS crossing_id, CASE WHEN is_known THEN zone.id END AS zone_id,
           CASE WHEN is_known THEN zone.name END AS zone_name, CASE WHEN is_known THEN zone.kind END AS zone_kind,
           CASE WHEN is_known THEN crossing.state END AS state
    ORDER BY action_id, zone_name, zone_id, contact_id
    """,
)
