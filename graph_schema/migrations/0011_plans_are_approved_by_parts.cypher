// Why: approvals and agencies' keys are found by their owner, approvals by state, keys by the id that signatures name.
// Owner: scheduling, and jurisdiction for AgencyKey
// Way back: MATCH (n:Approval|AgencyKey) DETACH DELETE n; DROP what is made here. Plans that were proposed stay so.
CREATE CONSTRAINT approval_external_id IF NOT EXISTS FOR (n:Approval) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX approval_owner_id IF NOT EXISTS FOR (n:Approval) ON (n.owner_id);
CREATE INDEX approval_state IF NOT EXISTS FOR (n:Approval) ON (n.state);
CREATE CONSTRAINT agency_key_external_id IF NOT EXISTS FOR (n:AgencyKey) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX agency_key_owner_id IF NOT EXISTS FOR (n:AgencyKey) ON (n.owner_id);
CREATE INDEX agency_key_key_id IF NOT EXISTS FOR (n:AgencyKey) ON (n.key_id);
