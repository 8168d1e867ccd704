// Why: reads leave out what is retired at every hop; a label is told at once, while an absent property is looked for
//      among all of a node's properties.
// Owner: records
// Way back: MATCH (n:Retired) REMOVE n:Retired; the property retired_at says the same.
MATCH (n:Record) WHERE n.retired_at IS NOT NULL SET n:Retired;
