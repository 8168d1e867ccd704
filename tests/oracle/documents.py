"""The operations that are sent: one list per kind of record, each with what of it a rule asks for."""

from dataclasses import dataclass

TOWN_INHABITANTS = 100_000
"""Towns of this size matter to travel."""

_PART = "pageInfo { hasNextPage }"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list at the root of the schema: its field, the type of its filter, what to select, rows to a page."""

    field: str
    filter: str
    selection: str
    page: int = 1_000
    arguments: str = ""

    @property
    def document(self) -> str:
        """Give the operation; its variables are ``where``, ``first`` and ``after``."""
        given = f"where: $where, first: $first, after: $after{self.arguments}"
        return (
            f"query Page($where: {self.filter}, $first: Int!, $after: String) {{ {self.field}({given}) {{ "
            f"pageInfo {{ hasNextPage endCursor }} nodes {{ {self.selection} }} }} }}"
        )


PLAN = """
query PlanToBeChecked($id: ID!) {
  plan(id: $id) { id number state operation { id codeName start end hHour exercise } }
}
"""

PLACEMENTS = Listing(
    "plannedActions",
    "PlannedActionFilter",
    "id start end localStart timeZone hOffsetMinutes staffing action { id state } mode { id } "
    f"units(first: 200, includeRetired: true) {{ {_PART} nodes {{ id }} }}",
    page=200,
)

ACTIONS = Listing(
    "actions",
    "ActionFilter",
    "id name kind state location windowStart windowEnd mandatory country { code } group { id } "
    "compound { location country { code } }",
)
MODES = Listing("actionModes", "ActionModeFilter", "id name duration action { id }")
UNIT_NEEDS = Listing("unitNeeds", "UnitNeedFilter", "id unitKind unitType count languages mode { id }")
RESOURCE_NEEDS = Listing(
    "resourceNeeds", "ResourceNeedFilter", "id resourceKind language amount afterStart held mode { id }"
)
GROUPS = Listing("simultaneityGroups", "SimultaneityGroupFilter", "id name tolerance")
PRECEDENCES = Listing("precedences", "PrecedenceFilter", "id minLag maxLag before { id } after { id }")
WARRANTS = Listing("warrants", "WarrantFilter", "id start end action { id }")

_OFFERS = f"offers(first: 20) {{ {_PART} nodes {{ start end amount participant {{ state operation {{ id }} }} }} }}"
_UNIT = "id name kind type home languages permittedCountries maxDuty minRest agency { country { code } }"
UNITS = Listing("units", "UnitFilter", f"{_UNIT} {_OFFERS}", page=200)
BOUND_UNITS = Listing("units", "UnitFilter", _UNIT, arguments=", includeRetired: true")
ABSENCES = Listing("unitAbsences", "UnitAbsenceFilter", "id start end unit { id }")
RESOURCES = Listing(
    "resources",
    "ResourceFilter",
    f"id name kind language country {{ code }} offeredTo(first: 100) {{ {_PART} nodes {{ id state }} }} {_OFFERS}",
    page=200,
)
CAPACITIES = Listing("capacities", "CapacityFilter", "id start end amount resource { id }")
QUIET_HOURS = Listing("allQuietHours", "QuietHoursFilter", "id fromLocal untilLocal actionKinds country { code }")

ELSEWHERE = Listing(
    "plannedActions",
    "PlannedActionFilter",
    "id start end plan { operation { id state retiredAt } } "
    "action { name state retiredAt location country { code } compound { location country { code } } } "
    f"mode {{ resourceNeeds(first: 100) {{ {_PART} nodes {{ resourceKind language amount afterStart held }} }} }} "
    f"units(first: 200) {{ {_PART} nodes {{ id }} }}",
    page=200,
)

COUNTRIES = Listing(
    "countries",
    "CountryFilter",
    "code cities(first: 1, orderBy: [POPULATION_DESC]) { nodes { name location population timeZone } }",
)
ZONES = Listing("countries", "CountryFilter", "code timeZones")
AIRPORTS = Listing("airports", "AirportFilter", "code icao name location timeZone country { code }")
TOWNS = Listing("cities", "CityFilter", "name location population timeZone country { code }")
