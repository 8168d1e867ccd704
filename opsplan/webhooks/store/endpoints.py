"""Endpoints and their secrets.

A secret is a node beside its endpoint, ``(:WebhookSecret {id, sealed, created_at, expires_at})-[:SECRET_OF]->()``. No
change record, export or answer ever holds it, since it is no property of a record.
"""

from opsplan.graph.query import Mode, Query

_ENDPOINT = "MATCH (endpoint:Record {id: $endpoint}) WHERE endpoint:WebhookEndpoint"

SECRETS_IN_FORCE = """
COLLECT {
  MATCH (secret:WebhookSecret)-[:SECRET_OF]->(endpoint)
  WHERE secret.expires_at IS NULL OR secret.expires_at > $now
  RETURN secret.sealed ORDER BY secret.created_at DESC, secret.id
}"""
"""Of ``endpoint``, at ``$now``: the newest first."""

OWNER = Query(
    "webhooks.owner",
    Mode.READ,
    """
    MATCH (agency:Record {id: $agency}) WHERE agency:Agency AND agency.retired_at IS NULL
    RETURN coalesce(agency.exercise, false) AS exercise,
           COUNT { MATCH (n:WebhookEndpoint {owner_id: $agency}) WHERE n.retired_at IS NULL } AS endpoints
    """,
)
LOCK_OWNER = Query(
    "webhooks.lock_owner",
    Mode.WRITE,
    "MATCH (agency:Record {id: $agency}) WHERE agency:Agency SET agency.lock = true REMOVE agency.lock",
)
CREATE_ENDPOINT = Query(
    "webhooks.create_endpoint",
    Mode.WRITE,
    """
    CREATE (endpoint:Record:WebhookEndpoint)
    CREATE (tail:WebhookTail)-[:TAIL_OF]->(endpoint)
    SET endpoint = $properties,
        tail = {endpoint_id: endpoint.id, number: 0, ordinal: 0, sequence: 0, until_ms: 0}
    """,
)
LOCK_ENDPOINT = Query(
    "webhooks.lock_endpoint",
    Mode.WRITE,
    f"""
    {_ENDPOINT}
    SET endpoint.lock = true REMOVE endpoint.lock
    RETURN properties(endpoint) AS properties
    """,
)
CHANGE_ENDPOINT = Query(
    "webhooks.change_endpoint",
    Mode.WRITE,
    f"{_ENDPOINT} SET endpoint += $properties, endpoint.version = endpoint.version + 1",
)
RETIRE_ENDPOINT = Query(
    "webhooks.retire_endpoint",
    Mode.WRITE,
    f"{_ENDPOINT} SET endpoint:Retired, endpoint += $properties, endpoint.version = endpoint.version + 1",
)
ENDPOINT = Query(
    "webhooks.endpoint",
    Mode.READ,
    f"{_ENDPOINT} RETURN properties(endpoint) AS properties, {SECRETS_IN_FORCE} AS secrets",
)
ADD_SECRET = Query(
    "webhooks.add_secret",
    Mode.WRITE,
    f"""
    {_ENDPOINT}
    CREATE (:WebhookSecret {{id: $id, sealed: $sealed, created_at: $now}})-[:SECRET_OF]->(endpoint)
    """,
)
COUNT_SECRETS = Query(
    "webhooks.count_secrets",
    Mode.READ,
    f"""
    {_ENDPOINT}
    MATCH (secret:WebhookSecret)-[:SECRET_OF]->(endpoint)
    WHERE secret.expires_at IS NULL OR secret.expires_at > $now
    RETURN count(secret) AS count, max(secret.expires_at) AS until
    """,
)
END_SECRETS = Query(
    "webhooks.end_secrets",
    Mode.WRITE,
    f"""
    {_ENDPOINT}
    MATCH (secret:WebhookSecret)-[:SECRET_OF]->(endpoint)
    SET secret.expires_at = CASE WHEN secret.expires_at < $until THEN secret.expires_at ELSE $until END
    WITH secret WHERE secret.expires_at <= $now
    DETACH DELETE secret
    """,
)
"""All that are in force end at ``$until``, if they do not before; those that have ended are removed."""
RETIRE_DELIVERIES = Query(
    "webhooks.retire_deliveries",
    Mode.WRITE,
    f"""
    {_ENDPOINT}
    OPTIONAL MATCH (tail:WebhookTail)-[:TAIL_OF]->(endpoint)
    DETACH DELETE tail
    WITH endpoint
    MATCH (delivery:WebhookDelivery)-[:DELIVERY_TO]->(endpoint)
    SET delivery:Retired, delivery.retired_at = $now,
        delivery.state = CASE WHEN delivery.state = 'WAITING' THEN 'WITHDRAWN' ELSE delivery.state END,
        delivery.next_attempt_at = null
    """,
)
"""With the tail: who tells the endpoint finds that there is none any more, and stops."""
