"""IANA time zones: which exist, which a country uses, which names are two names of one zone.

Names, countries and links are read from the package tzdata; the rules of a zone are what `zoneinfo` finds, the
system's own when it has them.
"""

import difflib
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from opsplan.geography.errors import UnknownTimeZone
from opsplan.vocabulary.sentences import say

_MINUTES_PER_DEGREE = 4


@cache
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """Give the zones of each country (ISO 3166-1 alpha-2), in the order of tzdata's table ``zone.tab``.

    Uninhabited Bouvet Island (BV) and Heard and McDonald Islands (HM) have none and are absent.
    """
    zones: dict[str, tuple[str, ...]] = {}
    for line in _table("zone.tab"):
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones[code] = (*zones.get(code, ()), zone)
    return zones


def canonical(zone: str) -> str:
    """Give the zone that `zone` is another name of, or `zone` itself.

    >>> canonical("Europe/Zaporozhye"), canonical("Asia/Vientiane")
    ('Europe/Kyiv', 'Asia/Bangkok')
    """
    return _links().get(zone, zone)


def known_zone(name: str, *, field: str = "time_zone") -> ZoneInfo:
    """Give the zone of that IANA name.

    Raises
    ------
    UnknownTimeZone
        With the nearest names that exist.
    """
    if name in _names():
        return ZoneInfo(name)
    suggestions = _near(name)
    remedy = say("give a name of the IANA time zone database, e.g. Asia/Phnom_Penh")
    if suggestions:
        remedy = say("did you mean {suggestions:or}? {remedy}", suggestions=suggestions, remedy=remedy)
    raise UnknownTimeZone(
        say("{field}: {name!r} is no IANA time zone.", field=field, name=name),
        field=field,
        value=name,
        remedy=remedy,
        suggestions=suggestions,
    )


def nautical_zone(longitude: float) -> str:
    """Give the time zone that ships keep at a longitude, for places where no country has set one.

    The sign is turned round, as POSIX has it: 150 degrees east keeps UTC+10, which is named ``Etc/GMT-10``.

    >>> nautical_zone(150.0), nautical_zone(-3.4), nautical_zone(3.4)
    ('Etc/GMT-10', 'Etc/GMT', 'Etc/GMT')
    """
    hours = round(longitude * _MINUTES_PER_DEGREE / 60)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def _near(name: str) -> tuple[str, ...]:
    """Names that end alike come first: a missing or wrong region is the commonest slip."""
    city = name.rpartition("/")[2].casefold().replace(" ", "_")
    same_city = sorted(zone for zone in _names() if zone.rpartition("/")[2].casefold() == city)
    return tuple(same_city[:3] or difflib.get_close_matches(name, sorted(_names()), n=3, cutoff=0.7))


@cache
def _names() -> frozenset[str]:
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(names) - {"Factory"}


@cache
def _links() -> dict[str, str]:
    lines = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {name: target for _, target, name in lines}


def _table(name: str) -> list[str]:
    return (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
