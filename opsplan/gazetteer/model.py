"""The reference nouns: Country, City, Airport."""

from opsplan.gazetteer.clocks import LOCAL_TIME, LOCAL_TIMES
from opsplan.records.declaration import Derived, Direction, Kind, Noun, Property, Relation

COUNTRY = Noun(
    "Country",
    "Countries",
    "A country or territory of ISO 3166-1.",
    owner="gazetteer",
    entered=False,
    system=True,
    key="code",
    properties=(
        Property("code", Kind.TEXT, "ISO 3166-1 alpha-2 code.", required=True, indexed=True, sorted_by=True),
        Property("alpha3", Kind.TEXT, "ISO 3166-1 alpha-3 code.", required=True, indexed=True),
        Property("numeric", Kind.TEXT, "ISO 3166-1 numeric code, three digits.", required=True),
        Property("name", Kind.TEXT, "Short English name.", required=True, searched=True, sorted_by=True),
        Property("official_name", Kind.TEXT, "Official English name."),
        Property("time_zones", Kind.ZONES, "IANA time zones in use.", required=True),
        Property("borders_known", Kind.BOOLEAN, "Whether a border polygon is at hand; else a circle stands in."),
    ),
    relations=(
        Relation(
            "neighbours",
            "NEIGHBOURS",
            "Country",
            "Countries that share a land border.",
            direction=Direction.BOTH,
            many=True,
            entered=False,
        ),
        Relation("agencies", "BASED_IN", "Agency", "Agencies of the country.", Direction.IN, many=True, entered=False),
        Relation("compounds", "LIES_IN", "Compound", "Compounds on its soil.", Direction.IN, many=True, entered=False),
        Relation("airports", "SERVES", "Airport", "Its airports.", Direction.IN, many=True, entered=False),
        Relation("cities", "CITY_OF", "City", "Its larger cities.", Direction.IN, many=True, entered=False),
        Relation(
            "quiet_hours",
            "QUIET_HOURS_OF",
            "QuietHours",
            "Hours in which actions may not begin or run.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("resources", "HELD_IN", "Resource", "Resources held there.", Direction.IN, many=True, entered=False),
    ),
    derived=(
        Derived(
            "jurisdictions",
            "MATCH ({node})<-[:BASED_IN]-({other}:Agency) WHERE {known} AND {other}.territorial",
            "Agencies with territorial jurisdiction in the country.",
            target="Agency",
        ),
    ),
    computed=(LOCAL_TIMES,),
)

CITY = Noun(
    "City",
    "Cities",
    "A city of the GeoNames gazetteer (geonames.org, CC BY 4.0).",
    owner="gazetteer",
    entered=False,
    system=True,
    key="code",
    properties=(
        Property("code", Kind.TEXT, "GeoNames id.", required=True, indexed=True),
        Property("name", Kind.TEXT, "Name.", required=True, searched=True, sorted_by=True),
        Property("location", Kind.POINT, "Where it is.", required=True, indexed=True),
        Property("population", Kind.INTEGER, "Inhabitants.", sorted_by=True),
        Property("time_zone", Kind.TEXT, "IANA time zone.", required=True),
    ),
    relations=(Relation("country", "CITY_OF", "Country", "The country it lies in.", entered=False, required=True),),
    computed=(LOCAL_TIME,),
)

AIRPORT = Noun(
    "Airport",
    "Airports",
    "An airport with an IATA code.",
    owner="gazetteer",
    entered=False,
    system=True,
    key="code",
    properties=(
        Property("code", Kind.TEXT, "IATA code.", required=True, indexed=True, sorted_by=True),
        Property("icao", Kind.TEXT, "ICAO code."),
        Property("name", Kind.TEXT, "Name.", required=True, searched=True, sorted_by=True),
        Property("location", Kind.POINT, "Where it is.", required=True, indexed=True),
        Property("time_zone", Kind.TEXT, "IANA time zone.", required=True),
    ),
    relations=(Relation("country", "SERVES", "Country", "The country it lies in.", entered=False, required=True),),
    computed=(LOCAL_TIME,),
)

NOUNS = (COUNTRY, CITY, AIRPORT)
