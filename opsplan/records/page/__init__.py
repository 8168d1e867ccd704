"""The page of the model: tables and a picture of the graph, made from the catalogue so that they cannot lie.

Pure text to text: nothing here reads or writes files, and `graph_schema/README.md` is compared with it by a test.
"""

from opsplan.records.page.page import in_page, nouns_table, relationship_sentences, service_labels_table
from opsplan.records.page.picture import picture

__all__ = ["in_page", "nouns_table", "picture", "relationship_sentences", "service_labels_table"]
"""The doors of this room."""
