"""Declared pieces of Cypher, taken apart: where the reader's policy has to stand on each way that they go.

A derived list or a named filter (`opsplan.records.declaration`) passes over records, relationships and properties that
a reader may not be allowed to know. Its text says where the conditions go, with the token ``{known}`` in a WHERE::

    MATCH ({node})-[at:LIES_IN|MAY_LIE_IN]->(country:Country)<-[based:BASED_IN]-({other}:Agency)
    WHERE {known} AND {other}.territorial

A ``{known}`` stands for the conditions of all nodes and relationships named since the last one; ``{node}`` and
``{other}`` themselves are the caller's business. So that nothing is passed by, a text that cannot be taken apart is
refused when the schema is built: each node and relationship has a name and is followed by a ``{known}``, hops are
written one by one or as quantified patterns, and properties are read from named nodes only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from opsplan.records.declaration import Catalogue, Derived, Direction, Filter, Noun, Relation

KNOWN = "{known}"
"""The token for the policy's conditions."""

_NODE = re.compile(r"(?<![\w}])\((?P<name>\{node\}|\{other\}|\w+)?(?::(?P<labels>[\w|]+))?(?: \{id: \$[\w.]+\})?\)")
_HOP = re.compile(r"(?P<left><?)-\[(?P<name>\w+)?:(?P<types>\w+(?:\|\w+)*)\]-(?P<right>>?)")
_BLANKS = re.compile(r"\s+(?=<?-\[)|(?<=\]->)\s+|(?<=\]-)\s+")
_ANY_HOP = re.compile(r"--|-\[")
_PROPERTY = re.compile(r"(?<![\w.$])(?P<name>\{node\}|\{other\}|[a-z_]\w*)\.(?P<property>\w+)\b(?!\()")
_WHOLE = re.compile(r"\b(?:properties|keys)\(|\{\.|\[\s*'")
_ENDS = ("{node}", "{other}")
_BASES = {"Record": False, "Reference": True}


@dataclass(frozen=True, slots=True)
class Passed:
    """A node that a text passes: its variable, and of which nouns it may be."""

    name: str
    nouns: tuple[Noun, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """A relationship that a text follows, as it is stored: from `start` to `end`, both variables.

    `relations` are what it may be, each with the noun that declares it and points along it. `name` is its variable.
    """

    name: str | None
    start: str
    end: str
    relations: tuple[tuple[Noun, Relation], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one ``{known}`` stands for."""

    nodes: tuple[Passed, ...]
    hops: tuple[Gone, ...]


class WayText:
    """A declared text, taken apart once.

    Parameters
    ----------
    catalogue, noun, declared
        The text's noun and declaration.

    Raises
    ------
    ValueError
        If a policy could not be put at every node, relationship and property of it.
    """

    def __init__(self, catalogue: Catalogue, noun: Noun, declared: Derived | Filter) -> None:
        self._catalogue = catalogue
        self._at = f"{noun.name}.{declared.name}"
        targets = declared.targets if isinstance(declared, Derived) else ()
        self.nouns: dict[str, tuple[Noun, ...]] = {"{node}": (noun,)}
        """Of which nouns each variable may be."""
        if targets:
            self.nouns["{other}"] = tuple(catalogue[each] for each in targets)
        self.pieces: tuple[str, ...] = tuple(declared.cypher.split(KNOWN))
        """The text between the ``{known}``."""
        self.stretches: tuple[Stretch, ...] = tuple(self._stretch(each) for each in self.pieces[:-1])
        """What each ``{known}`` stands for, one less than there are pieces."""
        last = self.pieces[-1]
        if _ANY_HOP.search(last) or any(each["name"] not in _ENDS for each in _NODE.finditer(last)):
            raise self._refused(f"what stands behind the last {KNOWN} has nodes or relationships that none follows")
        for each in _PROPERTY.finditer(declared.cypher):
            if each["name"] not in self.nouns and each["property"] != "id":
                raise self._refused(f"{each[0]} is read from no named node")
        if _WHOLE.search(declared.cypher):
            raise self._refused("properties must be read one by one, by name")

    def _refused(self, why: str) -> ValueError:
        return ValueError(f"{self._at}: {why}; see opsplan/reading/shape/ways.py")

    def _stretch(self, text: str) -> Stretch:
        text = _BLANKS.sub("", text)
        found = list(_NODE.finditer(text))
        nodes = {each.start(): each for each in found}
        ends = {each.end(): each for each in found}
        hops = list(_HOP.finditer(text))
        if len(hops) != len(_ANY_HOP.findall(_NODE.sub("()", text))):
            raise self._refused("each relationship is written as -[name:TYPE]-> between two nodes")
        gone = [self._gone(each, ends.get(each.start()), nodes.get(each.end())) for each in hops]
        passed: dict[str, Passed] = {}
        for each in found:
            name = each["name"]
            if not name:
                raise self._refused(f"the node {each[0]} has no name")
            if name not in _ENDS and name not in passed:
                nouns = self._nouns(each["labels"], name, gone)
                if self.nouns.setdefault(name, nouns) != nouns:
                    raise self._refused(f"{name} stands for two different things")
                passed[name] = Passed(name, nouns)
        return Stretch(tuple(passed.values()), tuple(gone))

    def _gone(self, hop: re.Match[str], left: re.Match[str] | None, right: re.Match[str] | None) -> Gone:
        if left is None or right is None or bool(hop["left"]) == bool(hop["right"]):
            raise self._refused(f"{hop[0]} must point from one named node to another")
        start, end = (left, right) if hop["right"] else (right, left)
        types = hop["types"].split("|")
        labels = (start["labels"] or "").split("|") if start["labels"] else ()
        known = [noun.name for noun in self.nouns.get(start["name"] or "", ())]
        relations = tuple(
            (noun, relation)
            for noun in self._catalogue
            if not (labels or known) or noun.label in (*labels, *known)
            for relation in noun.relations
            if relation.type in types and relation.direction is not Direction.IN
        )
        missing = set(types) - {relation.type for _, relation in relations}
        if missing:
            raise self._refused(f"no noun points along {sorted(missing)} in {hop[0]}")
        if len(types) > 1 and not hop["name"]:
            raise self._refused(f"{hop[0]} goes along several types, so it needs a name")
        return Gone(hop["name"], start["name"], end["name"], relations)

    def _nouns(self, labels: str | None, name: str, gone: Iterable[Gone]) -> tuple[Noun, ...]:
        if labels in _BASES:
            return tuple(noun for noun in self._catalogue if noun.system == _BASES[labels])
        if labels:
            names = labels.split("|")
            if not all(each in self._catalogue for each in names):
                raise self._refused(f"{labels} names no nouns")
            return tuple(self._catalogue[each] for each in names)
        nouns = {
            each.name: each
            for hop in gone
            for noun, relation in hop.relations
            for each in ([noun] if hop.start == name else [self._catalogue[target] for target in relation.targets])
            if name in (hop.start, hop.end)
        }
        if not nouns:
            raise self._refused(f"nothing says what {name} is")
        return tuple(nouns.values())

    @cached_property
    def read_properties(self) -> frozenset[tuple[str, str]]:
        """Each ``(variable, property)`` that the text reads."""
        return frozenset(
            (each["name"], each["property"])
            for piece in self.pieces
            for each in _PROPERTY.finditer(piece)
            if each["name"] in self.nouns
        )

    def with_properties(self, piece: str, shown: Mapping[tuple[str, str], str]) -> str:
        """Write other expressions for properties into a piece of the text, by ``(variable, property)``."""
        if not shown:
            return piece
        return _PROPERTY.sub(lambda each: shown.get((each["name"], each["property"]), each[0]), piece)
