"""The statement that tells who may grant jurisdiction over something."""

from opsplan.graph.query import Mode, Query

MAY_GRANT = Query(
    "jurisdiction.may_grant",
    Mode.READ,
    """
    MATCH (grant:Jurisdiction:Record {id: $grant_id})-[:OVER]->(over)
    RETURN [each IN labels(over) WHERE NOT each IN ['Record', 'Reference', 'Retired']][0] AS noun, over.id AS over_id,
           coalesce(over.owner_id = $agency_id, false)
           OR EXISTS { (over:Country)<-[:BASED_IN]-(:Agency {id: $agency_id, territorial: true}) }
           OR EXISTS { (over:Compound)-[:LIES_IN|MAY_LIE_IN]->(:Country)
                       <-[:BASED_IN]-(:Agency {id: $agency_id, territorial: true}) } AS may
    """,
)
