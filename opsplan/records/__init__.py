"""Records: what users enter and the service keeps, declared once as nouns.

A noun (`declaration.py`) says how one kind of record stands in the graph: label, properties, relations. From the
same declaration come its checks, its writes with history, its file formats, its GraphQL types, its place in the
picture of the graph and `opsplan check-graph`. The capabilities declare their nouns in their `model.py`; nothing
here knows any of them by name.
"""
