// Why: endpoints are found by their owner and state, deliveries by their state, an endpoint's tail by the endpoint's id.
// Owner: webhooks
// Way back: MATCH (n:WebhookEndpoint|WebhookDelivery|WebhookSecret|WebhookTail|WebhookRange) DETACH DELETE n; DROP what is
//           made here. Nothing is sent any more; agencies ask the feed.
CREATE CONSTRAINT webhook_endpoint_external_id IF NOT EXISTS FOR (n:WebhookEndpoint) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX webhook_endpoint_owner_id IF NOT EXISTS FOR (n:WebhookEndpoint) ON (n.owner_id);
CREATE INDEX webhook_endpoint_state IF NOT EXISTS FOR (n:WebhookEndpoint) ON (n.state);
CREATE CONSTRAINT webhook_delivery_external_id IF NOT EXISTS FOR (n:WebhookDelivery) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX webhook_delivery_owner_id IF NOT EXISTS FOR (n:WebhookDelivery) ON (n.owner_id);
CREATE INDEX webhook_delivery_state_created_at IF NOT EXISTS FOR (n:WebhookDelivery) ON (n.state, n.created_at);
CREATE CONSTRAINT webhook_tail_endpoint_id IF NOT EXISTS FOR (n:WebhookTail) REQUIRE n.endpoint_id IS UNIQUE;
