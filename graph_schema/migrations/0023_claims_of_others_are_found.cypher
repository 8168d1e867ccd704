// Why: whoever enters thousands of claims of one place need not open all those that are his own.
// Owner: deconfliction
// Way back: DROP what is made here.
CREATE INDEX claim_entry_at_owner_id IF NOT EXISTS FOR (n:ClaimEntry) ON (n.at, n.owner_id);
