"""Agencies, as a noun."""

from enum import StrEnum

from opsplan.jurisdiction.model.contact import on_duty
from opsplan.jurisdiction.model.grant import JURISDICTION_EDGE, JURISDICTION_EDGE_OF_REASONS
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
            "Whether it has jurisdiction over all that lies in its country. Only an administrator changes it.",
            default=False,
            administered=True,
            example=True,
        ),
        Property(
            "watch_centre",
            Kind.BOOLEAN,
            "Whether conflicts that nobody acknowledges or resolves in time come to it. Only an administrator changes "
            "it.",
            default=False,
            administered=True,
            indexed=True,
        ),
        Property("duty_phone", Kind.TEXT, "Number of the post on duty (never a person's own).", max_length=40),
        Property("duty_email", Kind.TEXT, "Address of the post on duty.", max_length=200),
    ),
    relations=(
        Relation(
            "country",
            "BASED_IN",
            "Country",
            "Its country; none for an international body. Only an administrator changes it.",
            administered=True,
            example="KH",
        ),
        Relation(
            "jurisdictions",
            "GRANTED_TO",
            "Jurisdiction",
            "Jurisdiction granted to it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "contact_points",
            "CONTACT_OF",
            "ContactPoint",
            "Its posts that can be called.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "keys",
            "KEY_OF",
            "AgencyKey",
            "Public keys whose signatures count for it.",
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
                AND coalesce({other}.exercise, false) = coalesce({node}.exercise, false)
              RETURN {other}, 'TERRITORIAL' AS basis, type(at) = 'LIES_IN' AS certain, null AS instrument
              UNION
              MATCH ({node})<-[:GRANTED_TO]-(grant:Jurisdiction)-[:OVER]->({other}:Compound)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
              RETURN {other}, grant.basis AS basis, true AS certain, grant.instrument AS instrument
              UNION
              MATCH ({node})<-[:GRANTED_TO]-(grant:Jurisdiction)-[:OVER]->(country:Country)
                    <-[at:LIES_IN|MAY_LIE_IN]-({other}:Compound)
              WHERE {known} AND NOT grant:Retired AND grant.start <= $at AND coalesce(grant.end, '9999') > $at
                AND coalesce({other}.exercise, false) = coalesce({node}.exercise, false)
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
        on_duty(),
    ),
)
