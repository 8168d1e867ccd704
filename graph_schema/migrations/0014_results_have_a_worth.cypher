// Why: a result's `value` could not be asked for beside a refusal's, which is another type; it is its `worth` now.
// Owner: conduct
// Way back: MATCH (n:ReportedResult) WHERE n.worth IS NOT NULL SET n.value = n.worth REMOVE n.worth;
MATCH (n:ReportedResult) WHERE n.value IS NOT NULL SET n.worth = n.value REMOVE n.value;
