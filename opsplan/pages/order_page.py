"""An order sheet as one self-contained A4 page, to be printed: of a unit, or of a host country.

What it shows is a sheet as `opsplan.orders` makes it. The page loads nothing and runs no script.
"""

from collections.abc import Callable, Mapping
from typing import Any

from opsplan.pages.rendering import render
from opsplan.vocabulary.clock import instant_from_text, minute_text

Sheet = Mapping[str, Any]


def unit_page(sheet: Sheet, printed_at: str) -> str:
    """Write the page of a unit's order; `printed_at` is the instant at which it was read."""
    agency = f"{sheet['agency_name']} ({sheet['agency']})" if sheet["agency"] else ""
    kind = f"{_words(sheet['kind'])} type {sheet['type']}"
    return _page(
        sheet,
        title=f"Orders: {sheet['unit']}",
        subtitle=", ".join(each for each in (kind, agency) if each),
        nothing="The plan asks nothing of this unit: it is released.",
        printed_at=printed_at,
    )


def country_page(sheet: Sheet, country_name: str, printed_at: str) -> str:
    """Write the page of all that happens on the soil of a country."""
    return _page(
        sheet,
        title=f"Actions in {country_name}",
        subtitle=f"{len(sheet['tasks'])} actions",
        nothing="The plan does nothing in this country.",
        printed_at=printed_at,
    )


def _page(sheet: Sheet, **words: Any) -> str:
    filters: dict[str, Callable[[Any], str]] = {
        "utc": lambda text: minute_text(instant_from_text(text)),
        "local": lambda text: f"{text[:10]} {text[11:16]} {text[16:]}",
        "words": _words,
        "coordinates": _coordinates,
        "way": way_text,
    }
    known = {"changes": (), "order_id": None, "state": None, "acknowledged_at": None}
    return render("orders.html.j2", filters, sheet={**known, **sheet}, **words) + "\n"


def way_text(route: Mapping[str, Any]) -> str:
    """Say a way in words.

    >>> way_text({"from": "home", "minutes": 95, "leave_by": "2026-12-01T04:25:00.000Z", "by": "ROAD"})
    'by road from home, 1 h 35 min; leave by 2026-12-01 04:25 UTC'
    """
    leave = f"leave by {minute_text(instant_from_text(route['leave_by']))}"
    if route["by"] == "ROAD":
        return f"by road from {route['from']}, {_length(route['minutes'])}; {leave}"
    legs = sum(route[name] for name in ("to_departure_minutes", "flight_minutes", "from_arrival_minutes"))
    rest = max(0, route["minutes"] - legs)
    return (
        f"from {route['from']} by road to {route['departure_airport']}, {_length(route['to_departure_minutes'])}; "
        f"by air to {route['arrival_airport']}, {_length(route['flight_minutes'])}; by road from there, "
        f"{_length(route['from_arrival_minutes'])}; {_length(rest)} at the airports; "
        f"{_length(route['minutes'])} in all, {leave}"
    )


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(
        each for each in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if each
    )


def _coordinates(location: Mapping[str, float]) -> str:
    latitude, longitude = location["latitude"], location["longitude"]
    north = "N" if latitude >= 0 else "S"
    east = "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.5f}° {north}, {abs(longitude):.5f}° {east}"


def _words(name: str) -> str:
    """Write a choice as words.

    >>> _words("VICTIM_EXTRACTION")
    'victim extraction'
    """
    return name.replace("_", " ").lower()
