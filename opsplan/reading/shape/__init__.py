"""How each GraphQL type and field stands in the graph, derived once from the catalogue; no framework, no Cypher text.

`fields` has the kinds of fields, `shapes` derives them. The GraphQL types, the compiler and the tests' own executor
all read these values, and nothing else is declared twice.
"""
