"""The graph room: the one place that knows the Neo4j driver.

Here live named queries, managed transactions, the server's errors turned into ours, migrations, and the local
Neo4j server with its backup. Here live no labels, no statements of capabilities, no rules: each capability's
store owns those. Labels owned: Migration, MigrationLock.

Doors: `open_graph` gives a `Graph`; stores write `Query` constants and take `Tx`.
"""

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query, registered_queries
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import Tx

__all__ = ["Bounds", "Graph", "GraphAddress", "Mode", "Query", "Tx", "registered_queries"]
