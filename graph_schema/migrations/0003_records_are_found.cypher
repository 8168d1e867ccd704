// Why: the properties that nouns declare as indexed, their points, and the search text of their names are found without
//      a scan. The full-text indexes hold terms that opsplan has made itself (opsplan/records/search.py).
// Owner: records, and each noun's owner
// Way back: DROP INDEX each of them by its name; reads then scan labels, and searches by text fail.
CREATE INDEX action_kind IF NOT EXISTS FOR (n:Action) ON (n.kind);
CREATE POINT INDEX action_location IF NOT EXISTS FOR (n:Action) ON (n.location);
CREATE INDEX action_mode_owner_id IF NOT EXISTS FOR (n:ActionMode) ON (n.owner_id);
CREATE INDEX action_owner_id IF NOT EXISTS FOR (n:Action) ON (n.owner_id);
CREATE INDEX action_state IF NOT EXISTS FOR (n:Action) ON (n.state);
CREATE INDEX agency_owner_id IF NOT EXISTS FOR (n:Agency) ON (n.owner_id);
CREATE POINT INDEX airport_location IF NOT EXISTS FOR (n:Airport) ON (n.location);
CREATE INDEX capacity_owner_id IF NOT EXISTS FOR (n:Capacity) ON (n.owner_id);
CREATE INDEX change_record_id IF NOT EXISTS FOR (n:Change) ON (n.record_id);
CREATE POINT INDEX city_location IF NOT EXISTS FOR (n:City) ON (n.location);
CREATE POINT INDEX compound_location IF NOT EXISTS FOR (n:Compound) ON (n.location);
CREATE INDEX compound_owner_id IF NOT EXISTS FOR (n:Compound) ON (n.owner_id);
CREATE INDEX compound_status IF NOT EXISTS FOR (n:Compound) ON (n.status);
CREATE INDEX country_alpha3 IF NOT EXISTS FOR (n:Country) ON (n.alpha3);
CREATE INDEX idempotency_key_at IF NOT EXISTS FOR (n:IdempotencyKey) ON (n.at);
CREATE INDEX identifier_owner_id IF NOT EXISTS FOR (n:Identifier) ON (n.owner_id);
CREATE INDEX identifier_value IF NOT EXISTS FOR (n:Identifier) ON (n.value);
CREATE INDEX jurisdiction_owner_id IF NOT EXISTS FOR (n:Jurisdiction) ON (n.owner_id);
CREATE INDEX jurisdiction_start IF NOT EXISTS FOR (n:Jurisdiction) ON (n.start);
CREATE INDEX link_kind IF NOT EXISTS FOR (n:Link) ON (n.kind);
CREATE INDEX link_owner_id IF NOT EXISTS FOR (n:Link) ON (n.owner_id);
CREATE INDEX operation_owner_id IF NOT EXISTS FOR (n:Operation) ON (n.owner_id);
CREATE INDEX operation_state IF NOT EXISTS FOR (n:Operation) ON (n.state);
CREATE INDEX plan_owner_id IF NOT EXISTS FOR (n:Plan) ON (n.owner_id);
CREATE INDEX plan_state IF NOT EXISTS FOR (n:Plan) ON (n.state);
CREATE INDEX planned_action_owner_id IF NOT EXISTS FOR (n:PlannedAction) ON (n.owner_id);
CREATE INDEX planned_action_start IF NOT EXISTS FOR (n:PlannedAction) ON (n.start);
CREATE INDEX precedence_owner_id IF NOT EXISTS FOR (n:Precedence) ON (n.owner_id);
CREATE INDEX quiet_hours_owner_id IF NOT EXISTS FOR (n:QuietHours) ON (n.owner_id);
CREATE INDEX resource_kind IF NOT EXISTS FOR (n:Resource) ON (n.kind);
CREATE INDEX resource_need_owner_id IF NOT EXISTS FOR (n:ResourceNeed) ON (n.owner_id);
CREATE INDEX resource_owner_id IF NOT EXISTS FOR (n:Resource) ON (n.owner_id);
CREATE INDEX schedule_run_owner_id IF NOT EXISTS FOR (n:ScheduleRun) ON (n.owner_id);
CREATE INDEX schedule_run_state IF NOT EXISTS FOR (n:ScheduleRun) ON (n.state);
CREATE FULLTEXT INDEX search_action IF NOT EXISTS FOR (n:Action) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_agency IF NOT EXISTS FOR (n:Agency) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_airport IF NOT EXISTS FOR (n:Airport) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_city IF NOT EXISTS FOR (n:City) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_compound IF NOT EXISTS FOR (n:Compound) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_country IF NOT EXISTS FOR (n:Country) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_operation IF NOT EXISTS FOR (n:Operation) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_resource IF NOT EXISTS FOR (n:Resource) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_simultaneity_group IF NOT EXISTS FOR (n:SimultaneityGroup) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_target IF NOT EXISTS FOR (n:Target) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX search_unit IF NOT EXISTS FOR (n:Unit) ON EACH [n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE INDEX simultaneity_group_owner_id IF NOT EXISTS FOR (n:SimultaneityGroup) ON (n.owner_id);
CREATE INDEX target_kind IF NOT EXISTS FOR (n:Target) ON (n.kind);
CREATE POINT INDEX target_location IF NOT EXISTS FOR (n:Target) ON (n.location);
CREATE INDEX target_owner_id IF NOT EXISTS FOR (n:Target) ON (n.owner_id);
CREATE INDEX target_status IF NOT EXISTS FOR (n:Target) ON (n.status);
CREATE INDEX unit_absence_owner_id IF NOT EXISTS FOR (n:UnitAbsence) ON (n.owner_id);
CREATE POINT INDEX unit_home IF NOT EXISTS FOR (n:Unit) ON (n.home);
CREATE INDEX unit_kind IF NOT EXISTS FOR (n:Unit) ON (n.kind);
CREATE INDEX unit_need_owner_id IF NOT EXISTS FOR (n:UnitNeed) ON (n.owner_id);
CREATE INDEX unit_owner_id IF NOT EXISTS FOR (n:Unit) ON (n.owner_id);
CREATE INDEX unplaced_action_owner_id IF NOT EXISTS FOR (n:UnplacedAction) ON (n.owner_id);
CREATE INDEX victim_estimate_owner_id IF NOT EXISTS FOR (n:VictimEstimate) ON (n.owner_id);
CREATE INDEX warrant_owner_id IF NOT EXISTS FOR (n:Warrant) ON (n.owner_id);
