"""Compiled reads inside ordinary execution: mutations, subscriptions, and queries that ask for other things too.

`ReadingExecutor` is graphql-core's executor with one addition. Where a resolver gives a mark (`READ`, `StoredRecord`,
`StoredRecords`), the field's whole selection is compiled, read in one statement, and put into the answer as it is; what
is `Completed` already goes in likewise. Give it to graphql-core as `executor_class`.
"""

from collections.abc import Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from opsplan.reading.complete.marker import READ, Completed, StoredRecord, StoredRecords
from opsplan.reading.reads import Reads, reads_of

_MARKS = (type(READ), StoredRecord, StoredRecords)


class ReadingExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, which has marked fields read as a whole.

    `cost` is what the operation has read so far, or one event of a subscription: each event has an executor of its own.
    """

    cost: int = 0

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a value; read it first where it is a mark."""
        kind = type(result)
        if kind is Completed:
            return self._put(result, return_type, info, path)
        if kind in _MARKS:
            mentions = [each.node for each in field_details_list]
            return self._read(result, mentions, return_type, info, path)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    async def _read(
        self,
        mark: Any,
        mentions: Sequence[FieldNode],
        return_type: GraphQLOutputType,
        info: GraphQLResolveInfo[Any],
        path: Path,
    ) -> Any:
        reads: Reads = reads_of(self.schema)
        asked = reads.marked(
            mark,
            mentions,
            self.context_value,
            self.fragment_definitions,
            self.operation,
            self.variable_values,
            tuple(path.as_list()),
        )
        self.cost = reads.charge([asked], self.context_value, before=self.cost)
        return self._put(await reads.read(asked, self.context_value), return_type, info, path)

    def _put(self, done: Completed, return_type: GraphQLOutputType, info: GraphQLResolveInfo[Any], path: Path) -> Any:
        data, errors = done.data, done.errors
        if data is None and is_non_null_type(return_type):
            if not errors:
                raise TypeError(f"Cannot return null for non-nullable field {info.parent_type}.{info.field_name}.")
            # Raised, the error makes the field's parent null, as the specification has it.
            first, *errors = errors
            self._add(errors, path)
            raise first
        self._add(errors, path)
        of = return_type.of_type if is_non_null_type(return_type) else return_type
        if isinstance(data, list) and is_list_type(of) and is_non_null_type(of.of_type):
            return [each for each in data if each is not None]
        return data

    def _add(self, errors: Sequence[GraphQLError], path: Path) -> None:
        for error in errors:
            place: Path = path
            for key in (error.path or ())[len(path.as_list()) :]:
                place = place.add_key(key, None)
            self.collected_errors.add(error, place)
