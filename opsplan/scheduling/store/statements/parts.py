"""A reading of the actions of an operation, as two statements: of all that are in play, and of some of them."""

from dataclasses import dataclass

from opsplan.graph.query import Mode, Query

FIND_OPERATION = """
    MATCH (operation:Record {id: $operation}) WHERE operation:Operation AND operation.retired_at IS NULL
"""
# With its id alone at hand, a pattern that ends in the operation is walked towards it, never from it to all its offers;
# and what stands before a DISTINCT or an aggregation is found first, whatever index the rest could begin from.
FIND_ID = (
    FIND_OPERATION
    + """
    WITH operation.id AS operation_id
"""
)
IN_FORCE = "participant.state = 'ACCEPTED' AND participant.retired_at IS NULL AND offer.retired_at IS NULL"
"""What makes an `offer` of a `participant` count."""
OFFERED = f"""
      MATCH (operation)<-[:PARTICIPATES_IN]-(participant:Participant)<-[:OFFERED_BY]-(offer:Offer)
      WHERE {IN_FORCE}
"""
"""From `operation` to the offers that count."""
HOST = (
    "coalesce(head([(action)-[:ON_SOIL_OF]->(host:Country) | host.code]), "
    "head([(action)-[:AIMS_AT]->(:Compound)-[:LIES_IN]->(host:Country) | host.code]))"
)
"""The host country's code: an `action`'s own, or its compound's where it has none."""
POINT = "coalesce(action.location, head([(action)-[:AIMS_AT]->(compound:Compound) | compound.location]))"
"""The point of an `action`: its own, or its compound's."""
GROUP_ID = "head([(action)-[:STARTS_WITH]->(group:SimultaneityGroup) WHERE group.retired_at IS NULL | group.id])"
"""The id of the group in force of an `action`."""
UNIT_COUNTRY = "head([(unit)-[:BELONGS_TO]->(:Agency)-[:BASED_IN]->(country:Country) | country.code])"
"""The country's code of the agency of a `unit`."""
_ALL_IN_PLAY = (
    FIND_OPERATION
    + """
    MATCH (operation)<-[:PART_OF]-(action:Action)
    WHERE action.retired_at IS NULL AND NOT action.state IN $out_of_play
"""
)
# From the ids on: an operation of ten thousand actions is not walked through for three of them.
_SOME_IN_PLAY = (
    FIND_OPERATION
    + """
    UNWIND $actions AS action_id
    MATCH (action:Record {id: action_id})-[:PART_OF]->(operation)
    WHERE action:Action AND action.retired_at IS NULL AND NOT action.state IN $out_of_play
"""
)


@dataclass(frozen=True, slots=True)
class Both:
    """A reading of all actions in play, and the same of those whose ids are ``$actions``."""

    all: Query
    some: Query


def both(name: str, text: str) -> Both:
    """Make both statements of a text that goes on from `operation` and `action`."""
    return Both(
        Query(f"scheduling.{name}", Mode.READ, _ALL_IN_PLAY + text),
        Query(f"scheduling.{name}_of_some", Mode.READ, _SOME_IN_PLAY + text),
    )
