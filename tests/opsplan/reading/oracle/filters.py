"""Filters in Python: two-valued, a comparison with nothing is false."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from opsplan.reading.names import camel
from opsplan.reading.shape.fields import ManyField, OneField, ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Kind, Noun, Property
from opsplan.records.search import Word, is_found, search_terms, search_text
from tests.make.world import Thing, World
from tests.opsplan.reading.oracle.derived import named_filter
from tests.opsplan.reading.oracle.geometry import within

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")


class PythonFilters:
    """Judges records by filters."""

    def __init__(self, world: World, shapes: Shapes, now: str) -> None:
        self._world = world
        self._shapes = shapes
        self._now = now

    def keeps(self, thing: Thing, where: Mapping[str, Any] | None) -> bool:
        """Tell whether a filter lets a record through."""
        return all(self._one(thing, name, given) for name, given in (where or {}).items() if given is not None)

    def _one(self, thing: Thing, name: str, given: Any) -> bool:
        match name:
            case "and":
                return all(self.keeps(thing, each) for each in given)
            case "or":
                return any(self.keeps(thing, each) for each in given)
            case "not":
                return not self.keeps(thing, given)
            case "text":
                return is_found(given, search_text(thing.noun, thing.values))
        field = self._shapes[thing.noun.name].fields.get(name)
        if isinstance(field, ValueField):
            value = thing.values.get(field.key)
            return all(
                _compares(field.kind, value, comparison, wanted)
                for comparison, wanted in given.items()
                if wanted is not None
            )
        if isinstance(field, OneField):
            others = owners(self._world, thing) if name == "owner" else self._world.along(field.hop, thing)  # type: ignore[arg-type]
            if field.type_name in self._shapes.unions:
                ((member, inner),) = given.items()
                kind = member[:1].upper() + member[1:]
                return any(each.noun.name == kind and self.keeps(each, inner) for each in others)
            return any(self.keeps(each, given) for each in others)
        if isinstance(field, ManyField):
            others = [each for each in self._world.along(field.hop, thing) if each.values.get("retired_at") is None]  # type: ignore[arg-type]
            some, none = given.get("some"), given.get("none")
            return (some is None or any(self.keeps(each, some) for each in others)) and (
                none is None or not any(self.keeps(each, none) for each in others)
            )
        declared = next(each for each in thing.noun.filters if camel(each.name) == name)
        return named_filter(self._world, thing, declared.name, given, self._now)


def points(thing: Thing, text: str) -> int:
    """How well a text finds a record: 4 or 3 for each word by its name, whole or begun; 2 or 1 by another name.

    Times 100, less the length of the name's terms with a blank at both ends, 99 at most.
    """
    name, *others = [
        (search_text(_only(thing.noun, each), thing.values) or "").split()
        for each in thing.noun.all_properties
        if each.searched
    ]
    every = [*name, *(term for terms in others for term in terms)]
    total = 0
    for word in search_terms(text):
        if _has(word, name, whole=True):
            total += 4
        elif _has(word, name, whole=False):
            total += 3
        else:
            total += 2 if _has(word, every, whole=True) else 1
    return 100 * total - min(99, len(" ".join(name)) + 2)


def _only(noun: Noun, searched: Property) -> Noun:
    return replace(noun, properties=(searched,))


def _has(word: Word, terms: list[str], *, whole: bool) -> bool:
    if word.unspaced:
        return all(part in terms for part in word.parts)
    ways: list[tuple[str, ...]] = [word.parts, (word.joined,)]
    return any(
        all(any(term == part or (not whole and term.startswith(part)) for term in terms) for part in way)
        for way in ways
    )


def owners(world: World, thing: Thing) -> list[Thing]:
    """Give the agency that owns a record, if it is there."""
    owner = world.things.get(thing.values["owner_id"])
    return [owner] if owner is not None else []


def _compares(kind: Kind, value: Any, comparison: str, wanted: Any) -> bool:
    if comparison == "isNull":
        return (value is None) == wanted
    if comparison == "isEmpty":
        return (not value) == wanted
    if kind is Kind.POINT:
        return within(value, comparison, wanted)
    if comparison == "hasAll":
        return all(value is not None and each in value for each in wanted)
    if value is None:
        return False
    match comparison:
        case "has":
            return wanted in value
        case "hasAny":
            return any(each in value for each in wanted)
        case "startsWith":
            return str(value).startswith(wanted)
        case "contains":
            return wanted in value
        case "in":
            return any(_key(kind, value) == _wanted(kind, each) for each in wanted)
    left, right = _key(kind, value), _wanted(kind, wanted)
    return {
        "eq": left == right,
        "gt": left > right,
        "gte": left >= right,
        "lt": left < right,
        "lte": left <= right,
    }[comparison]


def _key(kind: Kind, value: Any) -> Any:
    return datetime.fromisoformat(value) if kind is Kind.INSTANT else value


def _wanted(kind: Kind, wanted: Any) -> Any:
    if kind is Kind.INSTANT:
        return datetime.fromisoformat(wanted)
    if kind is Kind.MINUTES:
        found = _DURATION.fullmatch(wanted)
        assert found, wanted
        return int(found[1] or 0) * 60 + int(found[2] or 0)
    return wanted
