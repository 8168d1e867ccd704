"""Rules of compounds and links: on whose soil a site lies, and that a link joins two different records.

Pure: the borders come from `opsplan.geography`, everything else from the arguments.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from opsplan.geography.territory import TerritoryAnswer, countries_at
from opsplan.records.laws import Draft, Filled, NounRules
from opsplan.records.problem import Problem
from opsplan.vocabulary.ids import reference_id
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

_COUNTRY = "Country"


@lru_cache(maxsize=100_000)
def territory_of(point: GeoPoint) -> TerritoryAnswer:
    """Give on whose soil a point lies, with the default tolerance; many records share a point."""
    return countries_at(point)


def country_of(
    point: GeoPoint, given: str | None, kept: str | None = None
) -> tuple[str | None, list[str], Problem | None]:
    """Decide on whose soil a point lies.

    Parameters
    ----------
    point
        Where.
    given
        Id of the country that the caller names, if any.
    kept
        Id of the country that stood before, if any: it is kept while it is still possible.

    Returns
    -------
    tuple
        Id of the country, if it is certain or decided; ids of all candidates while it is not; what is wrong with the
        country given.

    >>> country_of(GeoPoint(104.92, 11.56), None)
    ('country_kh', [], None)
    >>> country_of(GeoPoint(102.6, 17.96), None)[:2]
    (None, ['country_la', 'country_th'])
    >>> country_of(GeoPoint(102.6, 17.96), "country_th")[:2]
    ('country_th', [])
    """
    answer = territory_of(point)
    candidates = [reference_id(_COUNTRY, each.country) for each in answer.candidates]
    if given is not None:
        if given in candidates:
            return given, [], None
        return None, candidates, _elsewhere(point, given, answer)
    if answer.certain is not None:
        return reference_id(_COUNTRY, answer.certain), [], None
    if kept is not None and kept in candidates:
        return kept, [], None
    return None, candidates, None


def _elsewhere(point: GeoPoint, given: str, answer: TerritoryAnswer) -> Problem:
    code = given.rpartition("_")[2].upper()
    where = say("longitude {longitude:g}, latitude {latitude:g}", longitude=point.longitude, latitude=point.latitude)
    lies = [each.country for each in answer.candidates]
    if not lies:
        what = say(
            "{code} is given, but {where} lies on the high seas, more than 200 nautical miles from every country",
            code=code,
            where=where,
        )
    else:
        what = say("{code} is given, but {where} lies in {lies:or}", code=code, where=where, lies=lies)
    return Problem("country", code, what, say("correct the point or the country, or leave the country out"), "country")


def fill_compound(draft: Draft) -> Filled:
    """Find a compound's country from its point: LIES_IN when certain or given, else MAY_LIE_IN to each candidate."""
    row, given = draft.row, draft.given
    point = row.get("location")
    if not isinstance(point, GeoPoint) or not given & {"location", "country"}:
        return {}, []
    named = row.get("country") if "country" in given else None
    country, candidates, problem = country_of(point, named, None if "country" in given else row.get("country"))
    if problem is not None:
        return {}, [problem]
    return {"country": country, "candidate_countries": candidates}, []


def fill_link(draft: Draft) -> Filled:
    """Refuse a link from a record to itself."""
    row = draft.row
    if row.get("from") is not None and row.get("from") == row.get("to"):
        what = say("both ends are {from_}", from_=row["from"])
        return {}, [Problem("to", row["to"], what, say("link two different records"), "to")]
    return {}, []


RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {"Compound": NounRules(fill=fill_compound), "Link": NounRules(fill=fill_link)}
)
"""The rules of this room's nouns, by name."""
