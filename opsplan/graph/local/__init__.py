"""The local Neo4j: a real Community 5.26 server, fetched, started and stopped by opsplan itself.

Here live the locked list of jars and their fetching, the data folder with its lock and password, the guard process
that ends Java with its owner, offline backup, and the `opsplan neo4j` commands. Here live no statements and nothing
that a server named by OPSPLAN_NEO4J_URI needs. Works on Linux and macOS.
"""
