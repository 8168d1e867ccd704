// Why: the runner of migrations keeps what it applied as (:Migration), one node per number, and lets one service at
//      a time apply by a write lock on the one (:MigrationLock). Neither is safe without uniqueness.
// Owner: graph
// Way back: DROP CONSTRAINT migration_number; DROP CONSTRAINT migration_lock_name; only on a graph that is given up.
CREATE CONSTRAINT migration_number IF NOT EXISTS FOR (m:Migration) REQUIRE m.number IS UNIQUE;
CREATE CONSTRAINT migration_lock_name IF NOT EXISTS FOR (l:MigrationLock) REQUIRE l.name IS UNIQUE;
