"""The reading room's part of a schema, and the reads over the schema that it becomes part of.

Use::

    reading = Reading(CATALOGUE)
    schema = strawberry.Schema(query=..., types=reading.types.extra, config=StrawberryConfig(scalar_map=SCALARS))
    reads = reading.over(schema, CursorKey(secret))

where the query type has the fields `reading.types.query_fields`, and execution uses `ReadingExecutor`.
"""

from graphql import GraphQLInputObjectType
from strawberry import Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter

from opsplan.reading.compile.operation import Ground
from opsplan.reading.cursors import CursorKey
from opsplan.reading.limits import LIMITS, Limits
from opsplan.reading.names import camel
from opsplan.reading.policy import EVERYTHING, Policy
from opsplan.reading.reads import Reads, attach
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.types.schema_types import SchemaTypes, make_types
from opsplan.records.declaration import Catalogue

_IN_THE_TEXT = frozenset({"includeRetired", "orderBy"})


class Reading:
    """The types and root fields of a catalogue's nouns.

    Parameters
    ----------
    catalogue
        All nouns.
    limits
        How much one read may ask for.
    policy
        What a reader may read.
    """

    def __init__(self, catalogue: Catalogue, *, limits: Limits = LIMITS, policy: Policy = EVERYTHING) -> None:
        self.shapes = Shapes(catalogue)
        self.limits = limits
        self.policy = policy
        self.types: SchemaTypes = make_types(self.shapes, limits)

    def over(self, schema: Schema, cursors: CursorKey, *, timeout_s: float | None = None) -> Reads:
        """Give the reads over a schema that has the types and root fields of this one."""
        for each in schema._schema.type_map.values():
            definition = each.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if isinstance(each, GraphQLInputObjectType) and getattr(definition, "is_one_of", False):
                # Strawberry checks it by a rule of its own; so graphql-core's validation and introspection know too.
                each.is_one_of = True
        bounds = {camel(bound) for shape in self.shapes for each in shape.noun.derived for bound in each.bounds}
        ground = Ground(
            schema._schema,
            self.shapes,
            self.limits,
            self.policy,
            self.types.orders,
            self.types.bounded,
            _IN_THE_TEXT | bounds,
        )
        reads = Reads(ground, cursors, timeout_s=timeout_s)
        attach(reads)
        return reads
