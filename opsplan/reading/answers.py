"""The answer to a query whose root fields have been read: its data as bytes, its errors."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, FieldNode, GraphQLError, GraphQLSchema, is_non_null_type, located_error

from opsplan.reading.complete.marker import Completed


def result_of(
    schema: GraphQLSchema, fields: Mapping[str, Sequence[FieldNode]], done: Sequence[Completed | Exception]
) -> ExecutionResult:
    """Put the values of root fields, in the order of `fields`, into one result; what failed is its field's error.

    A field that may not be null and is makes the whole data null, by the GraphQL specification.
    """
    query = schema.query_type
    assert query is not None
    data: dict[str, Any] | None = {}
    errors: list[GraphQLError] = []
    for (key, mentions), each in zip(fields.items(), done, strict=True):
        if isinstance(each, Exception):
            errors.append(located_error(each, mentions, [key]))
            value = None
        else:
            errors.extend(each.errors)
            value = each.data
        name = mentions[0].name.value
        if value is None and is_non_null_type(query.fields[name].type):
            data = None
        elif data is not None:
            data[key] = value
    shown: Any = None if data is None else orjson.Fragment(orjson.dumps(data))
    return ExecutionResult(shown, errors or None)
