"""Outlines of countries for a printed world map: path data for SVG, small enough to stand in a page.

`projection.py` is the Equal Earth projection on a canvas, `simplify.py` cuts and thins polygons, `world_map.py` writes
the paths: `world_map()` gives them with a way to place points on the same canvas.
"""

from opsplan.geography.outline.projection import Canvas
from opsplan.geography.outline.world_map import ContestedOutline, WorldMap, world_map

__all__ = ["Canvas", "ContestedOutline", "WorldMap", "world_map"]
