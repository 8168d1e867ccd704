"""How far each endpoint was told, and who tells it.

A tail is a node beside its endpoint: the place in the feed behind which the next message begins, the number of the
last message, the message that is under way (``NEXT_DELIVERY``, one at most), and a lease (worker, attempt, until_ms) by
which one worker of all tells the endpoint. Its time is Neo4j's, so that the clocks of several machines do not matter.
What a worker writes holds only while the tail carries its attempt.
"""

from opsplan.graph.query import Mode, Query
from opsplan.webhooks.store.endpoints import SECRETS_IN_FORCE

_MINE = """
    MATCH (tail:WebhookTail {endpoint_id: $endpoint})-[:TAIL_OF]->(endpoint:WebhookEndpoint)
    SET tail.lock = true REMOVE tail.lock
    WITH tail, endpoint WHERE tail.attempt = $attempt
"""

FREE_TAILS = Query(
    "webhooks.free_tails",
    Mode.READ,
    """
    MATCH (endpoint:WebhookEndpoint {state: 'ACTIVE'})<-[:TAIL_OF]-(tail:WebhookTail)
    WHERE tail.until_ms < timestamp()
    RETURN endpoint.id AS id ORDER BY id LIMIT $most
    """,
)
LOCK_TAILS = Query(
    "webhooks.lock_tails",
    Mode.WRITE,
    """
    UNWIND $endpoints AS id
    MATCH (tail:WebhookTail {endpoint_id: id})
    SET tail.lock = true REMOVE tail.lock
    """,
)
CLAIM_TAILS = Query(
    "webhooks.claim_tails",
    Mode.WRITE,
    """
    UNWIND $endpoints AS id
    MATCH (tail:WebhookTail {endpoint_id: id}) WHERE tail.until_ms < timestamp()
    SET tail.worker = $worker, tail.attempt = $attempt, tail.until_ms = timestamp() + $lease_ms
    RETURN id
    """,
)
RENEW_TAILS = Query(
    "webhooks.renew_tails",
    Mode.WRITE,
    """
    UNWIND $endpoints AS id
    MATCH (tail:WebhookTail {endpoint_id: id})
    SET tail.lock = true REMOVE tail.lock
    WITH tail, id WHERE tail.attempt = $attempt
    SET tail.until_ms = timestamp() + $lease_ms
    RETURN id
    """,
)
LEAVE_TAIL = Query("webhooks.leave_tail", Mode.WRITE, f"{_MINE} SET tail.until_ms = 0 REMOVE tail.worker, tail.attempt")
MOVE_TAIL = Query(
    "webhooks.move_tail",
    Mode.WRITE,
    f"""
    {_MINE} AND tail.number = $known_number AND tail.ordinal = $known_ordinal
      AND coalesce(endpoint.nouns, []) = $nouns
    SET tail.number = $number, tail.ordinal = $ordinal
    RETURN true AS moved
    """,
)
"""Past what the endpoint is not told of."""
BEGIN_TAIL = Query(
    "webhooks.begin_tail",
    Mode.WRITE,
    """
    MATCH (tail:WebhookTail {endpoint_id: $endpoint})
    SET tail.number = $number, tail.ordinal = $ordinal
    WITH tail
    MATCH (tail)-[next:NEXT_DELIVERY]->(delivery:WebhookDelivery)
    SET delivery.state = 'WITHDRAWN', delivery.next_attempt_at = null
    DELETE next
    """,
)
"""From a place on, whatever was still to be told."""
HURRY = Query(
    "webhooks.hurry",
    Mode.WRITE,
    """
    MATCH (:WebhookTail {endpoint_id: $endpoint})-[:NEXT_DELIVERY]->(delivery:WebhookDelivery)
    SET delivery.next_attempt_at = $now
    """,
)
HEAD = Query(
    "webhooks.head",
    Mode.READ,
    f"""
    MATCH (tail:WebhookTail {{endpoint_id: $endpoint, attempt: $attempt}})
    MATCH (tail)-[:TAIL_OF]->(endpoint:WebhookEndpoint {{state: 'ACTIVE'}})
    RETURN tail.number AS number, tail.ordinal AS ordinal, endpoint.owner_id AS owner_id,
           coalesce(endpoint.nouns, []) AS nouns, endpoint.url AS url, coalesce(endpoint.exercise, false) AS exercise,
           endpoint.failing_since AS failing_since, {SECRETS_IN_FORCE} AS secrets,
           COLLECT {{
             MATCH (endpoint)<-[:DELIVERY_TO]-(delivery:WebhookDelivery {{state: 'WAITING'}})
             MATCH (range:WebhookRange)-[:RANGE_OF]->(delivery)
             RETURN {{
               id: delivery.id, sequence: delivery.sequence, attempts: delivery.attempts,
               made_at: delivery.created_at, next_attempt_at: delivery.next_attempt_at, range: properties(range)
             }}
           }} AS waiting
    """,
)
"""All that its worker has to know of an endpoint; no row where it is its worker no more, or the endpoint not ACTIVE."""
