// Why: zones are found by cell and spell of time, crossings and what is told of them by state, gaps in authority too.
// Owner: deconfliction
// Way back: MATCH (n) WHERE n:ZoneEntry OR n:ZoneNotice OR n:ZoneCrossing OR n:Zone OR n:AuthorityGap DETACH DELETE n;
//           DROP what is made here.
CREATE CONSTRAINT zone_external_id IF NOT EXISTS FOR (n:Zone) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX zone_owner_id IF NOT EXISTS FOR (n:Zone) ON (n.owner_id);
CREATE INDEX zone_kind IF NOT EXISTS FOR (n:Zone) ON (n.kind);
CREATE POINT INDEX zone_location IF NOT EXISTS FOR (n:Zone) ON (n.location);
CREATE INDEX zone_entry_at IF NOT EXISTS FOR (n:ZoneEntry) ON (n.at);
CREATE CONSTRAINT zone_crossing_external_id IF NOT EXISTS FOR (n:ZoneCrossing) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX zone_crossing_owner_id IF NOT EXISTS FOR (n:ZoneCrossing) ON (n.owner_id);
CREATE INDEX zone_crossing_state IF NOT EXISTS FOR (n:ZoneCrossing) ON (n.state);
CREATE CONSTRAINT zone_notice_external_id IF NOT EXISTS FOR (n:ZoneNotice) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX zone_notice_owner_id IF NOT EXISTS FOR (n:ZoneNotice) ON (n.owner_id);
CREATE INDEX zone_notice_state IF NOT EXISTS FOR (n:ZoneNotice) ON (n.state);
CREATE INDEX zone_notice_mark IF NOT EXISTS FOR (n:ZoneNotice) ON (n.mark);
CREATE CONSTRAINT authority_gap_external_id IF NOT EXISTS FOR (n:AuthorityGap) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX authority_gap_owner_id IF NOT EXISTS FOR (n:AuthorityGap) ON (n.owner_id);
CREATE INDEX authority_gap_state IF NOT EXISTS FOR (n:AuthorityGap) ON (n.state);
