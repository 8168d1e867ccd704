"""Agencies and granted jurisdiction, as nouns."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from opsplan.records.declaration import Derived, Direction, Kind, Noun, Property, Relation


class AgencyKind(StrEnum):
    """What kind of body an agency is."""

    NCB = "NCB"
    POLICE = "POLICE"
    PROSECUTOR = "PROSECUTOR"
    FIU = "FIU"
    CUSTOMS = "CUSTOMS"
    CONSULATE = "CONSULATE"
    NGO = "NGO"
    INTERNATIONAL = "INTERNATIONAL"


class Basis(StrEnum):
    """The bases of jurisdiction known to international law (Harvard Draft Convention of 1935, and the flag)."""

    TERRITORIAL = "TERRITORIAL"
    FLAG = "FLAG"
    ACTIVE_NATIONALITY = "ACTIVE_NATIONALITY"
    PASSIVE_PERSONALITY = "PASSIVE_PERSONALITY"
    PROTECTIVE = "PROTECTIVE"
    UNIVERSAL = "UNIVERSAL"
    CONSENT = "CONSENT"


def starts_before_it_ends(start: str, end: str) -> Any:
    """Make a row check: the instant `end`, where given, is later than `start`."""

    def check(row: Mapping[str, Any]) -> str | None:
        first, last = row.get(start), row.get(end)
        if first is not None and last is not None and not first < last:
            return f"{end}: {last} is not after {start} {first}; give an end later than the start"
        return None

    return check


JURISDICTION_EDGE = (
    Property("bases", Kind.CHOICE_LIST, "On which bases, each once.", choices=Basis),
    Property("certain", Kind.BOOLEAN, "False while the site's country is not certain (near a border)."),
    Property("instruments", Kind.TEXT_LIST, "The instruments of granted jurisdiction, each once."),
)
"""What an edge between an agency and what lies under its jurisdiction tells; its lists are in order."""

JURISDICTION_EDGE_OF_REASONS = """
            WITH {node}, {other}, basis, certain, instrument ORDER BY basis
            WITH {node}, {other}, collect(DISTINCT basis) AS bases, max(toInteger(certain)) = 1 AS certain,
                 collect(DISTINCT instrument) AS instruments
            WITH {node}, {other}, {
              bases: bases, certain: certain,
              instruments: COLLECT { UNWIND instruments AS each RETURN each ORDER BY each }
            } AS {edge}
            """
"""The edge from its reasons: rows of basis, certain (whether for certain) and instrument for each pair."""

AGENCY = Noun(
    "Agency",
    "Agencies",
    "A body that takes part: police, prosecutors, FIUs, consulates, aid organisations.",
    owner="jurisdiction",
    key="code",
    owns_itself=True,
    properties=(
        Property(
            "code",
            Kind.TEXT,
            "Short unique name, as tokens carry it, e.g. KH-NCB.",
            required=True,
            pattern=r"[A-Z0-9][A-Z0-9-]{1,39}",
            indexed=True,
            changeable=False,
            sorted_by=True,
            example="KH-NCB",
        ),
        Property(
            "name",
            Kind.TEXT,
            "Full name.",
            required=True,
            max_length=200,
            searched=True,
            sorted_by=True,
            example="EXERCISE National Central Bureau, Phnom Penh",
        ),
        Property("kind", Kind.CHOICE, "What kind of body it is.", required=True, choices=AgencyKind, example="NCB"),
        Property(
            "territorial",
            Kind.BOOLEAN,
            "Whether it has jurisdiction over all that lies in its country.",
            default=False,
            example=True,
        ),
        Property("duty_phone", Kind.TEXT, "Number of the post on duty (never a person's own).", max_length=40),
        Property("duty_email", Kind.TEXT, "Address of the post on duty.", max_length=200),
    ),
    relations=(
        Relation("country", "BASED_IN", "Country", "Its country; none for an international body.", example="KH"),
        Relation(
            "jurisdictions",
            "GRANTED_TO",
            "Jurisdiction",
            "Jurisdiction granted to it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("units", "BELONGS_TO", "Unit", "Its units.", Direction.IN, many=True, entered=False),
        Relation(
            "participations",
            "PARTICIPANT_IS",
            "Participant",
            "Its parts in operations.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "approves_for",
            "APPROVES_THROUGH",
            "Participant",
            "Hosts whose parts of plans it approves.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "coordinates",
            "COORDINATED_BY",
            "Operation",
            "Operations that it coordinates.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    derived=(
        Derived(
            "jurisdiction_over",
            """
            CALL ({node}) {
              MATCH ({node})-[:BASED_IN]->(country:Country)<-[at:LIES_IN|MAY_LIE_IN]-({other}:Compound)
              WHERE {known} AND {node}.territorial
              RETURN {other}, 'TERRITORIAL' AS basis, type(at) = 'LIES_IN' AS certain, null AS instrument
              UNION
              MATCH ({node})<-[:GRANTED_TO]-(grant:Jurisdiction)-[:OVER]->({other}:Compound)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
              RETURN {other}, grant.basis AS basis, true AS certain, grant.instrument AS instrument
              UNION
              MATCH ({node})<-[:GRANTED_TO]-(grant:Jurisdiction)-[:OVER]->(country:Country)
                    <-[at:LIES_IN|MAY_LIE_IN]-({other}:Compound)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
              RETURN {other}, grant.basis AS basis, type(at) = 'LIES_IN' AS certain,
                     grant.instrument AS instrument
            }
            """
            + JURISDICTION_EDGE_OF_REASONS,
            "Compounds over which it has jurisdiction at an instant (now, when none is given), by territory or grant.",
            target="Compound",
            edge=JURISDICTION_EDGE,
            parameters={"at": Kind.INSTANT},
        ),
    ),
)

JURISDICTION = Noun(
    "Jurisdiction",
    "Jurisdictions",
    "Jurisdiction granted to an agency over a country, a compound or a target, with its basis and validity.",
    owner="jurisdiction",
    properties=(
        Property("basis", Kind.CHOICE, "On what basis.", required=True, choices=Basis, example="CONSENT"),
        Property(
            "instrument",
            Kind.TEXT,
            "Treaty, agreement, letter or order that grants it.",
            required=True,
            max_length=500,
            example="EXERCISE joint investigation agreement 7/2026",
        ),
        Property(
            "start",
            Kind.INSTANT,
            "From when it is valid.",
            required=True,
            indexed=True,
            sorted_by=True,
            example="2026-11-01T00:00:00Z",
        ),
        Property("end", Kind.INSTANT, "Until when, exclusive; open when none.", example="2027-11-01T00:00:00Z"),
    ),
    relations=(
        Relation("agency", "GRANTED_TO", "Agency", "To whom.", required=True, changeable=False, example="KH-NCB"),
        Relation(
            "over",
            "OVER",
            ("Country", "Compound", "Target"),
            "Over what.",
            required=True,
            changeable=False,
            example="TH",
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)

NOUNS = (AGENCY, JURISDICTION)
