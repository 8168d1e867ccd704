"""`opsplan check-graph`: the graph held against the catalogue, as Neo4j Community keeps neither presence nor type.

Here live set-based statements that find what no writer of ours would have written, and the words for it. Nothing
here mends the graph.
"""

from opsplan.records.integrity.check_graph import check_graph
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.table import findings_table

__all__ = ["Finding", "check_graph", "findings_table"]
"""The doors of this room."""
