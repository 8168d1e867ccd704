// Why: the confirmed sites above some size are counted and listed without opening each confirmed one for its capacity.
// Owner: targets
// Way back: DROP INDEX compound_status_capacity; such reads then compare record by record.
CREATE INDEX compound_status_capacity IF NOT EXISTS FOR (n:Compound) ON (n.status, n.capacity);
