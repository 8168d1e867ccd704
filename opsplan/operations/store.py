"""The statements of this room that are no single noun's."""

from opsplan.graph.query import Mode, Query

COORDINATORS_OF_PARTICIPANT = Query(
    "operations.coordinators_of_participant",
    Mode.READ,
    """
    MATCH (participant:Record {id: $id})-[:PARTICIPATES_IN]->(operation:Operation)
    RETURN participant.owner_id AS owner_id,
           [operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS coordinator_ids
    """,
)
