"""One operation of a document: what in its variables changes the statements, and its fields, compiled.

Parsing and validation are done once per document. Compilation is done once per *shape* of the variables: which are
given, what they skip or include, which keys their filters have, how they sort. Values that only fill parameters are no
part of the shape.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any, cast

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    Visitor,
    coerce_input_value,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    type_from_ast,
    visit,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValuesOrErrors, VariableValueSource, get_variable_values

from opsplan.reading.compile.bindings import variables_in
from opsplan.reading.compile.root import Compiled, Roots
from opsplan.reading.compile.selection import Document
from opsplan.reading.compile.statement import Statement
from opsplan.reading.complete.marker import StoredRecords
from opsplan.reading.limits import Limits
from opsplan.reading.policy import Policy
from opsplan.reading.shape.shapes import Shapes
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.ids import prefix_in

_BY_ID = frozenset({"node", "nodes"})
_NUMBERS = count()


@dataclass(frozen=True, slots=True)
class Ground:
    """What every compilation stands on.

    Attributes
    ----------
    schema
        graphql-core's schema, whose query type has the reading room's fields.
    shapes, limits, policy
        See there.
    orders
        Names of the enums of sort keys.
    bounded
        ``(input type, field)`` of values that become part of a statement's text.
    bounds
        Names of the arguments that do.
    """

    schema: GraphQLSchema
    shapes: Shapes
    limits: Limits
    policy: Policy
    orders: frozenset[str]
    bounded: frozenset[tuple[str, str]]
    bounds: frozenset[str]

    def reads(self, name: str) -> bool:
        """Whether a root field of Query is read by compilation."""
        return name in _BY_ID or name in self.shapes.root_fields


@dataclass(frozen=True, slots=True)
class _Variable:
    """How a variable bears on the shape: by its whole value, by the kinds of its ids, or by its structure."""

    name: str
    type: GraphQLInputType
    whole: bool
    ids: bool


class Operation:
    """One operation, taken apart once."""

    def __init__(
        self, ground: Ground, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self.ground = ground
        self.node = operation
        self.fragments = fragments
        self.number = next(_NUMBERS)
        """Unique in the process: two operations are never taken for one another."""
        uses = _Uses(ground)
        for node in (operation, *fragments.values()):
            visit(node, uses)
        definitions = operation.variable_definitions or ()
        self._variables = tuple(self._variable(each.variable.name.value, each.type, uses) for each in definitions)
        self._signatures = _plain_signatures(ground.schema, definitions)

    def _variable(self, name: str, type_node: Any, uses: "_Uses") -> _Variable:
        declared = cast(GraphQLInputType, type_from_ast(self.ground.schema, type_node))
        return _Variable(name, declared, name in uses.whole, name in uses.ids)

    def variables(self, given: Mapping[str, Any]) -> VariableValuesOrErrors:
        """Read the variables as callers gave them; the errors where they do not fit their types.

        Where all are given, and are scalars, enums or lists of them, their types need not be looked up each time.
        """
        definitions = self.node.variable_definitions or ()
        if self._signatures is None or len(given) < len(definitions):
            return get_variable_values(self.ground.schema, definitions, dict(given))
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature in self._signatures:
            value = given.get(signature.name)
            fitting = Undefined if value is None else coerce_input_value(value, signature.type)
            if fitting is Undefined:
                # Left out, null, or wrong: graphql-core says which, and what of it.
                return get_variable_values(self.ground.schema, definitions, dict(given))
            sources[signature.name] = VariableValueSource(signature, value)
            coerced[signature.name] = fitting
        return VariableValues(sources, coerced)

    def shape(self, variables: VariableValues) -> Hashable:
        """Give what in the variables changes the statements; equal shapes have equal statements."""
        coerced = variables.coerced
        return tuple(
            _shape_of(self.ground, each, coerced[each.name]) if each.name in coerced else _ABSENT
            for each in self._variables
        )

    def root_fields(self, variables: VariableValues) -> dict[str, list[FieldNode]]:
        """Give the root fields that are asked for, by response key."""
        root = self.ground.schema.get_root_type(self.node.operation)
        assert root is not None
        return Document(self.ground.schema, self.fragments, variables).fields([self.node.selection_set], root)


def compile_root(
    ground: Ground,
    fragments: Mapping[str, FragmentDefinitionNode],
    key: str,
    mentions: Sequence[FieldNode],
    actor: Actor,
    variables: VariableValues,
) -> Compiled:
    """Compile a root field of Query from its mentions in the selection."""
    name = mentions[0].name.value
    query = cast(GraphQLObjectType, ground.schema.query_type)
    definition: GraphQLField = query.fields[name]
    roots = _roots(ground, fragments, key, mentions, actor, variables)
    if name == "node":
        return roots.node(definition)
    if name == "nodes":
        return roots.nodes(definition)
    root = ground.shapes.root_fields[name]
    return roots.many(root.noun, definition) if root.many else roots.one(root.noun, definition)


def compile_stored(
    ground: Ground,
    fragments: Mapping[str, FragmentDefinitionNode],
    what: tuple[str, type],
    key: str,
    mentions: Sequence[FieldNode],
    actor: Actor,
    variables: VariableValues,
    *,
    takes_cursors: bool,
) -> Compiled:
    """Compile the reading of what a mutation or subscription gives (its noun, its mark's type) below its field.

    A mutation's answer takes no cursors: whether one fits is known only when the change is made.
    """
    name, mark = what
    roots = _roots(ground, fragments, key, mentions, actor, variables, takes_cursors=takes_cursors)
    return roots.stored(ground.shapes.catalogue[name], several=mark is StoredRecords)


def _roots(
    ground: Ground,
    fragments: Mapping[str, FragmentDefinitionNode],
    key: str,
    mentions: Sequence[FieldNode],
    actor: Actor,
    variables: VariableValues,
    *,
    takes_cursors: bool = True,
) -> Roots:
    document = Document(ground.schema, fragments, variables)
    return Roots(Statement(ground.shapes, document, ground.limits, ground.policy, actor, takes_cursors), key, mentions)


def _plain_signatures(
    schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]
) -> tuple[GraphQLVariableSignature, ...] | None:
    """Give the signatures of variables of scalars and enums; None where one is of another type."""
    found = []
    for each in definitions:
        signature = get_variable_signature(schema, each)
        if isinstance(signature, GraphQLError) or is_input_object_type(get_named_type(signature.type)):
            return None
        found.append(signature)
    return tuple(found)


_ABSENT = "absent"
_GIVEN = "given"


def _shape_of(ground: Ground, variable: _Variable, value: Any) -> Hashable:
    if variable.whole:
        return _frozen(value)
    if variable.ids:
        ids = value if isinstance(value, list) else [value]
        # A null where none may be is refused when the arguments are read.
        return tuple(dict.fromkeys(prefix_in(each) if isinstance(each, str) else None for each in ids))
    return _structure(ground, variable.type, value)


def _structure(ground: Ground, declared: GraphQLInputType, value: Any) -> Hashable:
    if value is None or isinstance(value, bool):
        return value
    named = get_named_type(declared)
    if is_input_object_type(named):
        if isinstance(value, list):
            return tuple(_structure(ground, named, each) for each in value)
        return tuple(_members(ground, named, value))
    if is_enum_type(named) and named.name in ground.orders:
        return _frozen(value)
    return _GIVEN


def _members(ground: Ground, of: GraphQLInputObjectType, value: Mapping[str, Any]) -> Iterator[Hashable]:
    for name in sorted(value):
        if (of.name, name) in ground.bounded:
            yield name, value[name]
        else:
            yield name, _structure(ground, of.fields[name].type, value[name])


def _frozen(value: Any) -> Hashable:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return value.name if isinstance(value, Enum) else cast(Hashable, value)


class _Uses(Visitor):
    """Finds the variables whose value, or whose ids' kinds, change a statement."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ground = ground
        self._by_id = False
        self.whole: set[str] = set()
        self.ids: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self._by_id = node.name.value in _BY_ID
        for argument in node.arguments or ():
            if self._by_id and argument.name.value in ("id", "ids"):
                self.ids.update(variables_in(argument.value))

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            self.whole.update(variables_in(argument.value))

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        if node.name.value in self._ground.bounds:
            self.whole.update(variables_in(node.value))

    def enter_object_field(self, node: Any, *_: object) -> None:
        if any(name == node.name.value for _, name in self._ground.bounded):
            self.whole.update(variables_in(node.value))
