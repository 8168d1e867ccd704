"""The schema as text, and what a change of it would break for callers."""

from graphql import (
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_type,
)
from graphql.utilities.print_schema import print_directive


def sdl(schema: GraphQLSchema) -> str:
    """Write a schema in the schema definition language, its types by name, their fields as they are declared.

    This is what `graph_schema/public.graphql` holds.
    """
    directives = [print_directive(each) for each in schema.directives if not is_specified_directive(each)]
    types = [
        print_type(each)
        for _, each in sorted(schema.type_map.items())
        if not is_introspection_type(each) and not is_specified_scalar_type(each)
    ]
    return "\n\n".join([*directives, *types]) + "\n"


def breaking_changes(published: str, proposed: str) -> list[str]:
    """Give one sentence for each change that breaks operations which the published schema allowed.

    Parameters
    ----------
    published, proposed
        The two schemas as SDL.
    """
    old, new = _built(published), _built(proposed)
    return sorted(f"{change.type.name}: {change.description}" for change in find_breaking_changes(old, new))


def _built(text: str) -> GraphQLSchema:
    return build_schema(text, assume_valid_sdl=True)
