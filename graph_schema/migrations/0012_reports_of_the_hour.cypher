// Why: reports and results are found by their owner, results by kind and state.
// Owner: conduct
// Way back: MATCH (n:StatusReport|ReportedResult) DETACH DELETE n; DROP what is made here. Actions keep their states.
CREATE CONSTRAINT status_report_external_id IF NOT EXISTS FOR (n:StatusReport) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX status_report_owner_id IF NOT EXISTS FOR (n:StatusReport) ON (n.owner_id);
CREATE CONSTRAINT reported_result_external_id IF NOT EXISTS FOR (n:ReportedResult) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX reported_result_owner_id IF NOT EXISTS FOR (n:ReportedResult) ON (n.owner_id);
CREATE INDEX reported_result_kind IF NOT EXISTS FOR (n:ReportedResult) ON (n.kind);
CREATE INDEX reported_result_state IF NOT EXISTS FOR (n:ReportedResult) ON (n.state);
