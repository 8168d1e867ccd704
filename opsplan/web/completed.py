"""Values that compiled reads have completed already: graphql-core passes them into the answer as they are.

Mutations and subscriptions run in graphql-core, field by field; the record that one gives back was read and completed
by `opsplan.reading`, with its whole selection. Its resolver returns `Completed`, and no value of it is touched again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLOutputType, GraphQLResolveInfo
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


@dataclass(frozen=True, slots=True)
class Completed:
    """Data for one place of an answer, and errors below that place (paths begin at the place)."""

    data: Any
    errors: Sequence[GraphQLError] = ()


class PassingExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, but what is completed is not completed again."""

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a value, or pass one that is completed."""
        if type(result) is not Completed:
            return super().complete_value(return_type, field_details_list, info, path, result, position_context)
        for error in result.errors:
            place = path
            for key in error.path or ():
                place = place.add_key(key, None)
            placed = GraphQLError(
                error.message,
                nodes=error.nodes,
                path=place.as_list(),
                original_error=error.original_error,
                extensions=error.extensions,
            )
            self.collected_errors.add(placed, place)
        return result.data
