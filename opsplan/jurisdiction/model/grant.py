"""Granted jurisdiction, as a noun, and the edge between an agency and what lies under its jurisdiction."""

from enum import StrEnum

from opsplan.jurisdiction.model.checks import starts_before_it_ends
from opsplan.records.declaration import Kind, Noun, Property, Relation


class Basis(StrEnum):
    """The bases of jurisdiction known to international law (Harvard Draft Convention of 1935, and the flag)."""

    TERRITORIAL = "TERRITORIAL"
    FLAG = "FLAG"
    ACTIVE_NATIONALITY = "ACTIVE_NATIONALITY"
    PASSIVE_PERSONALITY = "PASSIVE_PERSONALITY"
    PROTECTIVE = "PROTECTIVE"
    UNIVERSAL = "UNIVERSAL"
    CONSENT = "CONSENT"


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
