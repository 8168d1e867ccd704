"""Collecting the fields of a selection for one type: fragments, type conditions, @skip and @include (GraphQL 6.3.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    get_directive_values,
    is_abstract_type,
)
from graphql.execution.values import VariableValues


@dataclass(frozen=True, slots=True)
class Document:
    """What all parts of one request's compilation share."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def fields(self, selections: Iterable[SelectionSetNode], of: GraphQLObjectType) -> dict[str, list[FieldNode]]:
        """Give the fields that are asked for of a value of type `of`, by response key, in order."""
        collected: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection in selections:
            self._collect(selection, of, collected, seen)
        return collected

    def subfields(self, nodes: Iterable[FieldNode], of: GraphQLObjectType) -> dict[str, list[FieldNode]]:
        """Give the fields asked for below the same field's several mentions."""
        return self.fields((node.selection_set for node in nodes if node.selection_set is not None), of)

    def _collect(
        self, selections: SelectionSetNode, of: GraphQLObjectType, collected: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for node in selections.selections:
            if node.directives and not self._included(node):  # type: ignore[arg-type]
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                collected.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(node.type_condition, of):
                    self._collect(node.selection_set, of, collected, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition, of):
                    self._collect(fragment.selection_set, of, collected, seen)

    def _included(self, node: FieldNode | FragmentSpreadNode | InlineFragmentNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not include or bool(include["if"])

    def _applies(self, condition: NamedTypeNode, of: GraphQLObjectType) -> bool:
        named = self.schema.get_type(condition.name.value)
        if named is of:
            return True
        return is_abstract_type(named) and self.schema.is_sub_type(named, of)
