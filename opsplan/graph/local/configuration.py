"""The configuration file of the local server, written anew at every start."""

from opsplan.graph.local.options import LocalServerOptions

_TEXT = """\
# Written by opsplan at every start; changes made here are lost.

# Loopback only, and Bolt only.
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false

# Nothing is told to anybody.
dbms.usage_report.enabled=false
server.bolt.telemetry.enabled=false
db.logs.query.enabled=OFF

# LOAD CSV reads neither this machine's files nor its network.
dbms.security.allow_csv_import_from_file_urls=false
server.directories.import=import
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0

# Memory. A transaction beyond its share fails by itself and leaves the others alone.
server.memory.pagecache.size={page_cache_mb}m
db.memory.transaction.max={transaction_memory_mb}m

# Disk: no 256 MB set aside for an empty graph.
db.tx_log.preallocate=false
db.tx_log.rotation.size=64m
db.tx_log.rotation.retention_policy=2 days 512M

# A clean stop in half a second instead of ten.
internal.dbms.bolt.netty_server_shutdown_quiet_period=0

# A statement is planned anew when the graph has become another one, but once a minute at most, and not when a handful
# of nodes has become two: planning takes longer than most statements do, and a graph that grows fast would have them
# planned again and again. After large loads the service itself asks for new plans.
dbms.cypher.min_replan_interval=60s
dbms.cypher.statistics_divergence_threshold=0.95
"""


def configuration(options: LocalServerOptions, port: int) -> str:
    """Give the text of neo4j.conf for a server on `port`."""
    most_mb = options.transaction_memory_mb
    return _TEXT.format(
        port=port,
        page_cache_mb=options.page_cache_mb,
        transaction_memory_mb=options.heap_mb * 3 // 4 if most_mb is None else most_mb,
    )
