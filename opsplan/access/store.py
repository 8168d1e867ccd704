"""What the graph knows of those who ask: agencies by the code that tokens carry."""

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query

AGENCY_BY_CODE = Query(
    "access.agency_by_code",
    Mode.READ,
    "MATCH (agency:Agency {code: $code}) WHERE agency.retired_at IS NULL RETURN agency.id AS id",
)


CLIENT_KEY = Query(
    "access.client_key",
    Mode.READ,
    """
    MATCH (key:AgencyKey {key_id: $key_id}) WHERE key.retired_at IS NULL AND key.use = 'CLIENT'
      AND coalesce(key.end, '9999') > $now
    MATCH (key)-[:KEY_OF]->(agency:Agency) WHERE agency.retired_at IS NULL
    RETURN key.jwk AS jwk, key.name AS name, key.roles AS roles, agency.code AS agency_code
    """,
)


async def agency_id_of(graph: Graph, code: str) -> str | None:
    """Give the id of the agency in force with this code, or None."""
    rows = await graph.read_rows(AGENCY_BY_CODE, {"code": code})
    return str(rows[0][0]) if rows else None
