"""Compounds, targets, identifiers and links, as nouns."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from opsplan.jurisdiction.model import JURISDICTION_EDGE, JURISDICTION_EDGE_OF_REASONS, starts_before_it_ends
from opsplan.records.declaration import Contradiction, Derived, Direction, Filter, Kind, Noun, Property, Relation
from opsplan.vocabulary.sentences import say


class CompoundStatus(StrEnum):
    """What is known of a site."""

    SUSPECTED = "SUSPECTED"
    CONFIRMED = "CONFIRMED"
    RAIDED = "RAIDED"
    RELOCATED = "RELOCATED"
    CLOSED = "CLOSED"


class SchemeType(StrEnum):
    """The frauds that are run from a site (the schemes named by INTERPOL's resolution)."""

    VOICE_PHISHING = "VOICE_PHISHING"
    ROMANCE = "ROMANCE"
    INVESTMENT = "INVESTMENT"
    CRYPTOCURRENCY = "CRYPTOCURRENCY"
    TASK_JOB = "TASK_JOB"
    SEXTORTION = "SEXTORTION"
    GAMBLING = "GAMBLING"
    IMPERSONATION = "IMPERSONATION"


class Market(StrEnum):
    """Other illicit markets that overlap with a site."""

    DRUGS = "DRUGS"
    FIREARMS = "FIREARMS"
    WILDLIFE = "WILDLIFE"


class TargetKind(StrEnum):
    """What a target is."""

    NETWORK = "NETWORK"
    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    VEHICLE = "VEHICLE"
    PHONE = "PHONE"
    ACCOUNT = "ACCOUNT"
    WALLET = "WALLET"
    DOMAIN = "DOMAIN"


class TargetStatus(StrEnum):
    """How a target stands."""

    OPEN = "OPEN"
    WANTED = "WANTED"
    DETAINED = "DETAINED"
    CLEARED = "CLEARED"
    CLOSED = "CLOSED"


class IdentifierScheme(StrEnum):
    """Kinds of identifiers."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    PASSPORT = "PASSPORT"
    NATIONAL_ID = "NATIONAL_ID"
    REGISTRATION = "REGISTRATION"
    IBAN = "IBAN"
    ACCOUNT = "ACCOUNT"
    WALLET = "WALLET"
    DOMAIN = "DOMAIN"
    HANDLE = "HANDLE"
    PLATE = "PLATE"


class LinkKind(StrEnum):
    """How the first end of a link stands to the second."""

    OPERATES = "OPERATES"
    OWNS = "OWNS"
    CONTROLS = "CONTROLS"
    MEMBER_OF = "MEMBER_OF"
    RECRUITS_FOR = "RECRUITS_FOR"
    LAUNDERS_FOR = "LAUNDERS_FOR"
    GUARDS = "GUARDS"
    SUPPLIES = "SUPPLIES"
    USES = "USES"
    LOCATED_AT = "LOCATED_AT"
    ASSOCIATED_WITH = "ASSOCIATED_WITH"


def low_likely_high(row: Mapping[str, Any]) -> Contradiction | None:
    """Check that an estimate's three figures rise."""
    low, likely, high = row.get("low"), row.get("likely"), row.get("high")
    if low is not None and likely is not None and high is not None and not low <= likely <= high:
        return Contradiction(
            "likely",
            say("{likely} is not between low {low} and high {high}", likely=likely, low=low, high=high),
            say("give low <= likely <= high"),
        )
    return None


HOPS = (2, 1, 3, 4)
"""Hops that a caller may ask for; the first is the default."""

_LINKED_WITHIN = """{node}.id <> $value.id AND EXISTS {
              MATCH (start:Record {id: $value.id})
                    ((near)<-[first:LINKS_FROM|LINKS_TO]-(link:Link)-[second:LINKS_FROM|LINKS_TO]->(far)
                     WHERE {known} AND NOT link:Retired){1,{hops}} ({node})
            }"""
"""Whether a way of links leads there from another record; ways round to the record itself say nothing of it."""

_NETWORK = """
            MATCH path = ANY SHORTEST
              ({node}) ((near)<-[first:LINKS_FROM|LINKS_TO]-(link:Link)-[second:LINKS_FROM|LINKS_TO]->(far)
                        WHERE {known} AND NOT link:Retired){1,{depth}} ({other}:Target)
            WHERE {other} <> {node}
            WITH {node}, {other}, {hops: size(link), links: [each IN link | each.id]} AS {edge}
            """

NETWORK_EDGE = (
    Property("hops", Kind.INTEGER, "Number of links on a shortest way."),
    Property("links", Kind.TEXT_LIST, "Ids of the links on that way, in order."),
)

COMPOUND = Noun(
    "Compound",
    "Compounds",
    "A scam centre site.",
    owner="targets",
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "What planners call it.",
            required=True,
            max_length=200,
            searched=True,
            sorted_by=True,
            example="EXERCISE Heron Court",
        ),
        Property("aliases", Kind.TEXT_LIST, "Other names, in any script.", max_length=50, searched=True),
        Property(
            "location",
            Kind.POINT,
            "Where it is.",
            required=True,
            indexed=True,
            example={"longitude": 104.9, "latitude": 11.6},
        ),
        Property(
            "status",
            Kind.CHOICE,
            "What is known of it.",
            choices=CompoundStatus,
            default=CompoundStatus.SUSPECTED,
            indexed=True,
            sorted_by=True,
            example="CONFIRMED",
        ),
        Property(
            "scheme_types",
            Kind.CHOICE_LIST,
            "Frauds run from it.",
            choices=SchemeType,
            example=["ROMANCE", "CRYPTOCURRENCY"],
        ),
        Property(
            "capacity", Kind.INTEGER, "People it can hold.", minimum=0, maximum=1_000_000, sorted_by=True, example=400
        ),
        Property(
            "overlapping_markets", Kind.CHOICE_LIST, "Other illicit markets seen there.", choices=Market, example=[]
        ),
        Property("notes", Kind.LONG_TEXT, "What else is known.", max_length=10_000),
    ),
    relations=(
        Relation(
            "country",
            "LIES_IN",
            "Country",
            "The country it certainly lies in; found from the point when not given.",
            example="KH",
        ),
        Relation("merged_into", "MERGED_INTO", "Compound", "The compound that it was merged into.", entered=False),
        Relation(
            "merged_from",
            "MERGED_INTO",
            "Compound",
            "Compounds merged into it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "candidate_countries",
            "MAY_LIE_IN",
            "Country",
            "All countries it may lie in, while that is not certain.",
            many=True,
            entered=False,
        ),
        Relation(
            "victim_estimates",
            "ESTIMATED_AT",
            "VictimEstimate",
            "Expected victims by nationality.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("links_from", "LINKS_FROM", "Link", "Links that begin here.", Direction.IN, many=True, entered=False),
        Relation("links_to", "LINKS_TO", "Link", "Links that end here.", Direction.IN, many=True, entered=False),
        Relation("actions", "AIMS_AT", "Action", "Actions planned there.", Direction.IN, many=True, entered=False),
        Relation(
            "granted_jurisdictions",
            "OVER",
            "Jurisdiction",
            "Jurisdiction granted over it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    derived=(
        Derived(
            "jurisdictions",
            """
            CALL ({node}) {
              MATCH ({node})-[at:LIES_IN|MAY_LIE_IN]->(country:Country)<-[:BASED_IN]-({other}:Agency)
              WHERE {known} AND {other}.territorial
                AND coalesce({other}.exercise, false) = coalesce({node}.exercise, false)
              RETURN {other}, 'TERRITORIAL' AS basis, type(at) = 'LIES_IN' AS certain, null AS instrument
              UNION
              MATCH ({node})<-[:OVER]-(grant:Jurisdiction)-[:GRANTED_TO]->({other}:Agency)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
              RETURN {other}, grant.basis AS basis, true AS certain, grant.instrument AS instrument
              UNION
              MATCH ({node})-[at:LIES_IN|MAY_LIE_IN]->(country:Country)<-[:OVER]-(grant:Jurisdiction)
                    -[:GRANTED_TO]->({other}:Agency)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
                AND coalesce({other}.exercise, false) = coalesce({node}.exercise, false)
              RETURN {other}, grant.basis AS basis, type(at) = 'LIES_IN' AS certain,
                     grant.instrument AS instrument
            }
            """
            + JURISDICTION_EDGE_OF_REASONS,
            "Agencies with jurisdiction over it at an instant (now, when none is given), and on what bases.",
            target="Agency",
            edge=JURISDICTION_EDGE,
            parameters={"at": Kind.INSTANT},
        ),
        Derived(
            "targets",
            "MATCH ({node})<-[first:LINKS_FROM|LINKS_TO]-(link:Link)-[second:LINKS_FROM|LINKS_TO]->({other}:Target) "
            "WHERE {known} AND NOT link:Retired WITH DISTINCT {node}, {other}",
            "Targets linked to it directly.",
            target="Target",
        ),
        Derived(
            "network",
            _NETWORK,
            "Targets linked to it within some links.",
            target="Target",
            edge=NETWORK_EDGE,
            bounds={"depth": HOPS},
        ),
    ),
    filters=(
        Filter(
            "jurisdiction_of",
            """EXISTS {
              MATCH ({node})-[at:LIES_IN|MAY_LIE_IN]->(country:Country)<-[:BASED_IN]-(agency:Agency {id: $value})
              WHERE {known} AND agency.territorial
                AND coalesce(agency.exercise, false) = coalesce({node}.exercise, false)
            } OR EXISTS {
              MATCH ({node})<-[:OVER]-(grant:Jurisdiction)-[:GRANTED_TO]->(agency:Agency {id: $value})
              WHERE {known} AND NOT grant:Retired
                AND grant.start <= $now AND coalesce(grant.end, '9999') > $now
            } OR EXISTS {
              MATCH ({node})-[at:LIES_IN|MAY_LIE_IN]->(country:Country)<-[:OVER]-(grant:Jurisdiction)
                    -[:GRANTED_TO]->(agency:Agency {id: $value})
              WHERE {known} AND NOT grant:Retired
                AND grant.start <= $now AND coalesce(grant.end, '9999') > $now
                AND coalesce(agency.exercise, false) = coalesce({node}.exercise, false)
            }""",
            "Sites over which the agency of this id has jurisdiction now, by territory or grant.",
            kind=Kind.TEXT,
        ),
        Filter(
            "linked_within",
            _LINKED_WITHIN,
            "Sites linked to the record of this id within so many links.",
            members={"id": Kind.TEXT},
            bounds={"hops": HOPS},
        ),
    ),
    found_together=(("status", "capacity"),),
)

VICTIM_ESTIMATE = Noun(
    "VictimEstimate",
    "VictimEstimates",
    "How many victims of one nationality are expected at a compound.",
    owner="targets",
    properties=(
        Property("low", Kind.INTEGER, "Low figure.", required=True, minimum=0, maximum=1_000_000, example=20),
        Property("likely", Kind.INTEGER, "Likely figure.", required=True, minimum=0, maximum=1_000_000, example=35),
        Property("high", Kind.INTEGER, "High figure.", required=True, minimum=0, maximum=1_000_000, example=60),
        Property(
            "as_of",
            Kind.INSTANT,
            "When it was estimated.",
            required=True,
            sorted_by=True,
            example="2026-11-01T00:00:00Z",
        ),
    ),
    relations=(
        Relation("compound", "ESTIMATED_AT", "Compound", "Where.", required=True, changeable=False),
        Relation("nationality", "OF_NATIONALITY", "Country", "Of which country.", required=True, example="VN"),
    ),
    checks=(low_likely_high,),
)

TARGET = Noun(
    "Target",
    "Targets",
    "A person, organisation or thing of interest.",
    owner="targets",
    properties=(
        Property("kind", Kind.CHOICE, "What it is.", required=True, choices=TargetKind, indexed=True, example="PERSON"),
        Property(
            "name",
            Kind.TEXT,
            "Main name.",
            required=True,
            max_length=300,
            searched=True,
            sorted_by=True,
            example="EXERCISE Quill Marrow",
        ),
        Property("aliases", Kind.TEXT_LIST, "Other names, in any script.", max_length=100, searched=True),
        Property(
            "status",
            Kind.CHOICE,
            "How it stands.",
            choices=TargetStatus,
            default=TargetStatus.OPEN,
            indexed=True,
            sorted_by=True,
        ),
        Property("location", Kind.POINT, "Where it was last known to be.", indexed=True),
        Property("notes", Kind.LONG_TEXT, "What else is known.", max_length=10_000),
    ),
    relations=(
        Relation(
            "nationalities",
            "NATIONAL_OF",
            "Country",
            "Nationalities or places of registration.",
            many=True,
            example=["KH"],
        ),
        Relation("merged_into", "MERGED_INTO", "Target", "The target that it was merged into.", entered=False),
        Relation(
            "merged_from", "MERGED_INTO", "Target", "Targets merged into it.", Direction.IN, many=True, entered=False
        ),
        Relation("identifiers", "IDENTIFIES", "Identifier", "Its identifiers.", Direction.IN, many=True, entered=False),
        Relation("links_from", "LINKS_FROM", "Link", "Links that begin here.", Direction.IN, many=True, entered=False),
        Relation("links_to", "LINKS_TO", "Link", "Links that end here.", Direction.IN, many=True, entered=False),
        Relation("actions", "CONCERNS", "Action", "Actions that concern it.", Direction.IN, many=True, entered=False),
    ),
    derived=(
        Derived(
            "compounds",
            "MATCH ({node})<-[first:LINKS_FROM|LINKS_TO]-(link:Link)-[second:LINKS_FROM|LINKS_TO]->({other}:Compound) "
            "WHERE {known} AND NOT link:Retired WITH DISTINCT {node}, {other}",
            "Compounds linked to it directly.",
            target="Compound",
        ),
        Derived(
            "network",
            _NETWORK,
            "Targets linked to it within some links.",
            target="Target",
            edge=NETWORK_EDGE,
            bounds={"depth": HOPS},
        ),
    ),
    filters=(
        Filter(
            "identifier",
            "EXISTS { MATCH ({node})<-[:IDENTIFIES]-(mark:Identifier) "
            "WHERE {known} AND mark.value = $value AND NOT mark:Retired }",
            "Targets with this identifier.",
            kind=Kind.TEXT,
        ),
        Filter(
            "linked_within",
            _LINKED_WITHIN,
            "Targets linked to the record of this id within so many links.",
            members={"id": Kind.TEXT},
            bounds={"hops": HOPS},
        ),
    ),
)

IDENTIFIER = Noun(
    "Identifier",
    "Identifiers",
    "A number, name or address by which a target is known. None is unique: phones change hands.",
    owner="targets",
    properties=(
        Property("scheme", Kind.CHOICE, "Of what kind.", required=True, choices=IdentifierScheme, example="PHONE"),
        Property(
            "value",
            Kind.TEXT,
            "The identifier itself.",
            required=True,
            max_length=300,
            indexed=True,
            example="+85510000001",
        ),
    ),
    relations=(Relation("target", "IDENTIFIES", "Target", "Of which target.", required=True, changeable=False),),
)

LINK = Noun(
    "Link",
    "Links",
    "How one target stands to another or to a compound.",
    owner="targets",
    properties=(
        Property("kind", Kind.CHOICE, "How.", required=True, choices=LinkKind, indexed=True, example="OPERATES"),
        Property("start", Kind.INSTANT, "Since when."),
        Property("end", Kind.INSTANT, "Until when, exclusive."),
        Property("notes", Kind.LONG_TEXT, "What else is known.", max_length=10_000),
    ),
    relations=(
        Relation("from", "LINKS_FROM", ("Target", "Compound"), "The first end.", required=True, changeable=False),
        Relation("to", "LINKS_TO", ("Target", "Compound"), "The second end.", required=True, changeable=False),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)

NOUNS = (COMPOUND, VICTIM_ESTIMATE, TARGET, IDENTIFIER, LINK)
