"""Claims with all that was made of them, for `opsplan check-graph`."""

from opsplan.deconfliction.store.claims import FACTS, MEANS, SUBJECTS
from opsplan.graph.query import Mode, Query

# In the order of ids, which one index gives.
CLAIM_IDS = Query(
    "deconfliction.claim_ids",
    Mode.READ,
    """
    MATCH (c:Record) USING INDEX c:Record(id) WHERE c.id > $after AND c.id < 'claim`'
    WITH c ORDER BY c.id WHERE c:Claim
    RETURN c.id AS id LIMIT $most
    """,
)
# What hangs on a claim is named by its relationships alone: by their labels a server that does not know yet how many
# there are, as right after thousands came in one commit, would look through all of them for each claim.
CLAIMS_AS_THEY_STAND = Query(
    "deconfliction.claims_as_they_stand",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (c:Record {{id: id}}) WHERE c:Claim
    RETURN {FACTS}, {SUBJECTS}, {MEANS}, c.retired_at IS NULL AS stands,
           COLLECT {{
             MATCH (c)<-[:ENTRY_OF]-(entry)
             RETURN [entry.at, entry.center.longitude, entry.center.latitude, entry.reach_m, entry.start, entry.end]
           }} AS entries,
           COLLECT {{
             MATCH (c)<-[:HOLD_OF]-(hold) RETURN [hold.pool, hold.start, hold.end]
           }} AS holds,
           COLLECT {{
             MATCH (c)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict) WHERE conflict.state <> 'GONE'
             RETURN properties(conflict)
           }} AS conflicts,
           COLLECT {{
             MATCH (c)<-[:NOTICE_ON]-(notice)-[:NOTICE_CALLS]->(contact) WHERE notice.state <> 'GONE'
             RETURN {{
               key: notice.key, is_blind: notice.is_blind, contact_id: contact.id,
               conflict: [(notice)-[:NOTICE_OF]->(told) | told.mark][0]
             }}
           }} AS notices
    """,
)
STRAY_ENTRIES = Query(
    "deconfliction.stray_entries",
    Mode.READ,
    """
    MATCH (entry:ClaimEntry) WHERE NOT EXISTS { (entry)-[:ENTRY_OF]->(:Claim) }
    RETURN count(*) AS count, collect(elementId(entry))[..5] AS some
    """,
    why_scan="opsplan check-graph reads every entry on purpose",
)
STRAY_HOLDS = Query(
    "deconfliction.stray_holds",
    Mode.READ,
    """
    MATCH (hold:ClaimHold) WHERE NOT EXISTS { (hold)-[:HOLD_OF]->(:Claim) }
    RETURN count(*) AS count, collect(elementId(hold))[..5] AS some
    """,
    why_scan="opsplan check-graph reads every hold on purpose",
)
