// Why: what is not OPEN is read by those alone who take part; what was entered before was open to all.
// Owner: operations
// Way back: MATCH (n:Operation) REMOVE n.sensitivity, n.read_by, n.known_to; MATCH (n:Action) REMOVE n.sensitivity;
//           then all is open again.
MATCH (n:Operation) WHERE n.sensitivity IS NULL SET n.sensitivity = 'OPEN';
MATCH (n:Operation)
CALL (n) {
  CALL (n) {
    RETURN n.owner_id AS id
    UNION MATCH (n)-[:COORDINATED_BY]->(agency:Agency) RETURN agency.id AS id
    UNION MATCH (n)<-[:PARTICIPATES_IN]-(participant:Participant)
          WHERE NOT participant:Retired AND NOT participant.state IN ['DECLINED', 'WITHDRAWN']
          RETURN participant.owner_id AS id
    UNION MATCH (n)<-[:PARTICIPATES_IN]-(participant:Participant)-[:APPROVES_THROUGH]->(authority:Agency)
          WHERE NOT participant:Retired AND NOT participant.state IN ['DECLINED', 'WITHDRAWN']
          RETURN authority.id AS id
  }
  WITH DISTINCT id ORDER BY id RETURN collect(id) AS read_by
}
CALL (n) {
  CALL (n) {
    RETURN n.owner_id AS id
    UNION MATCH (n)-[:COORDINATED_BY]->(agency:Agency) RETURN agency.id AS id
    UNION MATCH (n)<-[:PARTICIPATES_IN]-(participant:Participant) RETURN participant.owner_id AS id
    UNION MATCH (n)<-[:PARTICIPATES_IN]-(:Participant)-[:APPROVES_THROUGH]->(authority:Agency)
          RETURN authority.id AS id
  }
  WITH DISTINCT id ORDER BY id RETURN collect(id) AS known_to
}
SET n.read_by = read_by, n.known_to = known_to;
