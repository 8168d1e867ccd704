"""Areas on the Earth: how far apart they are, what holds them, which H3 cells cover them.

Pure functions over `opsplan.vocabulary.area`. Points and circles are of the WGS 84 ellipsoid, edges of polygons are
great circles between geodetic coordinates (docs/decisions/0044). Nothing here knows a claim, a rule, a time or an
index.

====================  ==============================================================================
`distance`            least distances between areas in metres
`bounding`            a circle that holds an area
`cells`               the H3 cells that cover an area and its margin; the resolution fit for it
`place_of_hiding`     the coarse circle that may be told of an area that is hidden
`outline`             a polygon on the unit sphere: its edges, what it holds, what it crosses
`nearest`             the least geodesic distance from points to edges
`ellipsoid`           geodesics of WGS 84, and how its lengths differ from the sphere's
====================  ==============================================================================
"""

from opsplan.geography.areas.bounding import bounding_circle
from opsplan.geography.areas.cells import cells_over, resolution_for
from opsplan.geography.areas.distance import distance_m, distances_m
from opsplan.geography.areas.place_of_hiding import coarse_circle

__all__ = ["bounding_circle", "cells_over", "coarse_circle", "distance_m", "distances_m", "resolution_for"]
