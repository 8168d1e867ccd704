"""Claims and their entries, what is near, conflicts and notices."""

from opsplan.deconfliction.rules.wanting import MOST_LINKS, TIP_OFF_HOPS
from opsplan.deconfliction.store.hiding import hiding
from opsplan.graph.query import Mode, Query
from opsplan.records.writing.sequence import HOLDING

FACTS = """c.id AS id, c.owner_id AS owner_id, c.exercise AS exercise, c.kind AS kind,
           [c.location.longitude, c.location.latitude] AS location, c.radius_m AS radius_m, c.outline AS outline,
           c.start AS start, c.end AS end, c.sensitivity AS sensitivity,
           coalesce(c.read_by, []) + coalesce(c.shown_for_release, []) AS read_by,
           c.operation_id AS operation_id, c.h_hour AS h_hour, c.key AS key, c.cover_key AS cover_key,
           coalesce(c.is_over, false) AS is_over"""
SUBJECTS = """c.subjects AS subjects, [(c)-[:CLAIM_ON]->(t:Target) WHERE NOT t:Retired | {
             kind: t.kind, name: t.name, aliases: t.aliases,
             countries: [(t)-[:NATIONAL_OF]->(country) | country.code],
             identifiers: [(t)<-[:IDENTIFIES]-(i:Identifier) WHERE NOT i:Retired | [i.scheme, i.value]]
           }] AS targets"""
MEANS = """[(c)-[:CLAIMS_UNIT]->(used:Unit) | used.id] AS units,
           [(c)-[:CLAIM_ON]->(t:Target) | t.id]
             + [(c)-[:CLAIMED_FOR]->(:Action)-[:AIMS_AT]->(site) | site.id] AS anchors,
           c.capacities AS capacities, c.held_since AS held_since"""
# The other side of a probe: of the same world, in force, and not over before or begun after what is asked for.
_OTHER = """c.exercise = probe.exercise AND c.retired_at IS NULL AND c.end > probe.start AND c.start < probe.end"""

# Claims that a write has touched, with what they were entered as.
CLAIMS = Query(
    "deconfliction.claims",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Claim
    RETURN {FACTS}, {SUBJECTS}, c.shape AS shape, c.cover_shape AS cover_shape, c.shown_to AS shown_to,
           {MEANS},
           c.held AS held,
           c.read_by AS read_by_itself, c.shown_for_release AS shown_for_release, c.shown_as AS shown_as,
           head([(c)-[:CLAIMED_FOR]->(action) | action.id]) AS action_id, c.external_id AS external_id,
           c.retired_at IS NULL AS stands ORDER BY id
    """,
)
TAKE_OUT = Query(
    "deconfliction.take_out",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (c:Record {id: id})<-[:ENTRY_OF|SUBJECT_OF|HOLD_OF]-(entry)
    DETACH DELETE entry
    """,
)
FORGET_SHAPE = Query(
    "deconfliction.forget_shape",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (c:Record {id: id}) WHERE c:Claim
    REMOVE c.shape, c.cover_shape, c.shown_to, c.held, c.held_since
    """,
)
ENTER = Query(
    "deconfliction.enter",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (c:Record {id: row.id}) WHERE c:Claim
    SET c += row.properties
    WITH c, row, point(row.center) AS center
    UNWIND row.entries AS at
    CREATE (entry:ClaimEntry)-[:ENTRY_OF]->(c)
    SET entry = {at: at, center: center, reach_m: row.reach_m, start: row.start, end: row.end, owner_id: c.owner_id}
    """,
)
_FEW_RULES = "There are at most as many rules as pairs of kinds."


def looking_round(entry: str, way: str, *, of_others: bool = False) -> str:
    """Give the Cypher that finds, for each of ``$probes``, what is entered near it: rows of ``probe`` and ``c``.

    Where only others' is looked for, what is the prober's own is left out by the index: who enters thousands of claims
    of one place need not open them all. An index serves what is less or more than something, but not what is other.

    Distances on the sphere differ from those on the ellipsoid by less than one part in a hundred: what is as near as
    that is compared exactly afterwards.
    """
    near = """entry.end > probe.start AND entry.start < probe.end
        AND point.distance(entry.center, probe.center) <= 1.01 * (entry.reach_m + probe.reach_m) + 1.0"""
    by_cell = f"MATCH (entry:{entry}) USING INDEX SEEK entry:{entry}(at)"
    exactly = f"{by_cell} WHERE entry.at IN probe.numbers AND {near}"
    if of_others:
        exactly = f"\n      MATCH (entry)-[:{way}]->(c)\n      RETURN c\n      UNION\n      ".join(
            f"MATCH (entry:{entry}) USING INDEX SEEK entry:{entry}(at, owner_id) "
            f"WHERE entry.at IN probe.numbers AND entry.owner_id {other} probe.owner_id AND {near}"
            for other in "<>"
        )
        near = f"entry.owner_id <> probe.owner_id AND {near}"
    return f"""
    UNWIND $probes AS given
    WITH {{number: given.number, owner_id: given.owner_id, exercise: given.exercise, reach_m: given.reach_m,
           start: given.start, end: given.end, center: point(given.center), numbers: given.numbers,
           ranges: given.ranges}} AS probe
    CALL (probe) {{
      {exactly}
      MATCH (entry)-[:{way}]->(c)
      RETURN c
      UNION
      UNWIND probe.ranges AS range
      {by_cell} WHERE entry.at >= range[0] AND entry.at <= range[1] AND {near}
      MATCH (entry)-[:{way}]->(c)
      RETURN c
    }}"""


_FIND_NEAR = f"""
    {looking_round("ClaimEntry", "ENTRY_OF", of_others=True)}
    WITH probe, c WHERE c.owner_id <> probe.owner_id AND c.exercise = probe.exercise
    WITH probe, c LIMIT $most
"""
NEAR = Query(
    "deconfliction.near", Mode.READ, f"{_FIND_NEAR} RETURN probe.number AS number, {FACTS} ORDER BY number, id"
)
NEAR_COLUMNS = (
    "number", "id", "owner_id", "exercise", "kind", "location", "radius_m", "outline", "start", "end", "sensitivity",
    "read_by", "operation_id", "h_hour", "key", "cover_key", "is_over",
)  # fmt: skip
_NEAR_AS_MAPS = ", ".join(f"{name}: {name}" for name in NEAR_COLUMNS)
_RULES_AND_NEAR = f"""
    CALL () {{
      MATCH (rule:SeparationRule) WHERE rule.retired_at IS NULL
      RETURN collect([rule.id, rule.version]) AS rules
    }}
    CALL () {{
      {_FIND_NEAR}
      WITH probe.number AS number, {FACTS} ORDER BY number, id
      RETURN collect({{{_NEAR_AS_MAPS}}}) AS near
    }}"""
# The same, with the rules that are in force then.
FIND_NEAR = Query("deconfliction.find_near", Mode.READ, f"{_RULES_AND_NEAR} RETURN rules, near", why_scan=_FEW_RULES)
# And the same under the commit sequence: one round trip for all that has to be seen while nobody else commits.
HOLD_AND_FIND_NEAR = Query(
    "deconfliction.hold_and_find_near",
    Mode.WRITE,
    f"""
    {HOLDING}
    WITH sequence
    {_RULES_AND_NEAR}
    {hiding()}
    RETURN rules, near, resolution, hours, sequence.number AS number
    """,
    why_scan=_FEW_RULES,
)
# Under which texts the subjects of claims are found.
ENTER_SUBJECTS = Query(
    "deconfliction.enter_subjects",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (c:Record {id: row.id}) WHERE c:Claim
    UNWIND row.keys AS key
    CREATE (:ClaimSubject {key: key})-[:SUBJECT_OF]->(c)
    """,
)
SHARE_UNITS = Query(
    "deconfliction.share_units",
    Mode.READ,
    f"""
    UNWIND $probes AS probe
    MATCH (mine:Record {{id: probe.id}})-[:CLAIMS_UNIT]->(unit:Unit)<-[:CLAIMS_UNIT]-(c:Claim)
    WHERE c <> mine AND {_OTHER}
    WITH probe, c, collect(unit.id) AS units, collect(unit.name) AS names
    RETURN probe.number AS number, units, names, {FACTS}
    """,
)
SHARE_SUBJECTS = Query(
    "deconfliction.share_subjects",
    Mode.READ,
    f"""
    UNWIND $probes AS probe
    MATCH (subject:ClaimSubject) WHERE subject.key IN probe.keys
    MATCH (subject)-[:SUBJECT_OF]->(c:Claim) WHERE c.owner_id <> probe.owner_id AND {_OTHER}
    WITH DISTINCT probe, c
    RETURN probe.number AS number, {FACTS}, {SUBJECTS}
    """,
)
# What is linked to everybody warns nobody, and is not looked behind.
_FEW_LINKS = f"COUNT {{{{ ({{node}})<-[:LINKS_FROM|LINKS_TO]-() }}}} <= {MOST_LINKS}"
_STEP = f"""((near)<-[:LINKS_FROM|LINKS_TO]-(link:Link)-[:LINKS_FROM|LINKS_TO]->(far)
            WHERE NOT link:Retired AND near <> far
              AND {_FEW_LINKS.format(node="near")} AND {_FEW_LINKS.format(node="far")})"""
# Who begins before the other's H-hour, and not long before it.
_BEFORE_H_HOUR = """c.owner_id <> probe.owner_id AND c.exercise = probe.exercise AND c.retired_at IS NULL AND (
          (coalesce(c.h_hour, c.start) > probe.start AND coalesce(c.h_hour, c.start) < probe.late)
          OR (c.start < probe.strikes AND c.start > probe.early))"""
TIP_OFFS = Query(
    "deconfliction.tip_offs",
    Mode.READ,
    f"""
    UNWIND $probes AS probe
    MATCH (mine:Record {{id: probe.id}})
    CALL (mine) {{
      MATCH (mine)-[:CLAIM_ON]->(start:Target) RETURN start
      UNION MATCH (mine)-[:CLAIMED_FOR]->(:Action)-[:AIMS_AT]->(start:Compound) RETURN start
    }}
    CALL (start) {{
      RETURN start AS stop, [start] AS records, [] AS links
      UNION
      MATCH (start) {_STEP}{{1,{TIP_OFF_HOPS}}} (stop WHERE stop <> start)
      RETURN stop, [start] + far AS records, [each IN link | each.id] AS links
    }}
    CALL (probe, stop) {{
      MATCH (stop)<-[:CLAIM_ON]-(c:Claim) WHERE {_BEFORE_H_HOUR} RETURN c
      UNION MATCH (stop)<-[:AIMS_AT]-(:Action)<-[:CLAIMED_FOR]-(c:Claim) WHERE {_BEFORE_H_HOUR} RETURN c
    }}
    WITH probe, c, [each IN records | each.id] AS path, links, [each IN records | each.name] AS names
    // Of several shortest ways the same one, from whichever end it is looked for.
    ORDER BY size(links), CASE WHEN probe.id < c.id THEN path ELSE reverse(path) END,
             CASE WHEN probe.id < c.id THEN links ELSE reverse(links) END
    WITH probe, c, collect({{path: path, links: links, names: names}})[0] AS way
    RETURN probe.number AS number, way, {FACTS}
    """,
)
# The claims that a change of targets, identifiers and links is one for.
CONCERNED_BY = Query(
    "deconfliction.concerned_by",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (changed:Record {{id: id}})
    CALL (changed) {{
      MATCH (changed:Target)<-[:CLAIM_ON]-(c:Claim) RETURN c
      UNION
      MATCH (changed:Identifier)-[:IDENTIFIES]->(:Target)<-[:CLAIM_ON]-(c:Claim) RETURN c
      UNION
      MATCH (changed:Link)-[:LINKS_FROM|LINKS_TO]->(end WHERE {_FEW_LINKS.format(node="end")})
      MATCH (end) {_STEP}{{0,{TIP_OFF_HOPS - 1}}} (anchor)
      CALL (anchor) {{
        MATCH (anchor)<-[:CLAIM_ON]-(c:Claim) RETURN c
        UNION MATCH (anchor)<-[:AIMS_AT]-(:Action)<-[:CLAIMED_FOR]-(c:Claim) RETURN c
      }}
      RETURN c
      UNION
      // One link too many, and all that was said to run over its end does so no more.
      MATCH (changed:Link)-[:LINKS_FROM|LINKS_TO]->(end)
      MATCH (told:Conflict {{kind: 'TIP_OFF'}})-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
      WHERE NOT {_FEW_LINKS.format(node="end")} AND told.state <> 'GONE' AND told.facts CONTAINS end.id
      RETURN c
    }}
    WITH DISTINCT c WHERE c.retired_at IS NULL
    RETURN c.id AS id ORDER BY id
    """,
)
STANDING = Query(
    "deconfliction.standing",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict)
    RETURN DISTINCT conflict.mark AS mark, properties(conflict) AS properties,
           COLLECT {
             MATCH (conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
             RETURN [c.id, c.owner_id] ORDER BY c.id
           } AS sides
    ORDER BY mark
    """,
)
CHANGE_RECORDS = Query(
    "deconfliction.change_records",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    MATCH (n:Record {id: row.id}) WHERE n:Conflict OR n:Notice
    SET n += row.properties, n.version = n.version + 1
    """,
)
# What one side meets of what is hidden from it, by whom to call.
HIDDEN_MET = Query(
    "deconfliction.hidden_met",
    Mode.READ,
    """
    UNWIND $pairs AS pair
    MATCH (mine:Record {id: pair.claim_id})
    OPTIONAL MATCH (mine)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict:Conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(c:Claim)
    WHERE conflict.state <> 'GONE' AND c.owner_id = pair.contact_id AND c.sensitivity = 'POINTER'
      // An agency's own claims, which may want the same, are not hidden from it.
      AND c.owner_id <> mine.owner_id
      AND NOT mine.owner_id IN coalesce(c.read_by, []) + coalesce(c.shown_for_release, [])
    RETURN pair.claim_id AS claim_id, pair.contact_id AS contact_id, mine.owner_id AS owner_id,
           mine.exercise AS exercise, mine.start AS start, mine.key AS own_key,
           collect(DISTINCT c.cover_key) AS cover_keys
    """,
)
NOTICES = Query(
    "deconfliction.notices",
    Mode.READ,
    """
    UNWIND $marks AS mark
    MATCH (notice:Notice {mark: mark})
    RETURN mark, properties(notice) AS properties
    """,
)
TELL_ANEW = Query(
    "deconfliction.tell_anew",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (notice:Record {id: id})-[told:NOTICE_TOLD]->()
    DELETE told
    """,
)
# Conflicts, and the notices of these and of others; a blind notice is of none in particular.
CREATE_TOLD = Query(
    "deconfliction.create_told",
    Mode.WRITE,
    """
    CALL () {
      UNWIND $conflicts AS row
      MATCH (first:Record {id: row.first}) MATCH (second:Record {id: row.second})
      CREATE (first)<-[:CONFLICT_OF]-(conflict:Record:Conflict)-[:CONFLICT_WITH]->(second)
      SET conflict = row.properties
    }
    CALL () {
      UNWIND $notices AS row
      MATCH (claim:Record {id: row.claim_id}) MATCH (contact:Record {id: row.contact_id})
      CREATE (claim)<-[:NOTICE_ON]-(notice:Record:Notice)-[:NOTICE_CALLS]->(contact)
      SET notice = row.properties
      // Where its agency has no post, nobody is to be called.
      SET notice.to_be_called = CASE WHEN EXISTS {
        MATCH (agency:Record {id: notice.owner_id})<-[:CONTACT_OF]-(post:ContactPoint) WHERE NOT post:Retired
      } THEN true END
      WITH notice, row
      MATCH (conflict:Record {id: row.conflict_id})
      CREATE (notice)-[:NOTICE_OF]->(conflict)
    }
    """,
)
