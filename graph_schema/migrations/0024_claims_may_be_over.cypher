// Why: a claim whose action is done says so, and holds on to beds and the like; none did before.
// Owner: deconfliction
// Way back: MATCH (c:Claim) REMOVE c.is_over; the claims of actions that are done then stand as others do.
MATCH (c:Claim) WHERE c.is_over IS NULL SET c.is_over = false;
