"""Checks of one row: from raw values to stored ones, or to problems that name field, value and remedy.

Pure, and compiled once per noun: a million rows are checked in tens of seconds. What needs the graph (does the
record that is referred to exist, may the writer refer to it) is told by `opsplan.records.writing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsplan.records import values
from opsplan.records.codes import COUNTRY_CODES, COUNTRY_NOUN, country_meant, near
from opsplan.records.declaration import Kind, Noun, Property, Relation
from opsplan.records.problem import Problem, a, at, either
from opsplan.records.values import ToStored, Wrong
from opsplan.vocabulary.ids import prefix_in, prefix_of, reference_id
from opsplan.vocabulary.sentences import Sentence, say

BESIDE_PROPERTIES = ("id", "owner", "expected_version")
"""Columns of a row that are no properties: which record it is, whose it is, and which version the caller knows."""

_KEY = r"[A-Z0-9][A-Z0-9-]{1,39}"
_to_key = values.to_text(40, _KEY)
_to_version = values.to_integer(1, None)
_to_id = values.to_text(80)
_to_external = values.to_text(245)
_MOST_REFERENCES = 10_000


def check_row(
    noun: Noun, given: Mapping[str, Any], *, path: str = "", partial: bool = False
) -> tuple[dict[str, Any], list[Problem]]:
    """Check what a caller gives for one record.

    Parameters
    ----------
    noun
        What the row is a record of.
    given
        Raw values by the names of properties and entered relations, and `BESIDE_PROPERTIES`. None, the empty text,
        blanks alone and a list of nothing say that there is no value; of a property with a default they say nothing.
        A relation's value is an id, a key (``KH``, ``KH-NCB``), or the owner's code and external id (``KH-NCB/C-17``;
        ``/C-17`` within the record's own agency); a list for a relation to many.
    path
        Put before every name in a problem's `field`: ``input`` gives ``input.name``; one that ends in a blank is used
        as it stands (``row 14, column ``).
    partial
        A change: only what is given counts, None removes a value (and is refused where there must be one), nothing
        is required, and what is given at creation only is refused. Rules over the whole row see the given part only;
        the writer applies them again to the whole.

    Returns
    -------
    tuple
        Stored values by name, and the problems. With problems the values are those that were right. Defaults are
        not filled in: the writer does that where it creates, so that an upsert leaves alone what is not given.

    Examples
    --------
    >>> from opsplan.jurisdiction.model import AGENCY
    >>> check_row(AGENCY, {"code": "KH-NCB", "name": "EXERCISE Bureau", "kind": "ncb", "country": "KH"})[0]["kind"]
    'NCB'
    >>> [problem.sentence for problem in check_row(AGENCY, {"kind": "PRIEST"}, path="input", partial=True)[1]][0][:60]
    "input.kind: 'PRIEST' is unknown; give one of NCB, POLICE, PR"
    """
    checker = _CHECKERS.get(id(noun))
    if checker is None or checker.noun is not noun:
        checker = _CHECKERS[id(noun)] = _compile(noun)
    stored: dict[str, Any] = {}
    problems: list[Problem] = []
    columns = checker.columns
    for name, raw in given.items():
        column = columns.get(name)
        if column is None:
            problems.append(_unknown_column(checker, name, raw, path))
        elif raw is None or raw == "":
            _remove(column, path, partial, stored, problems)
        elif partial and column.creation_only:
            problems.append(
                Problem(at(path, name), raw, say("it is given at creation only"), say("leave it out of a change"), name)
            )
        else:
            try:
                value = column.to_stored(raw)
            except Wrong as wrong:
                problems.append(Problem(at(path, name), raw, wrong.message, wrong.remedy, name))
                continue
            if value == "" or (value == [] and not column.is_reference):
                # Blanks alone, and lists of nothing, say no more than an empty cell.
                _remove(column, path, partial, stored, problems)
            else:
                stored[name] = value
    if not partial:
        problems.extend(_missing(checker, given, path))
    if not problems:
        problems.extend(check_whole(noun, stored, path=path))
    return stored, problems


def check_whole(noun: Noun, stored: Mapping[str, Any], *, path: str = "") -> list[Problem]:
    """Apply a noun's rules over the whole row to stored values."""
    problems = []
    for check in noun.checks:
        found = check(stored)
        if found is not None:
            name = found.name
            problems.append(Problem(at(path, name), stored.get(name), found.message, found.remedy, name))
    return problems


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    to_stored: ToStored
    required: bool = False
    creation_only: bool = False
    has_default: bool = False
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class _Checker:
    noun: Noun
    columns: dict[str, _Column]
    required: tuple[tuple[str, Sentence], ...]


_CHECKERS: dict[int, _Checker] = {}


def _compile(noun: Noun) -> _Checker:
    columns: dict[str, _Column] = {
        "id": _Column("id", _to_id_of(noun), creation_only=False),
        "expected_version": _Column("expected_version", _to_version),
    }
    if not noun.system:
        columns["owner"] = _Column("owner", _to_reference(("Agency",)), creation_only=True)
    if noun.owns_itself:
        # What an agency owns is of its world; callers of the API make live ones only.
        columns["exercise"] = _Column("exercise", values.to_boolean, creation_only=True, has_default=True)
    required: list[tuple[str, Sentence]] = []
    for each in noun.entered_properties:
        has_default = each.default is not None
        columns[each.name] = _Column(each.name, to_stored(each), each.required, not each.changeable, has_default)
        if each.required:
            required.append((each.name, _example(each.example)))
    if noun.changed_by_state_machine:
        # Whether it may be given is the writer's to say: a record that is restored keeps its state, no other does.
        state = noun.property_named(noun.changed_by_state_machine)
        columns[state.name] = _Column(state.name, to_stored(state), has_default=True)
    for relation in noun.entered_relations:
        one = _to_reference(relation.targets)
        # A list may stand where one is meant only if it holds just one; so it is not taken for a list at all.
        stored = values.to_list(one, _MOST_REFERENCES) if relation.many else one
        columns[relation.name] = _Column(
            relation.name, stored, relation.required, not relation.changeable, is_reference=True
        )
        if relation.required:
            required.append((relation.name, _example(relation.example, _one_of(relation))))
    return _Checker(noun, columns, tuple(required))


def to_stored(declared: Property) -> ToStored:
    """Give the function that takes a raw value of a property to the stored one."""
    low, high = declared.minimum, declared.maximum
    length = declared.max_length or values.DEFAULT_MAX_LENGTH
    match declared.kind:
        case Kind.TEXT:
            return values.to_text(length, declared.pattern)
        case Kind.LONG_TEXT:
            return values.to_text(declared.max_length or 100_000, declared.pattern, lines=True)
        case Kind.TEXT_LIST:
            return values.to_text_list(length)
        case Kind.INTEGER:
            return values.to_integer(low, high)
        case Kind.FLOAT:
            return values.to_float(low, high, declared.decimals)
        case Kind.CHOICE:
            assert declared.choices is not None
            return values.to_choice(declared.choices)
        case Kind.CHOICE_LIST:
            assert declared.choices is not None
            return values.to_list(values.to_choice(declared.choices), length)
        case Kind.MINUTES:
            return values.to_minutes(low, high)
        case Kind.COUNTRY_CODES:
            return values.to_list(values.to_country, length)
        case Kind.LANGUAGES:
            return values.to_list(values.to_language, length)
        case Kind.ZONES:
            return values.to_list(values.to_zone, length)
    return _SIMPLE[declared.kind]


_SIMPLE: Mapping[Kind, ToStored] = {
    Kind.BOOLEAN: values.to_boolean,
    Kind.INSTANT: values.to_instant,
    Kind.LOCAL_TIME: values.to_local_time,
    Kind.POINT: values.to_point,
    Kind.JSON: values.to_json,
}


def _to_id_of(noun: Noun) -> ToStored:
    prefix = prefix_of(noun.name)

    def stored(raw: Any) -> str:
        text = str(_to_id(raw))
        if prefix_in(text) != prefix:
            raise Wrong(
                say("{value!r} is no id of {a_noun}", value=raw, a_noun=a(noun.name)),
                say("give an id that begins with {prefix}_", prefix=prefix),
            )
        return text

    return stored


def _to_reference(targets: tuple[str, ...]) -> ToStored:
    """Make the function for references: it gives an id, or what the writer resolves to one."""
    prefixes = frozenset(prefix_of(target) for target in targets)
    only_countries = targets == (COUNTRY_NOUN,)
    countries = COUNTRY_NOUN in targets
    wanted = either([f"{prefix}_…" for prefix in sorted(prefixes)], say("that of any other record"))

    def stored(raw: Any) -> str:
        text = str((_to_external if isinstance(raw, str) else _to_id)(raw))
        prefix = prefix_in(text)
        if prefix in prefixes:
            return text
        if countries and text.upper() in COUNTRY_CODES:
            return reference_id(COUNTRY_NOUN, text)
        if only_countries:
            guess = country_meant(text)
            raise Wrong(
                say("{value!r} is no ISO 3166-1 alpha-2 country code", value=raw),
                say("did you mean {guess}?", guess=guess) if guess else say("give a code such as KH"),
            )
        if prefix is not None:
            raise Wrong(
                say("{value!r} is an id of another kind of record", value=raw),
                say("give an id such as {wanted}", wanted=wanted),
            )
        agency, slash, external = text.partition("/")
        if slash and external.strip():
            return f"{_to_key(agency) if agency else ''}/{external.strip()}"
        try:
            return str(_to_key(text))
        except Wrong:
            raise Wrong(
                say("{value!r} is neither an id nor a key nor AGENCY/external id", value=raw),
                say("give an id such as {wanted}, or a reference such as KH-NCB/17", wanted=wanted),
            ) from None

    return stored


def _remove(column: _Column, path: str, partial: bool, stored: dict[str, Any], problems: list[Problem]) -> None:
    if not partial:
        # What is required is told as missing, once, by `_missing`. What has a default always has a value, and nothing
        # is said of it here: else a row with an empty cell would lower a marking that somebody has raised.
        if not column.required and not column.has_default and column.name not in BESIDE_PROPERTIES:
            stored[column.name] = None
    elif column.required or column.has_default:
        problems.append(
            Problem(
                at(path, column.name),
                None,
                say("it is required and cannot be removed"),
                say("give a value"),
                column.name,
            )
        )
    elif column.creation_only:
        problems.append(
            Problem(at(path, column.name), None, say("it is given at creation only"), say("leave it out"), column.name)
        )
    elif column.name not in BESIDE_PROPERTIES:
        stored[column.name] = None


def _missing(checker: _Checker, given: Mapping[str, Any], path: str) -> list[Problem]:
    return [
        Problem(at(path, name), None, say("it is required and missing"), remedy, name)
        for name, remedy in checker.required
        if _is_nothing(given.get(name))
    ]


def _is_nothing(raw: Any) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def _unknown_column(checker: _Checker, name: object, raw: Any, path: str) -> Problem:
    noun = checker.noun
    text = str(name)
    field = at(path, text)
    if any(each.name == text for each in noun.all_properties):
        return Problem(field, raw, say("the service keeps it itself"), say("leave it out"), text)
    if any(each.name == text for each in noun.relations):
        return Problem(field, raw, say("the other record holds this reference"), say("give it there"), text)
    close = near(text, checker.columns)
    remedy = (
        say("did you mean {close:or}?", close=close)
        if close
        else say("{noun_name} has {columns}", noun_name=noun.name, columns=list(checker.columns))
    )
    return Problem(field, raw, say("{noun_name} has no field {text!r}", noun_name=noun.name, text=text), remedy, text)


def _example(example: Any, kind: Sentence | None = None) -> Sentence:
    if isinstance(example, Mapping | list | tuple):
        example = values.canonical_json(example)
    if example is not None:
        return say("give it, such as {example}", example=example)
    return say("give it") if kind is None else say("give it, the id of {kind}", kind=kind)


def _one_of(relation: Relation) -> Sentence:
    return either([a(target) for target in relation.targets], say("any other record"))
