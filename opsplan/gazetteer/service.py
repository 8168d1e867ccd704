"""Keep the gazetteer of the graph as the packages have it: written once, and anew when their data have changed."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from opsplan.gazetteer import store
from opsplan.gazetteer.model import AIRPORT, CITY, COUNTRY
from opsplan.geography.countries import countries
from opsplan.geography.places import airports, cities
from opsplan.graph.driver import Graph
from opsplan.records.declaration import Noun
from opsplan.records.search import search_texts
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.ids import reference_id
from opsplan.vocabulary.place import GeoPoint

_FORM = "1"
"""Changes when the same data are to be written in another form."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All rows, ready for the store, and what tells them from another edition."""

    countries: tuple[Mapping[str, Any], ...]
    neighbours: tuple[Mapping[str, Any], ...]
    cities: tuple[Mapping[str, Any], ...]
    airports: tuple[Mapping[str, Any], ...]
    fingerprint: str


async def keep_gazetteer(graph: Graph, clock: Clock, wanted: Gazetteer | None = None) -> bool:
    """Write countries, cities and airports unless the graph holds this edition; say whether it had to.

    Safe to be called by several services at once, and again after a crash in the middle: every batch writes the same
    wherever it is run, and the edition is noted last. A place that a newer edition lacks stays, as records may
    refer to it. `wanted` is that of the packages, unless another is given.
    """
    edition: Gazetteer = await asyncio.to_thread(gazetteer) if wanted is None else wanted
    if await store.edition(graph) == edition.fingerprint:
        return False
    await store.put_countries(graph, edition.countries, edition.neighbours)
    await store.put_places(graph, edition.cities, edition.airports)
    await store.put_edition(graph, edition.fingerprint, instant_text(clock()))
    return True


async def keep_countries(graph: Graph) -> None:
    """Write the countries alone: enough for records to refer to, in a fraction of a second."""
    wanted, neighbours = await asyncio.to_thread(_countries)
    await store.put_countries(graph, wanted, neighbours)


@cache
def gazetteer() -> Gazetteer:
    """Gather all rows from the packages; takes about a second, once per process."""
    listed, neighbours = _countries()
    known_cities, known_airports = cities(), airports()
    everything = repr((_FORM, countries(), known_cities, known_airports))
    return Gazetteer(
        countries=listed,
        neighbours=neighbours,
        cities=tuple(
            _place(
                CITY,
                row.country,
                row.location,
                {"code": row.code, "name": row.name, "population": row.population, "time_zone": row.time_zone},
            )
            for row in known_cities
        ),
        airports=tuple(
            _place(
                AIRPORT,
                row.country,
                row.location,
                {"code": row.code, "icao": row.icao or None, "name": row.name, "time_zone": row.time_zone},
            )
            for row in known_airports
        ),
        fingerprint=hashlib.sha256(everything.encode()).hexdigest(),
    )


@cache
def _countries() -> tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]:
    kept = {each.name for each in COUNTRY.properties}
    listed = []
    for row in countries():
        properties = {name: value for name, value in asdict(row).items() if name in kept}
        properties["time_zones"] = list(row.time_zones)
        listed.append({**properties, **_found_by(COUNTRY, properties)})
    neighbours = tuple(
        {"one": reference_id(COUNTRY.name, row.code), "other": reference_id(COUNTRY.name, other)}
        for row in countries()
        for other in row.neighbours
        if row.code < other
    )
    return tuple(listed), neighbours


def _place(noun: Noun, country: str, location: GeoPoint, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "properties": {**properties, **_found_by(noun, properties)},
        "location": {"longitude": location.longitude, "latitude": location.latitude},
        "country": reference_id(COUNTRY.name, country),
    }


def _found_by(noun: Noun, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": reference_id(noun.name, str(properties["code"])),
        **search_texts(noun, properties),
    }
