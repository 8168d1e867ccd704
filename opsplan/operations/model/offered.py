"""What is offered to whom, read through offers and participants: only what accepted participants offer counts."""

from opsplan.records.declaration import Derived

_IN_FORCE = (
    "WHERE {known} AND NOT offer:Retired AND NOT participant:Retired AND participant.state = 'ACCEPTED' "
    "WITH DISTINCT {node}, {other}"
)


def offered_to(relation_type: str) -> Derived:
    """Give the list of operations to which a unit or resource is offered, by the type of the offer's relation to it."""
    return Derived(
        "offered_to",
        f"MATCH ({{node}})<-[:{relation_type}]-(offer:Offer)-[:OFFERED_BY]->(participant:Participant)"
        f"-[:PARTICIPATES_IN]->({{other}}:Operation) {_IN_FORCE}",
        "Operations that may use it: those to which a participant that has accepted offers it, at any time.",
        target="Operation",
    )


def offered(name: str, relation_type: str, target: str) -> Derived:
    """Give the list of what is offered to an operation, by the type of the offers' relation to it."""
    return Derived(
        name,
        f"MATCH ({{node}})<-[:PARTICIPATES_IN]-(participant:Participant)<-[:OFFERED_BY]-(offer:Offer)"
        f"-[:{relation_type}]->({{other}}:{target}) {_IN_FORCE}",
        f"{target}s offered to it by participants that have accepted, at any time.",
        target=target,
    )
