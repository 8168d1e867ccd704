"""Units and resources that are offered, their offers, absences and capacities."""

from opsplan.graph.query import Mode, Query
from opsplan.scheduling.store.statements.parts import FIND_ID, FIND_OPERATION, IN_FORCE, OFFERED, UNIT_COUNTRY

_UNIT = f"""
    RETURN unit.id AS id, unit.version AS version, unit.name AS name, unit.kind AS kind, unit.type AS type,
           [unit.home.longitude, unit.home.latitude] AS home,
           {UNIT_COUNTRY} AS country,
           unit.permitted_countries AS permitted, unit.languages AS languages,
           unit.max_duty_minutes AS max_duty_minutes, unit.min_rest_minutes AS min_rest_minutes,
           unit.cost_per_hour AS cost_per_hour, offered
    ORDER BY name, id
"""
UNITS = Query(
    "scheduling.units",
    Mode.READ,
    FIND_OPERATION
    + """
    CALL (operation) {"""
    + OFFERED
    + """
      MATCH (offer)-[:OFFERS]->(unit:Unit) WHERE unit.retired_at IS NULL
      RETURN unit, true AS offered
      UNION
      UNWIND $bound AS bound_id
      MATCH (unit:Record {id: bound_id}) WHERE unit:Unit
      RETURN unit, false AS offered
    }
    WITH unit, max(toInteger(offered)) = 1 AS offered"""
    + _UNIT,
)
SOME_UNITS = Query(
    "scheduling.some_units",
    Mode.READ,
    FIND_ID
    + f"""
    UNWIND $units AS unit_id
    MATCH (unit:Record {{id: unit_id}}) WHERE unit:Unit
    OPTIONAL MATCH (unit)<-[:OFFERS]-(offer:Offer)
    WITH operation_id, unit, collect(offer) AS offers
    WITH unit, unit.retired_at IS NULL AND any(offer IN offers WHERE EXISTS {{
      MATCH (offer)-[:OFFERED_BY]->(participant:Participant)-[:PARTICIPATES_IN]->(of:Operation)
      WHERE of.id = operation_id AND {IN_FORCE}
    }}) AS offered"""
    + _UNIT,
)
UNIT_OFFERS = Query(
    "scheduling.unit_offers",
    Mode.READ,
    FIND_ID
    + f"""
    UNWIND $units AS unit_id
    MATCH (unit:Record {{id: unit_id}})<-[:OFFERS]-(offer:Offer) WHERE unit.retired_at IS NULL
    WITH DISTINCT operation_id, unit, offer
    MATCH (offer)-[:OFFERED_BY]->(participant:Participant)-[:PARTICIPATES_IN]->(of:Operation)
    WHERE of.id = operation_id AND {IN_FORCE}
    MATCH (participant)-[:PARTICIPANT_IS]->(agency:Agency)
    RETURN offer.id AS id, offer.version AS version, agency.code AS name, unit.id AS unit_id,
           offer.start AS start, offer.end AS end
    ORDER BY start, end, id, unit_id
    """,
)
ABSENCES = Query(
    "scheduling.absences",
    Mode.READ,
    """
    UNWIND $units AS id
    MATCH (unit:Record {id: id})<-[:ABSENCE_OF]-(absence:UnitAbsence)
    WHERE absence.retired_at IS NULL AND absence.end > $start AND absence.start < $end
    RETURN absence.id AS id, absence.version AS version, unit.id AS unit_id,
           absence.start AS start, absence.end AS end
    ORDER BY start, end, id
    """,
)
# Without countries: those of all.
RESOURCES = Query(
    "scheduling.resources",
    Mode.READ,
    FIND_OPERATION
    + OFFERED
    + """
    MATCH (offer)-[:OFFERS_RESOURCE]->(resource:Resource) WHERE resource.retired_at IS NULL
    WITH DISTINCT resource
    MATCH (resource)-[:HELD_IN]->(country:Country) WHERE $countries IS NULL OR country.code IN $countries
    RETURN resource.id AS id, resource.version AS version, resource.name AS name, resource.kind AS kind,
           resource.language AS language, country.code AS country
    ORDER BY name, id
    """,
)
RESOURCE_OFFERS = Query(
    "scheduling.resource_offers",
    Mode.READ,
    FIND_ID
    + f"""
    UNWIND $resources AS resource_id
    MATCH (resource:Record {{id: resource_id}})<-[:OFFERS_RESOURCE]-(offer:Offer)
    WITH DISTINCT operation_id, resource, offer
    MATCH (offer)-[:OFFERED_BY]->(participant:Participant)-[:PARTICIPATES_IN]->(of:Operation)
    WHERE of.id = operation_id AND {IN_FORCE}
    MATCH (participant)-[:PARTICIPANT_IS]->(agency:Agency)
    RETURN offer.id AS id, offer.version AS version, agency.code AS name, resource.id AS resource_id,
           offer.start AS start, offer.end AS end, offer.amount AS amount
    ORDER BY start, end, id, resource_id
    """,
)
CAPACITIES = Query(
    "scheduling.capacities",
    Mode.READ,
    """
    UNWIND $resources AS id
    MATCH (resource:Record {id: id})<-[:CAPACITY_OF]-(capacity:Capacity)
    WHERE capacity.retired_at IS NULL AND capacity.end > $start
    RETURN capacity.id AS id, capacity.version AS version, resource.id AS resource_id,
           capacity.start AS start, capacity.end AS end, capacity.amount AS amount
    ORDER BY start, end, amount, id
    """,
)
