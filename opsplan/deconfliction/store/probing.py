"""How often hidden claims were met, and alerts."""

from opsplan.graph.query import Mode, Query

# Those from before the day are forgotten as soon as another one comes.
COUNT_PROBES = Query(
    "deconfliction.count_probes",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (claim:Record {id: id}) WHERE claim:Claim
    CALL (claim) {
      MATCH (old:ClaimProbe)-[:PROBE_OF]->(claim) WHERE old.at < $since
      DETACH DELETE old
    }
    CREATE (:ClaimProbe {at: $now, agency_id: $agency})-[:PROBE_OF]->(claim)
    WITH claim
    MATCH (probe:ClaimProbe)-[:PROBE_OF]->(claim)
    WITH claim, count(probe) AS times, min(probe.at) AS since, collect(DISTINCT probe.agency_id) AS agencies
    RETURN claim.id AS id, claim.owner_id AS owner_id, claim.exercise AS exercise, times, since, agencies,
           EXISTS { MATCH (claim)<-[:ALERT_ON]-(alert:ProbeAlert) WHERE alert.created_at >= $since } AS is_alerted
    ORDER BY id
    """,
)
CREATE_ALERT = Query(
    "deconfliction.create_alert",
    Mode.WRITE,
    """
    MATCH (claim:Record {id: $claim}) WHERE claim:Claim
    CREATE (claim)<-[:ALERT_ON]-(alert:Record:ProbeAlert) SET alert = $properties
    WITH alert UNWIND $agencies AS id
    MATCH (agency:Record {id: id})
    CREATE (alert)-[:ALERT_ABOUT]->(agency)
    """,
)
