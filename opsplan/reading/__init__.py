"""Compiled reads: a GraphQL selection becomes one Cypher statement, and its rows become the response.

Here live the GraphQL types made from the catalogue of nouns (`types`), how each field stands in the graph (`shape`),
statements and their parameters (`compile`), responses and cursors (`complete`, `cursors`), and the seam for policy
(`policy`). Nothing here knows a noun by name, writes, or knows HTTP.
"""
