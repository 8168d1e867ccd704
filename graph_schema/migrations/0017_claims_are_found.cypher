// Why: claims are found by cell and spell of time, notices and conflicts by state and by what tells them apart.
// Owner: deconfliction
// Way back: MATCH (n) WHERE n:ClaimEntry OR n:Notice OR n:Conflict OR n:Claim OR n:SeparationRule DETACH DELETE n;
//           DROP what is made here.
CREATE CONSTRAINT claim_external_id IF NOT EXISTS FOR (n:Claim) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX claim_owner_id IF NOT EXISTS FOR (n:Claim) ON (n.owner_id);
CREATE INDEX claim_kind IF NOT EXISTS FOR (n:Claim) ON (n.kind);
CREATE POINT INDEX claim_location IF NOT EXISTS FOR (n:Claim) ON (n.location);
CREATE INDEX claim_entry_at IF NOT EXISTS FOR (n:ClaimEntry) ON (n.at);
CREATE CONSTRAINT separation_rule_external_id IF NOT EXISTS FOR (n:SeparationRule) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX separation_rule_owner_id IF NOT EXISTS FOR (n:SeparationRule) ON (n.owner_id);
CREATE CONSTRAINT conflict_external_id IF NOT EXISTS FOR (n:Conflict) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX conflict_owner_id IF NOT EXISTS FOR (n:Conflict) ON (n.owner_id);
CREATE INDEX conflict_state IF NOT EXISTS FOR (n:Conflict) ON (n.state);
CREATE INDEX conflict_kind IF NOT EXISTS FOR (n:Conflict) ON (n.kind);
CREATE INDEX conflict_mark IF NOT EXISTS FOR (n:Conflict) ON (n.mark);
CREATE CONSTRAINT notice_external_id IF NOT EXISTS FOR (n:Notice) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX notice_owner_id IF NOT EXISTS FOR (n:Notice) ON (n.owner_id);
CREATE INDEX notice_state IF NOT EXISTS FOR (n:Notice) ON (n.state);
CREATE INDEX notice_mark IF NOT EXISTS FOR (n:Notice) ON (n.mark);
