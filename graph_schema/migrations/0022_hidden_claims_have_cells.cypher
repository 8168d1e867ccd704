// Why: by which cells and hours hidden claims are compared is one node that every commit of claims reads.
// Owner: deconfliction
// Way back: MATCH (n:Hiding) DELETE n; DROP what is made here.
CREATE CONSTRAINT hiding_id IF NOT EXISTS FOR (n:Hiding) REQUIRE n.id IS UNIQUE;
