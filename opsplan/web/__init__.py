"""The web floor: the Starlette app, the schema put together from its parts, identity, limits, errors, logs, metrics.

Here live HTTP and WebSockets, GraphQL mutations and subscriptions generated from the catalogue, trusted documents, and
the page that explores the API. Here live no Cypher and no rules: those are the capabilities'. Door: `app.create_app`.
"""
