// Why: what a published plan has come to break is found by its state and its owner.
// Owner: scheduling
// Way back: MATCH (n:PlanBreach) DETACH DELETE n; DROP what is made here. Plans are judged anew when they are published.
CREATE CONSTRAINT plan_breach_external_id IF NOT EXISTS FOR (n:PlanBreach) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX plan_breach_owner_id IF NOT EXISTS FOR (n:PlanBreach) ON (n.owner_id);
CREATE INDEX plan_breach_state IF NOT EXISTS FOR (n:PlanBreach) ON (n.state);
