"""Checks of properties: what is required is there, of its type, within its choices and bounds, and nothing else is."""

from collections.abc import Mapping
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Kind, Noun, Property
from opsplan.records.integrity.finding import Finding
from opsplan.records.search import has_search_text

SHOWN = 5
WHY_SCAN = "opsplan check-graph reads every record on purpose"

_TYPES: Mapping[Kind, str] = {
    **dict.fromkeys((Kind.TEXT, Kind.LONG_TEXT, Kind.INSTANT, Kind.LOCAL_TIME, Kind.CHOICE, Kind.JSON), "STRING"),
    **dict.fromkeys(
        (Kind.TEXT_LIST, Kind.CHOICE_LIST, Kind.COUNTRY_CODES, Kind.LANGUAGES, Kind.ZONES), "LIST<STRING NOT NULL>"
    ),
    **dict.fromkeys((Kind.INTEGER, Kind.MINUTES), "INTEGER"),
    Kind.FLOAT: "FLOAT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.POINT: "POINT",
}
_EMPTY_LIST = "LIST<NOTHING>"
_FORMS: Mapping[Kind, str] = {
    Kind.INSTANT: r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    Kind.LOCAL_TIME: r"([01]\d|2[0-3]):[0-5]\d",
}


async def check_properties(graph: Graph, noun: Noun) -> list[Finding]:
    """Check the properties of all records of one noun."""
    return [
        *await _types(graph, noun),
        *await _presence(graph, noun),
        *await _choices(graph, noun),
        *await _ranges(graph, noun),
        *await _forms(graph, noun),
    ]


def known_properties(noun: Noun) -> dict[str, str]:
    """Give the properties that a record of a noun may have, with their types in Cypher's words."""
    known = {"id": "STRING"} | {each.name: _TYPES[each.kind] for each in noun.all_properties}
    return known | ({"search_text": "STRING"} if has_search_text(noun) else {})


async def _types(graph: Graph, noun: Noun) -> list[Finding]:
    query = Query(
        f"records.check_types_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        UNWIND keys(n) AS key
        WITH key, valueType(n[key]) AS type, n.id AS id
        RETURN key, type, count(*) AS count, collect(id)[..{SHOWN}] AS some ORDER BY key, type
        """,
        why_scan=WHY_SCAN,
    )
    known = known_properties(noun)
    findings: list[Finding] = []
    for key, stored, count, some in await graph.read_rows(query):
        where = f"{noun.name}.{key}"
        plain = stored.removesuffix(" NOT NULL")
        if key not in known:
            what = f"{noun.name} has no property of this name; remove it"
            findings.append(Finding("UNKNOWN_PROPERTY", where, count, tuple(some), what))
        elif plain != known[key] and not (plain == _EMPTY_LIST and known[key].startswith("LIST")):
            findings.append(Finding("TYPE", where, count, tuple(some), f"it is {plain} and must be {known[key]}"))
    return findings


async def _presence(graph: Graph, noun: Noun) -> list[Finding]:
    kept = () if noun.system else ("owner_id", "version", "exercise", "created_at", "created_by", "changed_at")
    required = ["id", *kept, *(each.name for each in noun.all_properties if each.required)]
    query = Query(
        f"records.check_presence_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        UNWIND [name IN $required WHERE n[name] IS NULL] AS name
        RETURN name, count(*) AS count, collect(coalesce(n.id, elementId(n)))[..{SHOWN}] AS some ORDER BY name
        """,
        why_scan=WHY_SCAN,
    )
    found = [
        Finding("PRESENCE", f"{noun.name}.{name}", count, tuple(some), "it is required and missing; give it")
        for name, count, some in await graph.read_rows(query, {"required": required})
    ]
    return found + await _searched(graph, noun)


async def _searched(graph: Graph, noun: Noun) -> list[Finding]:
    """A record with a name must be found by it; a name without any letter or digit leaves nothing to find."""
    if not has_search_text(noun):
        return []
    names = " OR ".join(
        f"n.{each.name} =~ '(?s).*[a-zA-Z0-9].*'"
        for each in noun.all_properties
        if each.searched and each.kind is Kind.TEXT
    )
    query = Query(
        f"records.check_searched_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label}) WHERE n.search_text IS NULL AND ({names})
        RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
        """,
        why_scan=WHY_SCAN,
    )
    ((count, some),) = await graph.read_rows(query)
    what = "searches do not find it; change its name and back"
    return [Finding("SEARCH", f"{noun.name}.search_text", count, tuple(some), what)] if count else []


async def _choices(graph: Graph, noun: Noun) -> list[Finding]:
    limited = [
        {"name": each.name, "allowed": [member.name for member in each.choices], "many": each.kind is Kind.CHOICE_LIST}
        for each in noun.all_properties
        if each.choices is not None
    ]
    query = Query(
        f"records.check_choices_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        UNWIND $limited AS each
        WITH n, each, CASE WHEN n[each.name] IS NULL THEN [] WHEN each.many THEN n[each.name]
                      ELSE [n[each.name]] END AS given
        UNWIND [value IN given WHERE NOT value IN each.allowed] AS value
        RETURN each.name AS name, collect(DISTINCT toString(value))[..{SHOWN}] AS values, count(*) AS count,
               collect(n.id)[..{SHOWN}] AS some ORDER BY name
        """,
        why_scan=WHY_SCAN,
    )
    return [
        Finding("CHOICE", f"{noun.name}.{name}", count, tuple(some), f"it is {', '.join(values)}, which is no choice")
        for name, values, count, some in await graph.read_rows(query, {"limited": limited})
    ]


async def _ranges(graph: Graph, noun: Noun) -> list[Finding]:
    bounded = [
        {"name": each.name, "low": each.minimum, "high": each.maximum}
        for each in noun.all_properties
        if each.kind in (Kind.INTEGER, Kind.FLOAT, Kind.MINUTES) and (each.minimum, each.maximum) != (None, None)
    ]
    query = Query(
        f"records.check_ranges_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        UNWIND $bounded AS each
        WITH n, each WHERE n[each.name] < each.low OR n[each.name] > each.high
        RETURN each.name AS name, count(*) AS count, collect(n.id)[..{SHOWN}] AS some ORDER BY name
        """,
        why_scan=WHY_SCAN,
    )
    by_name = {each["name"]: each for each in bounded}
    return [
        Finding("RANGE", f"{noun.name}.{name}", count, tuple(some), _between(by_name[name]))
        for name, count, some in await graph.read_rows(query, {"bounded": bounded})
    ]


def _between(bound: Mapping[str, Any]) -> str:
    low, high = bound["low"], bound["high"]
    return f"it must lie between {'any' if low is None else f'{low:g}'} and {'any' if high is None else f'{high:g}'}"


async def _forms(graph: Graph, noun: Noun) -> list[Finding]:
    formed = [{"name": each.name, "form": form} for each in noun.all_properties if (form := _form_of(each)) is not None]
    query = Query(
        f"records.check_forms_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        UNWIND $formed AS each
        WITH n, each WHERE NOT n[each.name] =~ each.form
        RETURN each.name AS name, each.form AS form, count(*) AS count, collect(n.id)[..{SHOWN}] AS some ORDER BY name
        """,
        why_scan=WHY_SCAN,
    )
    return [
        Finding("FORM", f"{noun.name}.{name}", count, tuple(some), f"it must have the form {form}")
        for name, form, count, some in await graph.read_rows(query, {"formed": formed})
    ]


def _form_of(each: Property) -> str | None:
    return _FORMS.get(each.kind) or (each.pattern if each.kind is Kind.TEXT else None)
