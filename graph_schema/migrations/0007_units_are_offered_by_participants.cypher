// Why: an operation may use what agencies that take part offer to it, for a time, and no longer whatever was tied to it.
//      What was offered so far becomes an offer without bounds by its owner, who thereby has accepted.
// Owner: operations
// Way back: MATCH (o:Operation)<-[:PARTICIPATES_IN]-(:Participant {state: 'ACCEPTED'})<-[:OFFERED_BY]-(:Offer)-[:OFFERS]->(u)
//           MERGE (u)-[:OFFERED_TO]->(o), the same for OFFERS_RESOURCE and RESOURCE_OFFERED_TO; then DETACH DELETE both
//           labels' nodes and DROP what is made here.
CREATE CONSTRAINT participant_external_id IF NOT EXISTS FOR (n:Participant) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX participant_role IF NOT EXISTS FOR (n:Participant) ON (n.role);
CREATE INDEX participant_state IF NOT EXISTS FOR (n:Participant) ON (n.state);
CREATE INDEX participant_owner_id IF NOT EXISTS FOR (n:Participant) ON (n.owner_id);
CREATE CONSTRAINT offer_external_id IF NOT EXISTS FOR (n:Offer) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX offer_owner_id IF NOT EXISTS FOR (n:Offer) ON (n.owner_id);
MATCH (operation:Operation)<-[tie:OFFERED_TO|RESOURCE_OFFERED_TO]-(thing:Record)
WITH operation, thing.owner_id AS owner_id, collect(thing) AS things, collect(tie) AS ties
MATCH (agency:Agency {id: owner_id})
CREATE (participant:Record:Participant)-[:PARTICIPATES_IN]->(operation), (participant)-[:PARTICIPANT_IS]->(agency)
SET participant = {
  id: 'participant_' + left(replace(randomUUID(), '-', ''), 26), role: 'CONTRIBUTOR', state: 'ACCEPTED',
  owner_id: owner_id, version: 1, marking: 'TLP_AMBER', exercise: agency.exercise,
  created_at: operation.created_at, created_by: 'migration 7',
  changed_at: operation.created_at, changed_by: 'migration 7'
}
CREATE (offer:Record:Offer)-[:OFFERED_BY]->(participant)
SET offer = {
  id: 'offer_' + left(replace(randomUUID(), '-', ''), 26),
  owner_id: owner_id, version: 1, marking: 'TLP_AMBER', exercise: agency.exercise,
  created_at: operation.created_at, created_by: 'migration 7',
  changed_at: operation.created_at, changed_by: 'migration 7'
}
FOREACH (unit IN [each IN things WHERE each:Unit] | CREATE (offer)-[:OFFERS]->(unit))
FOREACH (resource IN [each IN things WHERE each:Resource] | CREATE (offer)-[:OFFERS_RESOURCE]->(resource))
FOREACH (tie IN ties | DELETE tie);
