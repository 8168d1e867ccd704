// Why: edits of drafts and comments are found by their owner, and a comment by its owner's own name for it.
// Owner: scheduling
// Way back: MATCH (n:PlanEdit|Comment) DETACH DELETE n; DROP what is made here. Drafts keep the places that they have.
CREATE CONSTRAINT comment_external_id IF NOT EXISTS FOR (n:Comment) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX comment_owner_id IF NOT EXISTS FOR (n:Comment) ON (n.owner_id);
CREATE CONSTRAINT plan_edit_external_id IF NOT EXISTS FOR (n:PlanEdit) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX plan_edit_owner_id IF NOT EXISTS FOR (n:PlanEdit) ON (n.owner_id);
