"""Which deprecated elements of the schema a document uses, so that their owner knows who still does before they go."""

from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    ObjectFieldNode,
    ValidationRule,
    get_named_type,
    is_input_object_type,
    validate,
)


def deprecated_in(schema: GraphQLSchema, document: DocumentNode) -> tuple[str, ...]:
    """Give the coordinates of what a valid document uses and is deprecated, each once, such as ``Query.comparePlans``.

    What stands in the values of variables is not looked into.
    """
    return tuple(sorted({use.message for use in validate(schema, document, [_Uses])}))


class _Uses(ValidationRule):
    """Reports each use of a deprecated element as an error whose message is its coordinate."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Look at a field."""
        field = self.context.get_field_def()
        if field is not None and field.deprecation_reason is not None:
            self._found(f"{self.context.get_parent_type()}.{node.name.value}")

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Look at an argument; its field's name is that of the field that is being visited."""
        argument = self.context.get_argument()
        if argument is not None and argument.deprecation_reason is not None:
            self._found(f"{self.context.get_parent_type()}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        """Look at a member of an input object."""
        of: Any = get_named_type(self.context.get_parent_input_type())
        member = of.fields.get(node.name.value) if is_input_object_type(of) else None
        if member is not None and member.deprecation_reason is not None:
            self._found(f"{of.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        """Look at a choice."""
        choice: Any = self.context.get_enum_value()
        if choice is not None and choice.deprecation_reason is not None:
            self._found(f"{get_named_type(self.context.get_input_type())}.{node.value}")

    def _found(self, coordinate: str) -> None:
        self.report_error(GraphQLError(coordinate))
