"""From the rows of a statement to the response: a completer made for each selection, and one that takes care.

`generate` writes the fast completer as Python source, `careful` walks the same views where a value is not what its type
says, so that nulls and error paths follow the GraphQL specification.
"""
