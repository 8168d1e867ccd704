"""Urgent changes: those of the hour itself, which have capacity of their own (see `opsplan.calls.budget`).

A mutation is urgent by its declaration: ``Mutation(..., urgent=True)`` for those that are made from the catalogue, and
``strawberry.field(..., metadata=URGENT)`` for those of a capability. Few should be: what everybody may hurry with is
held up by everybody.
"""

from types import MappingProxyType
from typing import Final

from graphql import FieldNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode
from strawberry.schema.schema_converter import GraphQLCoreConverter

URGENT_WORDS: Final = "It has capacity of its own, so that it is carried out when a budget is used up."
"""What its description says."""

URGENT: Final = MappingProxyType({"opsplan.urgent": True})
"""What an urgent mutation's field carries as metadata."""


def urgent_fields(schema: GraphQLSchema) -> frozenset[str]:
    """Give the names of the mutations that are declared urgent."""
    mutation = schema.mutation_type
    if mutation is None:
        return frozenset()
    declared = {
        name: field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) for name, field in mutation.fields.items()
    }
    return frozenset(
        name for name, each in declared.items() if each is not None and URGENT.items() <= each.metadata.items()
    )


def is_urgent(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode], urgent: frozenset[str]
) -> bool:
    """Whether all that an operation does is urgent: one that asks for something else too can wait with all of it."""
    names = set(_root_names(operation.selection_set, fragments)) - {"__typename"}
    return bool(names) and names <= urgent


def _root_names(selections: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> list[str]:
    """The root fields of a valid document, whose fragments are no circle."""
    found: list[str] = []
    for each in selections.selections:
        if isinstance(each, FieldNode):
            found.append(each.name.value)
        else:
            inner = getattr(each, "selection_set", None) or fragments[each.name.value].selection_set  # type: ignore[attr-defined]
            found += _root_names(inner, fragments)
    return found
