"""Checks of properties: what is required is there, of its type, within its choices and bounds, and nothing else is."""

from collections.abc import Mapping
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Kind, Noun, Property
from opsplan.records.integrity.finding import Finding
from opsplan.records.search import search_texts

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
    """Check the properties of all records of one noun, in two statements."""
    return [*await _types(graph, noun), *await _values(graph, noun)]


def known_properties(noun: Noun) -> dict[str, str]:
    """Give the properties that a record of a noun may have, with their types in Cypher's words."""
    known = {"id": "STRING"} | {each.name: _TYPES[each.kind] for each in noun.all_properties}
    kept = dict.fromkeys((each.name for each in noun.readership.kept), "LIST<STRING NOT NULL>")
    return known | kept | dict.fromkeys(search_texts(noun, {}), "STRING")


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
        if key in noun.kept:
            continue
        where = f"{noun.name}.{key}"
        plain = stored.removesuffix(" NOT NULL")
        if key not in known:
            what = f"{noun.name} has no property of this name; remove it"
            findings.append(Finding("UNKNOWN_PROPERTY", where, count, tuple(some), what))
        elif plain != known[key] and not (plain == _EMPTY_LIST and known[key].startswith("LIST")):
            findings.append(Finding("TYPE", where, count, tuple(some), f"it is {plain} and must be {known[key]}"))
    return findings


async def _values(graph: Graph, noun: Noun) -> list[Finding]:
    """What is missing, no choice, out of bounds, of another form, or not found by its name."""
    query = Query(
        f"records.check_values_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        WITH n,
          [name IN $required WHERE n[name] IS NULL OR n[name] = '' | ['PRESENCE', name]]
          + [each IN $choices WHERE NOT n[each.name] IN each.allowed | ['CHOICE', each.name]]
          + [each IN $choice_lists WHERE any(one IN n[each.name] WHERE NOT one IN each.allowed) | ['CHOICE', each.name]]
          + [each IN $bounded WHERE n[each.name] < each.low OR n[each.name] > each.high | ['RANGE', each.name]]
          + [each IN $formed WHERE NOT n[each.name] =~ each.form | ['FORM', each.name]]
          + CASE WHEN n.search_text IS NULL AND any(name IN $searched WHERE n[name] =~ '(?s).*[a-zA-Z0-9].*')
            THEN [['SEARCH', 'search_text']] ELSE [] END AS broken
        UNWIND broken AS each
        RETURN each[0] AS rule, each[1] AS name, count(*) AS count,
               collect(coalesce(n.id, elementId(n)))[..{SHOWN}] AS some
        ORDER BY rule, name
        """,
        why_scan=WHY_SCAN,
    )
    laws = _laws(noun)
    words = _words(noun, laws)
    return [
        Finding(rule, f"{noun.name}.{name}", count, tuple(some), words[rule, name])
        for rule, name, count, some in await graph.read_rows(query, laws)
    ]


def _laws(noun: Noun) -> dict[str, Any]:
    """Give the statement's parameters: what each property of the noun must be."""
    declared = noun.all_properties
    kept = () if noun.system else ("owner_id", "version", "exercise", "created_at", "created_by", "changed_at")
    numbers = (Kind.INTEGER, Kind.FLOAT, Kind.MINUTES)
    return {
        "required": ["id", *kept, *(each.name for each in declared if each.required or each.default is not None)],
        "choices": [_choice(each) for each in declared if each.kind is Kind.CHOICE],
        "choice_lists": [_choice(each) for each in declared if each.kind is Kind.CHOICE_LIST],
        "bounded": [
            {"name": each.name, "low": each.minimum, "high": each.maximum}
            for each in declared
            if each.kind in numbers and (each.minimum, each.maximum) != (None, None)
        ],
        "formed": [{"name": each.name, "form": form} for each in declared if (form := _form_of(each)) is not None],
        "searched": [each.name for each in declared if each.searched and each.kind is Kind.TEXT],
    }


def _choice(each: Property) -> dict[str, Any]:
    return {"name": each.name, "allowed": [member.name for member in each.choices or ()]}


def _words(noun: Noun, laws: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Give what to say of each rule and property."""
    words = {("PRESENCE", name): "it is required and missing; give it" for name in laws["required"]}
    for each in (*laws["choices"], *laws["choice_lists"]):
        words["CHOICE", each["name"]] = f"it is none of {', '.join(each['allowed'])}"
    words |= {("RANGE", each["name"]): _between(each) for each in laws["bounded"]}
    words |= {("FORM", each["name"]): f"it must have the form {each['form']}" for each in laws["formed"]}
    return words | {("SEARCH", "search_text"): f"searches do not find this {noun.name}; change its name and back"}


def _between(bound: Mapping[str, Any]) -> str:
    low, high = bound["low"], bound["high"]
    return f"it must lie between {'any' if low is None else f'{low:g}'} and {'any' if high is None else f'{high:g}'}"


def _form_of(each: Property) -> str | None:
    return _FORMS.get(each.kind) or (each.pattern if each.kind is Kind.TEXT else None)
