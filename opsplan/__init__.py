"""opsplan plans multinational operations against scam centres and keeps them out of each other's way.

A GraphQL API over a Neo4j graph of targets, compounds and the agencies with jurisdiction over them, and a
scheduler (package `solver`) that deconflicts raids and allocates units, beds, interpreters and money across
countries. Folder = capability, file = room; README.md has the map of the house.
"""

__version__ = "0.1.0"
