// Why: contact points, their shifts, and the gaps of participants' rotas are found by owner and external id.
// Owner: jurisdiction, and operations for RotaGap
// Way back: DROP what is made here by its name; agencies that take part then have nobody on duty until posts are entered.
CREATE CONSTRAINT contact_point_external_id IF NOT EXISTS FOR (n:ContactPoint) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX contact_point_owner_id IF NOT EXISTS FOR (n:ContactPoint) ON (n.owner_id);
CREATE CONSTRAINT duty_shift_external_id IF NOT EXISTS FOR (n:DutyShift) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX duty_shift_owner_id IF NOT EXISTS FOR (n:DutyShift) ON (n.owner_id);
CREATE CONSTRAINT rota_gap_external_id IF NOT EXISTS FOR (n:RotaGap) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX rota_gap_state IF NOT EXISTS FOR (n:RotaGap) ON (n.state);
CREATE INDEX rota_gap_owner_id IF NOT EXISTS FOR (n:RotaGap) ON (n.owner_id);
