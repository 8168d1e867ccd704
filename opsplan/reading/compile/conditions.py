"""Filters as Cypher: each condition becomes a predicate, each of its values a parameter."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from opsplan.reading.compile.bindings import Path, Request, Turn, same
from opsplan.reading.compile.geometry import point_predicate
from opsplan.reading.compile.known import restricted
from opsplan.reading.compile.search import search_pieces
from opsplan.reading.names import camel, singular_field
from opsplan.reading.shape.fields import LIST_KINDS, ManyField, OneField, TypeShape, ValueField
from opsplan.records.declaration import Filter, Kind, Noun
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

if TYPE_CHECKING:
    from opsplan.reading.compile.statement import Statement

_SIGNS: Mapping[str, str] = {
    "eq": "=",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "startsWith": "STARTS WITH",
    "contains": "CONTAINS",
}
_COMBINATIONS = frozenset({"and", "or", "not"})
_SCALAR_SHAPED = frozenset({"some", "none"})


class Conditions:
    """The conditions of one filter argument on one node.

    Parameters
    ----------
    statement
        Where parameters, names and the policy come from.
    arguments, path
        Where the filter stands among the field's arguments.
    """

    def __init__(self, statement: "Statement", arguments: int, path: Path) -> None:
        self._statement = statement
        self._arguments = arguments
        self._path = path
        self._count = 0
        self._depth = 0
        self._combined = 0

    def of(self, shape: TypeShape, node: str, where: Mapping[str, Any] | None, path: Path = ()) -> list[str]:
        """Give the predicates of a filter on `node`, all of which must hold."""
        found: list[str] = []
        for name in sorted(where or ()):
            assert where is not None
            given = where[name]
            if given is not None:
                self._counted()
                found.append(self._one(shape, node, name, given, (*path, name)))
        return found

    def below(self, shape: TypeShape, node: str, where: Mapping[str, Any] | None, path: Path) -> list[str]:
        """Give the predicates of a filter on a record that a relation leads to.

        Raises
        ------
        Invalid
            If relations stand too deep inside each other.
        """
        self._depth += 1
        most = self._statement.limits.deepest_filter
        if self._depth > most:
            raise Invalid(
                say("where: this filter goes over more than {most} relations, one inside the other.", most=most),
                field=_field(path),
                value=self._depth,
                remedy=say(
                    "go over at most {most}; ask in several steps, going on from the ids that the first one gives",
                    most=most,
                ),
            )
        found = self.of(shape, node, where, path)
        self._depth -= 1
        return found

    def _counted(self) -> None:
        self._count += 1
        most = self._statement.limits.most_conditions
        if self._count > most:
            raise Invalid(
                say("where: this filter has more than {most} conditions.", most=most),
                field="where",
                value=self._count,
                remedy=say("give at most {most} comparisons, relations and combinations", most=most),
            )

    def _combination(self, shape: TypeShape, node: str, name: str, given: Any, path: Path) -> str:
        self._combined += 1
        most = self._statement.limits.deepest_combination
        if self._combined > most:
            raise Invalid(
                say(
                    "where: this filter has more than {most} combinations (and, or, not), one inside the other.",
                    most=most,
                ),
                field=_field(path),
                value=self._combined,
                remedy=say(
                    "nest at most {most}; two nots cancel each other, and an and inside an and can be one", most=most
                ),
            )
        if name == "not":
            found = f"NOT coalesce({conjunction(self.of(shape, node, given, path))}, false)"
        else:
            parts = [conjunction(self.of(shape, node, each, (*path, at))) for at, each in enumerate(given)]
            found = conjunction(parts) if name == "and" else disjunction(parts) or self._parameter(path, _never)
        self._combined -= 1
        return found

    def _one(self, shape: TypeShape, node: str, name: str, given: Any, path: Path) -> str:
        if name in _COMBINATIONS:
            return self._combination(shape, node, name, given, path)
        if name == "text":
            return self._statement.text_condition(shape.noun, node, self._parameter(path, search_pieces))
        field = shape.fields.get(name)
        if isinstance(field, ValueField):
            return conjunction(self._compared(shape.noun, field, node, given, path))
        if isinstance(field, OneField):
            return self._related(shape, field, node, given, path)
        if isinstance(field, ManyField):
            parts = []
            for quantifier in sorted(_SCALAR_SHAPED & given.keys()):
                if given[quantifier] is not None:
                    some = self._related(shape, field, node, given[quantifier], (*path, quantifier))
                    parts.append(some if quantifier == "some" else f"NOT {some}")
            return conjunction(parts)
        return self._named(shape.noun, name, node, given, path)

    def _compared(
        self, noun: Noun, field: ValueField, node: str, given: Mapping[str, Any], path: Path
    ) -> Iterable[str]:
        value = self._statement.value(noun, node, field)
        for comparison in sorted(given):
            wanted = given[comparison]
            if wanted is None:
                continue
            self._counted()
            at = (*path, comparison)
            if comparison == "isNull":
                yield f"{value} IS {'' if wanted else 'NOT '}NULL"
            elif comparison == "isEmpty":
                empty = f"coalesce(size({value}), 0) = 0"
                yield empty if wanted else f"NOT {empty}"
            elif field.kind is Kind.POINT:
                yield point_predicate(comparison, value, lambda turn, at=at: self._parameter(at, turn))  # type: ignore[misc]
            elif comparison == "in":
                yield f"{value} IN {self._parameter(at, self._bounded_list(at))}"
            elif field.kind in LIST_KINDS:
                yield _in_list(comparison, value, self._parameter(at, self._bounded_list(at)))
            else:
                yield f"{value} {_SIGNS[comparison]} {self._parameter(at, stored)}"

    def _related(self, shape: TypeShape, field: OneField | ManyField, node: str, given: Any, path: Path) -> str:
        """EXISTS over the records that a relation leads to."""
        nouns = self._statement.shapes.members(field.type_name)
        if len(nouns) > 1:
            # Exactly one member is given: the kind of record, with the filter for it.
            ((member, given),) = given.items()
            noun = next(each for each in nouns if singular_field(each) == member)
            path = (*path, member)
        else:
            (noun,) = nouns
        other = self._statement.name()
        hop = self._statement.hop(shape.noun, node, field.hop, noun, other)
        target = self._statement.shapes[noun.name]
        retired = [] if isinstance(field, OneField) else self._statement.in_force(noun, other)
        parts = [
            *hop.conditions,
            *retired,
            *self._statement.visible_over(shape.noun, node, field.hop, (noun,), other),
            *self.below(target, other, given, path),
        ]
        return f"EXISTS {{ {hop.text} {where(parts)}}}"

    def _named(self, noun: Noun, name: str, node: str, given: Any, path: Path) -> str:
        declared = next(each for each in noun.filters if camel(each.name) == name)
        statement = self._statement
        text = restricted(
            statement.policy, statement.actor, statement.shapes.catalogue, statement.shapes.way(noun, declared)
        )
        text = text.replace("{node}", node)
        for bound, allowed in declared.bounds.items():
            chosen = bound_value(bound, given.get(camel(bound)), allowed)
            text = text.replace(f"{{{bound}}}", str(chosen))
        parameter = self._parameter(path, lambda value, request: named_value(declared, value, request))
        text = re.sub(r"\$value\b", lambda _: parameter, text)
        return f"({text})"

    def _parameter(self, path: Path, turn: Turn = same) -> str:
        return self._statement.bindings.parameter(self._arguments, (*self._path, *path), turn)

    def _bounded_list(self, path: Path) -> Turn:
        most = self._statement.limits.most_ids

        def turned(value: Any, request: Request) -> Any:
            if len(value) > most:
                raise Invalid(
                    say(
                        "{field}: a list of {count} values is longer than the {most} allowed.",
                        field=_field(path),
                        count=len(value),
                        most=most,
                    ),
                    field=_field(path),
                    value=len(value),
                    remedy=say("give at most {most} values at once", most=most),
                )
            return stored(value, request)

        return turned


def _field(path: Path) -> str:
    """Write where in a filter something stands."""
    return ".".join(("where", *map(str, path)))


def stored(value: Any, _: Request) -> Any:
    """Turn a coerced argument into what the graph stores: the name of a choice."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [each.name if isinstance(each, Enum) else each for each in value]
    return value


def named_value(declared: Filter, value: Any, request: Request) -> Any:
    """Give the ``$value`` of a named filter: the plain value, or a map of its members by their declared names."""
    if not declared.members:
        return stored(value, request)
    return {member: stored(value.get(camel(member)), request) for member in declared.members}


def bound_value(name: str, given: int | None, allowed: tuple[int, ...]) -> int:
    """Check a bound that becomes part of the statement's text.

    Raises
    ------
    Invalid
        If it is none of the allowed ones.
    """
    if given is None:
        return allowed[0]
    if given not in allowed:
        choices = ", ".join(map(str, sorted(allowed)))
        raise Invalid(
            say(
                "{camel}: {given} is not allowed; give one of {choices}.",
                camel=camel(name),
                given=given,
                choices=choices,
            ),
            field=camel(name),
            value=given,
            remedy=say("give one of {choices}", choices=choices),
        )
    return given


def conjunction(parts: Iterable[str]) -> str:
    """Join predicates that must all hold."""
    joined = " AND ".join(parts)
    return f"({joined})" if joined else "true"


def disjunction(parts: Iterable[str]) -> str:
    """Join predicates of which one must hold; empty when there are none, of which none holds."""
    joined = " OR ".join(parts)
    return f"({joined})" if joined else ""


def _never(value: Any, request: Request) -> bool:
    """Hold for no record. As a parameter: of a plain `false` the planner expects no rows, and then scans for them."""
    del value, request
    return False


def where(parts: Iterable[str]) -> str:
    """Write a WHERE clause, or nothing."""
    joined = " AND ".join(parts)
    return f"WHERE {joined} " if joined else ""


def _in_list(comparison: str, value: str, parameter: str) -> str:
    if comparison == "hasAny":
        return f"any(each IN {parameter} WHERE each IN {value})"
    if comparison == "hasAll":
        return f"all(each IN {parameter} WHERE each IN {value})"
    return f"{parameter} IN {value}"
