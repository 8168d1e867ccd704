// Why: claims are found by whom and what they concern; what is late is found by its time; who watches is found at once.
// Owner: deconfliction
// Way back: MATCH (n) WHERE n:ClaimSubject OR n:ConflictMessage OR n:Resolution OR n:Override OR n:ProbeAlert OR n:ClaimProbe DETACH DELETE n;
//           DROP what is made here.
CREATE INDEX claim_subject_key IF NOT EXISTS FOR (n:ClaimSubject) ON (n.key);
CREATE CONSTRAINT conflict_message_external_id IF NOT EXISTS FOR (n:ConflictMessage) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX conflict_message_owner_id IF NOT EXISTS FOR (n:ConflictMessage) ON (n.owner_id);
CREATE CONSTRAINT resolution_external_id IF NOT EXISTS FOR (n:Resolution) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX resolution_owner_id IF NOT EXISTS FOR (n:Resolution) ON (n.owner_id);
CREATE INDEX resolution_state IF NOT EXISTS FOR (n:Resolution) ON (n.state);
CREATE INDEX resolution_outcome IF NOT EXISTS FOR (n:Resolution) ON (n.outcome);
CREATE CONSTRAINT override_external_id IF NOT EXISTS FOR (n:Override) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX override_owner_id IF NOT EXISTS FOR (n:Override) ON (n.owner_id);
CREATE INDEX override_state IF NOT EXISTS FOR (n:Override) ON (n.state);
CREATE CONSTRAINT probe_alert_external_id IF NOT EXISTS FOR (n:ProbeAlert) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX probe_alert_owner_id IF NOT EXISTS FOR (n:ProbeAlert) ON (n.owner_id);
CREATE INDEX notice_state_acknowledge_by IF NOT EXISTS FOR (n:Notice) ON (n.state, n.acknowledge_by);
CREATE INDEX notice_state_settle_by IF NOT EXISTS FOR (n:Notice) ON (n.state, n.settle_by);
CREATE INDEX notice_to_be_called IF NOT EXISTS FOR (n:Notice) ON (n.to_be_called);
CREATE INDEX agency_watch_centre IF NOT EXISTS FOR (n:Agency) ON (n.watch_centre);
