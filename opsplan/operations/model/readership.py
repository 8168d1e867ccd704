"""Who reads what of an operation: all of it, where it is OPEN; else those alone who take part in it.

Those are its owner, its coordinators, the agencies that are invited or have accepted, and the authorities that approve
for them. Who has declined or withdrawn knows that there is an operation, and keeps what it has said itself; of what
goes on there it learns no more.
"""

from opsplan.operations.states import GONE
from opsplan.records.declaration import Readers, Readership

_GONE = sorted(state.name for state in GONE)
_WHO_RUNS_IT = (
    "RETURN {node}.owner_id AS id UNION MATCH ({node})-[:COORDINATED_BY]->(agency:Agency) RETURN agency.id AS id"
)


def _participants(which: str) -> str:
    found = f"MATCH ({{node}})<-[:PARTICIPATES_IN]-(participant:Participant) {which}"
    return (
        f"{found} RETURN participant.owner_id AS id UNION "
        f"{found} MATCH (participant)-[:APPROVES_THROUGH]->(authority:Agency) RETURN authority.id AS id"
    )


_READ_BY = Readers(
    "read_by",
    f"{_WHO_RUNS_IT} UNION {_participants(f'WHERE NOT participant:Retired AND NOT participant.state IN {_GONE}')}",
)
_KNOWN_TO = Readers("known_to", f"{_WHO_RUNS_IT} UNION {_participants('')}")


def _among(readers: Readers, node: str = "{node}") -> str:
    return f"{node}.sensitivity = 'OPEN' OR $reader.agency_id IN {node}.{readers.name}"


OF_OPERATIONS = Readership(
    condition=_among(_KNOWN_TO),
    of_its_parts=_among(_READ_BY),
    kept=(_READ_BY, _KNOWN_TO),
    kept_by={"Participant": "operation"},
)
"""Of operations, and of all that hangs on one."""

OF_PARTICIPANTS = Readership(
    condition=(
        "{node}.owner_id = $reader.agency_id OR EXISTS { MATCH ({node})-[:PARTICIPATES_IN]->(its_operation:Operation) "
        f"WHERE {_among(_READ_BY, 'its_operation')} }}"
    ),
    follows=(),
)
"""Of participants: an agency reads its own part whatever it has replied."""
