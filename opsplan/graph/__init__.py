"""The graph room: the one place that knows the Neo4j driver.

Here live named queries, managed transactions, the server's errors turned into ours, migrations, and the local
Neo4j server with its backup. Here live no labels, no statements of capabilities, no rules: each capability's
store owns those. Labels owned: Migration, MigrationLock.
"""
