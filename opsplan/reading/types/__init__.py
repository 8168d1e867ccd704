"""The GraphQL types of all nouns as Strawberry types: scalars, enums, objects, connections, filters, orders.

`schema_types` makes them all; each file makes one kind. What fields stand for is declared in `opsplan.reading.shape`.
"""
