// Why: a load that a crash left unfinished is found by its id when it goes on.
// Owner: exchange
// Way back: DROP CONSTRAINT load_job_id; loads are then found by a scan of a few nodes.
CREATE CONSTRAINT load_job_id IF NOT EXISTS FOR (n:LoadJob) REQUIRE n.id IS UNIQUE;
