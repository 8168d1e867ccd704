"""Pages that people print and carry: one HTML file each, which loads nothing from the net.

`plan_page.py` makes the page of a plan (world map, Gantt chart by country, what was left out) from the document that
the API serves. Nothing here reads the graph.
"""

from opsplan.pages.plan_page import plan_page

__all__ = ["plan_page"]
