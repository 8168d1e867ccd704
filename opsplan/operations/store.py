"""The statements of this room that are no single noun's."""

from opsplan.graph.query import Mode, Query

COORDINATORS_OF_PARTICIPANT = Query(
    "operations.coordinators_of_participant",
    Mode.READ,
    """
    MATCH (participant:Record {id: $id})-[:PARTICIPATES_IN]->(operation:Operation)
    RETURN participant.owner_id AS owner_id, operation.state AS operation_state,
           [operation.owner_id] + [(operation)-[:COORDINATED_BY]->(agency:Agency) | agency.id] AS coordinator_ids
    """,
)

# The participants whose rota, or whose operation's time, a changed record may concern.
PARTICIPANTS_CONCERNED = Query(
    "operations.participants_concerned",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (n:Record {id: id})
    CALL (n) {
      MATCH (n) WHERE n:Participant RETURN n AS participant
      UNION
      MATCH (n)<-[:PARTICIPATES_IN]-(participant:Participant) RETURN participant
      UNION
      MATCH (n)-[:CONTACT_OF]->(:Agency)<-[:PARTICIPANT_IS]-(participant:Participant) RETURN participant
      UNION
      MATCH (n)-[:SHIFT_OF]->(:ContactPoint)-[:CONTACT_OF]->(:Agency)<-[:PARTICIPANT_IS]-(participant:Participant)
      RETURN participant
    }
    RETURN DISTINCT participant.id AS id ORDER BY id
    """,
)
# Who takes part no more, and in what is over, has no gaps.
ROTAS_OF_PARTICIPANTS = Query(
    "operations.rotas_of_participants",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (participant:Record {id: id})-[:PARTICIPATES_IN]->(operation:Operation)
    MATCH (participant)-[:PARTICIPANT_IS]->(agency:Agency)
    RETURN participant.id AS id, participant.owner_id AS owner_id, participant.exercise AS exercise,
           agency.code AS agency, operation.code_name AS operation,
           operation.start AS start, operation.end AS end,
           participant.state <> 'ACCEPTED' OR participant.retired_at IS NOT NULL OR operation.retired_at IS NOT NULL
             OR operation.state IN ['CLOSED', 'CANCELLED'] AS is_over,
           [(agency)<-[:CONTACT_OF]-(post:ContactPoint) WHERE post.retired_at IS NULL | {
             time_zone: post.time_zone,
             shifts: [(post)<-[:SHIFT_OF]-(shift:DutyShift) WHERE shift.retired_at IS NULL | {
               days: shift.days, from_local: shift.from_local, until_local: shift.until_local,
               start: shift.start, end: shift.end
             }]
           }] AS posts,
           [(participant)<-[:GAP_OF]-(gap:RotaGap) WHERE gap.state = 'OPEN' | {
             id: gap.id, start: gap.start, end: gap.end
           }] AS gaps
    ORDER BY id
    """,
)
CREATE_GAPS = Query(
    "operations.create_gaps",
    Mode.WRITE,
    """
    MATCH (participant:Record {id: $participant})
    UNWIND $rows AS row
    CREATE (gap:Record:RotaGap)-[:GAP_OF]->(participant)
    SET gap = row
    """,
)
CLOSE_GAPS = Query(
    "operations.close_gaps",
    Mode.WRITE,
    """
    UNWIND $ids AS id
    MATCH (gap:Record {id: id}) WHERE gap:RotaGap
    SET gap += $properties, gap.version = gap.version + 1
    """,
)
# Reports of one unit take turns.
LOCK_UNIT = Query(
    "operations.lock_unit",
    Mode.WRITE,
    """
    MATCH (unit:Record {id: $id}) WHERE unit:Unit AND unit.retired_at IS NULL
    SET unit.lock = true REMOVE unit.lock
    RETURN unit.owner_id AS owner_id
    """,
)
ABSENCES_WITHIN = Query(
    "operations.absences_within",
    Mode.READ,
    """
    MATCH (:Record {id: $unit})<-[:ABSENCE_OF]-(absence:UnitAbsence)
    WHERE absence.retired_at IS NULL AND absence.start < $end AND absence.end > $start
    RETURN absence.id AS id, absence.version AS version, absence.owner_id AS owner_id,
           absence.start AS start, absence.end AS end, absence.reason AS reason
    ORDER BY start, id
    """,
)
