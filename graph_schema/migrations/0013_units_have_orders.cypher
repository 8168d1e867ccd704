// Why: orders are found by their owner (the unit's agency), and by whether they were acknowledged.
// Owner: orders
// Way back: MATCH (n:Tasking) DETACH DELETE n; DROP what is made here. Plans that were published stay so.
CREATE CONSTRAINT tasking_external_id IF NOT EXISTS FOR (n:Tasking) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX tasking_owner_id IF NOT EXISTS FOR (n:Tasking) ON (n.owner_id);
CREATE INDEX tasking_state IF NOT EXISTS FOR (n:Tasking) ON (n.state);
