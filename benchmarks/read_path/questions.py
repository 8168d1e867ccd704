"""The questions: for each the GraphQL of opsplan and of the peer, the driver's statement, and the values to ask with.

All three ask for the same fields of the same records in the same order; `plain` brings an answer of any of them to one
shape, and the measurement refuses to begin while two of them differ.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.read_path.data import busy_countries, centres, words

Values = Mapping[str, Any]

_VARIANTS = 40
_BY_ID_VARIANTS = 400
_RADIUS_M = 150_000
_SINGLE = frozenset({"country", "agency"})
"""References, which the peer knows as lists of one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as each side is asked it.

    Attributes
    ----------
    name
        As the table shows it.
    opsplan, peer
        GraphQL documents.
    driver
        A statement whose rows have one column.
    values
        Gives, from the compounds' ids, the variables to ask with, in turn.
    peer_values
        The peer's variables for opsplan's.
    """

    name: str
    opsplan: str
    peer: str
    driver: str
    values: Callable[[Sequence[str]], list[Values]]
    peer_values: Callable[[Values], Values] = dict


def plain(data: Any) -> list[Any]:
    """Bring the `data` of an answer to the shape of the driver's rows.

    >>> plain({"compounds": {"nodes": [{"country": {"code": "KH"}}]}})
    [{'country': {'code': 'KH'}}]
    >>> plain({"compounds": [{"country": [{"code": "KH"}]}]})
    [{'country': {'code': 'KH'}}]
    >>> plain({"countries": [{"compoundsConnection": {"totalCount": 3}}]})
    [3]
    """
    if isinstance(data, dict):
        (data,) = data.values()
    found = _plain(data)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"nodes"}:
        return _plain(value["nodes"])
    if value.keys() == {"compoundsConnection"}:
        return _plain(value["compoundsConnection"])
    if value.keys() == {"edges"}:
        return [_plain(each["node"]) for each in value["edges"]]
    if value.keys() == {"totalCount"}:
        return value["totalCount"]
    return {
        key: _plain((each or [None])[0] if key in _SINGLE and isinstance(each, list) else each)
        for key, each in value.items()
    }


_VALUES = "id name status capacity country { code name }"
_LISTS = """
    victimEstimates { nodes { id low likely high } }
    grantedJurisdictions { nodes { id basis agency { id code name } } }
    targets { nodes { id name kind } }"""
_IN_FORCE = "retiredAt: {eq: null}"
_PEER_SORTED = f"where: {{{_IN_FORCE}}}, sort: [{{id: ASC}}]"
_PEER_LISTS = f"""
    victimEstimates({_PEER_SORTED}) {{ id low likely high }}
    grantedJurisdictions({_PEER_SORTED}) {{ id basis agency {{ id code name }} }}
    targets {{ id name kind }}"""

# Lists are in order, as the API's are; COLLECT is the way to say so.
_DRIVER_COUNTRY = "country: head([(c)-[:LIES_IN]->(k:Country) | k {.code, .name}])"
_DRIVER_VALUES = f".id, .name, .status, .capacity, {_DRIVER_COUNTRY}"
_DRIVER_TARGETS = """COLLECT {
    MATCH (c)<-[:LINKS_FROM|LINKS_TO]-(l:Link WHERE l.retired_at IS NULL)-[:LINKS_FROM|LINKS_TO]->(t:Target)
    WHERE t.retired_at IS NULL WITH DISTINCT t ORDER BY t.id RETURN t {.id, .name, .kind}
  }"""
_DRIVER_GRANTS = """COLLECT {
    MATCH (c)<-[:OVER]-(j:Jurisdiction) WHERE j.retired_at IS NULL WITH j ORDER BY j.id
    RETURN j {.id, .basis, agency: head([(j)-[:GRANTED_TO]->(a:Agency) | a {.id, .code, .name}])}
  }"""
_DRIVER_LISTS = f"""victimEstimates: COLLECT {{
    MATCH (c)<-[:ESTIMATED_AT]-(v:VictimEstimate) WHERE v.retired_at IS NULL WITH v ORDER BY v.id
    RETURN v {{.id, .low, .likely, .high}}
  }},
  grantedJurisdictions: {_DRIVER_GRANTS},
  targets: {_DRIVER_TARGETS}"""
_DRIVER_ALL = "MATCH (c:Record&Compound) WHERE c.id >= 'compound_' AND c.id < 'compound`' AND c.retired_at IS NULL"

BY_ID = Question(
    "by id",
    f"query ($id: ID!) {{ compound(id: $id) {{ {_VALUES} {_LISTS} }} }}",
    f"query ($id: ID!) {{ compounds(where: {{id: {{eq: $id}}, {_IN_FORCE}}}) {{ {_VALUES} {_PEER_LISTS} }} }}",
    f"MATCH (c:Record {{id: $id}}) WHERE c:Compound AND c.retired_at IS NULL "
    f"RETURN c {{{_DRIVER_VALUES}, {_DRIVER_LISTS}}} AS c",
    lambda ids: [{"id": each} for each in random.Random(1).choices(ids, k=_BY_ID_VARIANTS)],
)


def _list(first: int) -> Question:
    return Question(
        f"list of {first:,}",
        f"query ($first: Int!) {{ compounds(first: $first) {{ nodes {{ {_VALUES} {_LISTS} }} }} }}",
        # Where the ids begin so, the server reads them in order from the index and stops; else it sorts them all.
        f'query ($first: Int!) {{ compounds(where: {{id: {{startsWith: "compound_"}}, {_IN_FORCE}}}, '
        f"sort: [{{id: ASC}}], limit: $first) {{ {_VALUES} {_PEER_LISTS} }} }}",
        f"{_DRIVER_ALL} WITH c ORDER BY c.id LIMIT $first RETURN c {{{_DRIVER_VALUES}, {_DRIVER_LISTS}}} AS c",
        lambda _: [{"first": first}],
    )


LISTS = (_list(100), _list(1_000))

TEXT = Question(
    "filtered text",
    "query ($text: String!) { compounds(first: 20, orderBy: [NAME_ASC], "
    "where: {text: $text, status: {eq: SUSPECTED}}) "
    f"{{ nodes {{ {_VALUES} }} }} }}",
    "query ($text: String!) { compoundsByText(phrase: $text, "
    f'where: {{node: {{status: {{eq: "SUSPECTED"}}, {_IN_FORCE}}}}}, '
    "sort: [{node: {name: ASC}}, {node: {id: ASC}}], first: 20) "
    f"{{ edges {{ node {{ {_VALUES} }} }} }} }}",
    "CALL db.index.fulltext.queryNodes('search_compound', '+' + $text + '*') YIELD node AS c "
    "WITH c WHERE c.status = 'SUSPECTED' AND c.retired_at IS NULL WITH c ORDER BY c.name, c.id LIMIT 20 "
    f"RETURN c {{{_DRIVER_VALUES}}} AS c",
    lambda _: [{"text": each} for each in words()[:_VARIANTS]],
    lambda values: {"text": f"+{values['text']}*"},
)

RADIUS = Question(
    "radius",
    "query ($center: GeoPoint!, $radiusM: Float!) { compounds(first: 100, where: {location: "
    "{withinRadius: {center: $center, radiusM: $radiusM}}}) "
    f"{{ nodes {{ {_VALUES} location }} }} }}",
    "query ($center: PointInput!, $radiusM: Float!) { compounds(where: {location: "
    f"{{distance: {{from: $center, lte: $radiusM}}}}, {_IN_FORCE}}}, sort: [{{id: ASC}}], limit: 100) "
    f"{{ {_VALUES} location {{ longitude latitude }} }} }}",
    "MATCH (c:Compound) WHERE point.distance(c.location, point($center)) <= $radiusM AND c.retired_at IS NULL "
    f"WITH c ORDER BY c.id LIMIT 100 RETURN c {{{_DRIVER_VALUES}, "
    "location: {longitude: c.location.longitude, latitude: c.location.latitude}} AS c",
    lambda _: [
        {"center": {"longitude": x, "latitude": y}, "radiusM": float(_RADIUS_M)}
        for x, y in random.Random(2).sample(centres(), _VARIANTS)
    ],
)

DEPTH = Question(
    "depth 4",
    "query ($first: Int!) { compounds(first: $first) { nodes { id name targets { nodes { id name compounds { nodes { "
    "id name grantedJurisdictions { nodes { id basis } } } } } } } } }",
    'query ($first: Int!) { compounds(where: {id: {startsWith: "compound_"}, '
    f"{_IN_FORCE}}}, sort: [{{id: ASC}}], limit: $first) {{ id name targets {{ id name compounds {{ id name "
    f"grantedJurisdictions({_PEER_SORTED}) {{ id basis }} }} }} }} }}",
    f"""{_DRIVER_ALL} WITH c ORDER BY c.id LIMIT $first RETURN c {{.id, .name, targets: COLLECT {{
    MATCH (c)<-[:LINKS_FROM|LINKS_TO]-(l:Link WHERE l.retired_at IS NULL)-[:LINKS_FROM|LINKS_TO]->(t:Target)
    WHERE t.retired_at IS NULL WITH DISTINCT t ORDER BY t.id RETURN t {{.id, .name, compounds: COLLECT {{
      MATCH (t)<-[:LINKS_FROM|LINKS_TO]-(m:Link WHERE m.retired_at IS NULL)-[:LINKS_FROM|LINKS_TO]->(d:Compound)
      WHERE d.retired_at IS NULL WITH DISTINCT d ORDER BY d.id RETURN d {{.id, .name, grantedJurisdictions: COLLECT {{
        MATCH (d)<-[:OVER]-(j:Jurisdiction) WHERE j.retired_at IS NULL WITH j ORDER BY j.id RETURN j {{.id, .basis}}
      }}}}
    }}}}
  }}}} AS c""",
    lambda _: [{"first": 20}],
)

# Of one country: a count over a large part of all records is the database's work alone, the same for all sides.
COUNT = Question(
    "count",
    "query ($code: String!) { compounds(where: {status: {eq: CONFIRMED}, country: {code: {eq: $code}}}) "
    "{ totalCount } }",
    # From the country: the peer asks a filter by a relation's end of each compound, which takes three times as long.
    "query ($code: String!) { countries(where: {code: {eq: $code}}) { compoundsConnection("
    f'where: {{node: {{status: {{eq: "CONFIRMED"}}, {_IN_FORCE}}}}}) {{ totalCount }} }} }}',
    "MATCH (k:Country {code: $code})<-[:LIES_IN]-(c:Compound) WHERE c.status = 'CONFIRMED' AND c.retired_at IS NULL "
    "RETURN count(c) AS c",
    lambda _: [{"code": each} for each in busy_countries(_VARIANTS)],
)

# Some 5,000 records lie under it: nearly all of the time is the database's, the same for every side.
WIDE_COUNT = Question(
    "wide count",
    "query ($capacity: Int!) { compounds(where: {status: {eq: CONFIRMED}, capacity: {gte: $capacity}}) "
    "{ totalCount } }",
    'query ($capacity: Int!) { compoundsConnection(where: {status: {eq: "CONFIRMED"}, capacity: {gte: $capacity}, '
    f"{_IN_FORCE}}}) {{ totalCount }} }}",
    "MATCH (c:Compound) WHERE c.status = 'CONFIRMED' AND c.capacity >= $capacity AND c.retired_at IS NULL "
    "RETURN count(c) AS c",
    lambda _: [{"capacity": 20 * each} for each in range(_VARIANTS)],
)

QUESTIONS = (BY_ID, *LISTS, TEXT, RADIUS, DEPTH, COUNT, WIDE_COUNT)
"""All questions, in the order of the table."""
