"""WGS 84: geodesics, and how far lengths on it differ from those on the unit sphere."""

from typing import Final

from pyproj import Geod

WGS84: Final = Geod(ellps="WGS84")
"""Geodesics in C (Karney 2013), exact to 15 nanometres."""

SEMI_MAJOR_M: Final = float(WGS84.a)
ECCENTRICITY_SQUARED: Final = float(WGS84.es)

LEAST_RADIUS_M: Final = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED)
"""Metres of a radian of the sphere where it is shortest: along a meridian at the equator."""

GREATEST_RADIUS_M: Final = SEMI_MAJOR_M / (1.0 - ECCENTRICITY_SQUARED) ** 0.5
"""Metres of a radian of the sphere where it is longest: at the poles.

A line on the ellipsoid has as many metres as its image on the sphere of n-vectors has radians, times a factor between
these two; so have the shortest lines, and so distances.
"""
