// Why: the server-made id of a record is found by an index and is its only identity; beside it only (owner, external id)
//      is unique, the key of a few nouns, a commit's number, and an idempotency key within its caller.
// Owner: records (its labels Record, Reference, Commit, Change, CommitSequence, IdempotencyKey) and each noun's owner
// Way back: DROP CONSTRAINT each of them by its name; the writers then no longer refuse what is there twice.
CREATE CONSTRAINT record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT reference_id IF NOT EXISTS FOR (n:Reference) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT commit_id IF NOT EXISTS FOR (n:Commit) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT commit_number IF NOT EXISTS FOR (n:Commit) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT commit_sequence_id IF NOT EXISTS FOR (n:CommitSequence) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT change_commit_id_ordinal IF NOT EXISTS FOR (n:Change) REQUIRE (n.commit_id, n.ordinal) IS UNIQUE;
CREATE CONSTRAINT idempotency_key_key IF NOT EXISTS FOR (n:IdempotencyKey) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT action_external_id IF NOT EXISTS FOR (n:Action) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT action_mode_external_id IF NOT EXISTS FOR (n:ActionMode) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT agency_code IF NOT EXISTS FOR (n:Agency) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT agency_external_id IF NOT EXISTS FOR (n:Agency) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT airport_code IF NOT EXISTS FOR (n:Airport) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT capacity_external_id IF NOT EXISTS FOR (n:Capacity) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT city_code IF NOT EXISTS FOR (n:City) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT compound_external_id IF NOT EXISTS FOR (n:Compound) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT country_code IF NOT EXISTS FOR (n:Country) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT identifier_external_id IF NOT EXISTS FOR (n:Identifier) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT jurisdiction_external_id IF NOT EXISTS FOR (n:Jurisdiction) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT link_external_id IF NOT EXISTS FOR (n:Link) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT operation_external_id IF NOT EXISTS FOR (n:Operation) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT plan_external_id IF NOT EXISTS FOR (n:Plan) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT planned_action_external_id IF NOT EXISTS FOR (n:PlannedAction) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT precedence_external_id IF NOT EXISTS FOR (n:Precedence) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT quiet_hours_external_id IF NOT EXISTS FOR (n:QuietHours) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT resource_external_id IF NOT EXISTS FOR (n:Resource) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT resource_need_external_id IF NOT EXISTS FOR (n:ResourceNeed) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT schedule_run_external_id IF NOT EXISTS FOR (n:ScheduleRun) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT simultaneity_group_external_id IF NOT EXISTS FOR (n:SimultaneityGroup) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT target_external_id IF NOT EXISTS FOR (n:Target) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT unit_absence_external_id IF NOT EXISTS FOR (n:UnitAbsence) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT unit_external_id IF NOT EXISTS FOR (n:Unit) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT unit_need_external_id IF NOT EXISTS FOR (n:UnitNeed) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT unplaced_action_external_id IF NOT EXISTS FOR (n:UnplacedAction) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT victim_estimate_external_id IF NOT EXISTS FOR (n:VictimEstimate) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE CONSTRAINT warrant_external_id IF NOT EXISTS FOR (n:Warrant) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
