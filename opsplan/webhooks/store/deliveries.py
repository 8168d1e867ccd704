"""What is sent to endpoints. A delivery keeps which stretch of the feed it tells of, and none of what stands there."""

from opsplan.graph.query import Mode, Query
from opsplan.webhooks.store.endpoints import SECRETS_IN_FORCE

OPEN_DELIVERY = Query(
    "webhooks.open_delivery",
    Mode.WRITE,
    f"""
    MATCH (tail:WebhookTail {{endpoint_id: $endpoint}})-[:TAIL_OF]->(endpoint:WebhookEndpoint)
    SET tail.lock = true REMOVE tail.lock
    WITH tail, endpoint
    WHERE tail.attempt = $attempt AND tail.number = $known_number AND tail.ordinal = $known_ordinal
      AND endpoint.state = 'ACTIVE' AND coalesce(endpoint.nouns, []) = $range.nouns
    SET tail.number = $range.to_number, tail.ordinal = $range.to_ordinal, tail.sequence = tail.sequence + 1
    CREATE (delivery:Record:WebhookDelivery)-[:DELIVERY_TO]->(endpoint)
    CREATE (range:WebhookRange)-[:RANGE_OF]->(delivery)
    CREATE (tail)-[:NEXT_DELIVERY]->(delivery)
    SET delivery = $properties, delivery.sequence = tail.sequence, range = $range
    RETURN tail.sequence AS sequence, endpoint.url AS url, endpoint.failing_since AS failing_since,
           {SECRETS_IN_FORCE} AS secrets
    """,
)
"""No row where its worker is that no more, it is not ACTIVE, or told of something else than was looked for."""
CLOSE_ATTEMPT = Query(
    "webhooks.close_attempt",
    Mode.WRITE,
    """
    MATCH (tail:WebhookTail {endpoint_id: $endpoint})-[:TAIL_OF]->(endpoint:WebhookEndpoint)
    SET tail.lock = true REMOVE tail.lock
    WITH tail, endpoint WHERE tail.attempt = $attempt
    MATCH (tail)-[next:NEXT_DELIVERY]->(delivery:WebhookDelivery {id: $delivery})
    SET delivery += $properties, endpoint += $told
    FOREACH (over IN CASE WHEN delivery.state = 'WAITING' THEN [] ELSE [next] END | DELETE over)
    RETURN true AS kept
    """,
)
DELIVERY = Query(
    "webhooks.delivery",
    Mode.READ,
    f"""
    MATCH (delivery:Record {{id: $delivery}})-[:DELIVERY_TO]->(endpoint:WebhookEndpoint)
    WHERE delivery:WebhookDelivery
    MATCH (range:WebhookRange)-[:RANGE_OF]->(delivery)
    RETURN properties(delivery) AS properties, properties(range) AS range, properties(endpoint) AS endpoint,
           {SECRETS_IN_FORCE} AS secrets
    """,
)
SENT_AGAIN = Query(
    "webhooks.sent_again",
    Mode.WRITE,
    """
    MATCH (delivery:Record {id: $delivery}) WHERE delivery:WebhookDelivery AND delivery.state <> 'WAITING'
    SET delivery += $properties, delivery.attempts = coalesce(delivery.attempts, 0) + 1,
        delivery.delivered_at = CASE WHEN $is_ok THEN coalesce(delivery.delivered_at, $properties.last_attempt_at)
                                     ELSE delivery.delivered_at END,
        delivery.state = CASE WHEN $is_ok THEN 'DELIVERED' ELSE delivery.state END
    """,
)
OLD_DELIVERIES = Query(
    "webhooks.old_deliveries",
    Mode.READ,
    """
    UNWIND ['DELIVERED', 'FAILED', 'WITHDRAWN'] AS state
    MATCH (delivery:WebhookDelivery {state: state}) WHERE delivery.created_at < $before
    RETURN delivery.id AS id LIMIT $most
    """,
)
REMOVE_DELIVERIES = Query(
    "webhooks.remove_deliveries",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (delivery:Record {id: id}) WHERE delivery:WebhookDelivery
    OPTIONAL MATCH (range:WebhookRange)-[:RANGE_OF]->(delivery)
    DETACH DELETE range, delivery
    """,
)
