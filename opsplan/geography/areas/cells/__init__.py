"""The H3 cells that cover an area and its margin, and the resolution fit for it.

H3 takes geodetic coordinates as those of a sphere, and the edges of its cells are great circles there; so cells and
polygons live on one sphere. `cover.py` gives the cells, by `neighbours.py` for circles about as large as a cell (plain
numbers, the path that is often taken) and by `descent.py` for everything else; `fit.py` chooses the resolution;
`sizes.py` says how large cells are.
"""

from opsplan.geography.areas.cells.cover import cells_over
from opsplan.geography.areas.cells.fit import resolution_for

__all__ = ["cells_over", "resolution_for"]
