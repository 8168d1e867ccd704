"""Who is asking, and may they: roles and what they allow, bearer tokens, the local issuer.

Here live the table of rights, the verification of tokens and the keys they are verified with. Here live no HTTP, no
GraphQL, and no ownership of records (`opsplan.records.writing` keeps that). Doors: `rules`, `identity`, `issuer`.
"""
