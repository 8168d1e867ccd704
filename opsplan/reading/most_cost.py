"""What an operation may cost at most, told from its text alone, before anybody asks it."""

import sys
from collections.abc import Iterable
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    VariableNode,
    Visitor,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    is_scalar_type,
    type_from_ast,
    visit,
)
from graphql.execution.values import get_variable_values

from opsplan.reading.asking import fragments_of
from opsplan.reading.compile.bindings import Request, variables_in
from opsplan.reading.compile.cost import Priced, refuse_too_costly, total_cost
from opsplan.reading.compile.operation import Operation, compile_root
from opsplan.reading.reads import Reads
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Invalid

_ANYBODY = Actor("machine:check")
_ANY_TIME = "2000-01-01T00:00:00.000000Z"
_SAMPLES = {"ID": "a", "String": "a", "Int": 1, "Float": 1.0, "Boolean": True}
_PAGES = frozenset({"first", "last"})
_CURSORS = frozenset({"after", "before"})


def most_cost(reads: Reads, document: DocumentNode, operation: OperationDefinitionNode) -> int | None:
    """Give what a query may cost at most, as `opsplan.reading.compile.cost` counts it, all its root fields together.

    A page size that comes by a variable counts as the largest page; what a variable leaves out or takes in counts as
    taken in; other variables are left out, or filled with a sample.

    Parameters
    ----------
    document, operation
        A valid document, and one of its operations.

    Returns
    -------
    int or None
        None where that cannot be told: of mutations and subscriptions, of queries that read no records by
        themselves, and where a variable decides what is read, as the ids of `nodes` do.

    Raises
    ------
    Invalid
        If an operation without variables will be refused whoever asks it.
    """
    if operation.operation is not OperationType.QUERY:
        return None
    ground = reads.ground
    fragments = fragments_of(document)
    definitions = operation.variable_definitions or ()
    try:
        sample = _samples(ground.schema, operation, fragments.values(), ground.limits.largest_page)
        variables = get_variable_values(ground.schema, definitions, sample)
        if isinstance(variables, list):
            return None
        fields = Operation(ground, operation, fragments).root_fields(variables)
        request = Request(_ANYBODY, _ANY_TIME, reads.cursors, ground.policy.parameters(_ANYBODY))
        most = sys.maxsize if definitions else ground.limits.largest_cost
        found: list[Priced] = []
        for key, mentions in fields.items():
            if ground.reads(mentions[0].name.value):
                compiled = compile_root(ground, fragments, key, mentions, _ANYBODY, variables)
                _, slots = compiled.bindings.fill(variables, request)
                found.append((compiled.cost, slots))
        total = total_cost(found)
        refuse_too_costly(total, found, most)
    except Invalid as refused:
        # A sample may be refused where a caller's value is not, and a cursor holds for its reader alone.
        if definitions or refused.field in _CURSORS:
            return None
        raise
    except (GraphQLError, _NoSample):
        return None
    return total if found else None


class _NoSample(Exception):
    """There is no telling what a value of that type looks like."""


def _samples(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Iterable[FragmentDefinitionNode],
    largest_page: int,
) -> dict[str, Any]:
    uses = _Uses()
    for node in (operation, *fragments):
        visit(node, uses)
    given: dict[str, Any] = {}
    for each in operation.variable_definitions or ():
        name, declared = each.variable.name.value, type_from_ast(schema, each.type)
        if name in uses.ids:
            raise _NoSample
        if name in uses.pages:
            given[name] = largest_page
        elif name in uses.shown or name in uses.hidden:
            given[name] = name in uses.shown
        elif is_non_null_type(declared) and each.default_value is None:
            given[name] = _sample(declared)
    return given


def _sample(declared: GraphQLInputType) -> Any:
    if is_non_null_type(declared):
        return _sample(declared.of_type)
    if is_list_type(declared):
        return []
    if is_enum_type(declared):
        return next(iter(declared.values))
    if is_input_object_type(declared):
        return {name: _sample(each.type) for name, each in declared.fields.items() if is_required_input_field(each)}
    if is_scalar_type(declared) and declared.name in _SAMPLES:
        return _SAMPLES[declared.name]
    raise _NoSample


class _Uses(Visitor):
    """Finds the variables that are page sizes, say what is read, or take fields in or leave them out."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: set[str] = set()
        self.ids: set[str] = set()
        self.shown: set[str] = set()
        self.hidden: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for argument in node.arguments or ():
            if argument.name.value in _PAGES:
                self.pages |= _variable(argument.value)
            elif node.name.value in ("node", "nodes"):
                self.ids |= variables_in(argument)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        into = {"include": self.shown, "skip": self.hidden}.get(node.name.value, set())
        arguments: Iterable[ArgumentNode] = node.arguments or ()
        for argument in arguments:
            into |= _variable(argument.value)


def _variable(value: ValueNode) -> set[str]:
    return {value.name.value} if isinstance(value, VariableNode) else set()
