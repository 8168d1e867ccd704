// Why: claims that hold of one pool of beds, interpreters or aircraft are found by it and by when their holds end.
// Owner: deconfliction
// Way back: MATCH (n) WHERE n:ClaimHold OR n:PoolReview DETACH DELETE n;
//           MATCH (c:Claim) REMOVE c.capacities, c.held, c.held_since; DROP what is made here.
CREATE INDEX claim_hold_pool_end IF NOT EXISTS FOR (n:ClaimHold) ON (n.pool, n.end);
