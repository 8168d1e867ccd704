"""The cells near any shape: down from the coarsest ones, by how far their centres are."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from h3.api import basic_int as h3
from numpy.typing import NDArray

from opsplan.geography.areas.cells.sizes import cell_radius, family_radius
from opsplan.geography.geodesy import Vectors, unit_vectors
from opsplan.vocabulary.place import GeoPoint

Gap: TypeAlias = Callable[[Vectors], NDArray[np.float64]]
"""Gives for unit vectors (n, 3) the distance to a shape in radians, below 0 inside of it; shape (n,)."""


def cells_within(reach: float, gap: Gap, inside: GeoPoint, resolution: int) -> list[int]:
    """Give the cells of a resolution that come within a distance of a shape, ascending.

    Parameters
    ----------
    reach
        The distance in radians.
    gap
        Measures from the shape.
    inside
        A point of the shape: where no border of a cell comes near, its cell holds the whole.
    resolution
        Of the cells.
    """
    found = {h3.latlng_to_cell(inside.latitude, inside.longitude, resolution)}
    cells = h3.get_res0_cells()
    for level in range(resolution):
        if not cells:
            break
        family = family_radius(level)
        gaps = gap(_centers(cells))
        whole = gaps <= reach - family
        for cell in _chosen(cells, whole):
            found.update(h3.cell_to_children(cell, resolution))
        cells = [
            child
            for cell in _chosen(cells, (gaps <= reach + family) & ~whole)
            for child in h3.cell_to_children(cell, level + 1)
        ]
    if cells:
        gaps = gap(_centers(cells))
        found.update(_chosen(cells, gaps <= reach))
        found.update(
            _touched_by_border(_chosen(cells, (gaps > reach) & (gaps <= reach + cell_radius(resolution))), gap, reach)
        )
    return sorted(found)


def _touched_by_border(cells: list[int], gap: Gap, reach: float) -> list[int]:
    """Give those of some cells whose border comes within a distance, or misses it by a thirtieth of an edge."""
    touched: list[int] = []
    for parts in (1, 4, 16):
        if not cells:
            break
        owners, points, step = _border(cells, parts)
        least = np.full(len(cells), np.inf)
        np.minimum.at(least, owners, gap(points))
        touched += _chosen(cells, least <= reach)
        # No point of the border is farther than half a step from one of those that were asked.
        cells = _chosen(cells, (least > reach) & (least <= reach + 0.5 * step))
    return touched + cells


def _border(cells: list[int], parts: int) -> tuple[NDArray[np.intp], Vectors, float]:
    borders = [h3.cell_to_boundary(cell) for cell in cells]
    counts = [len(border) for border in borders]
    starts = _vectors([corner for border in borders for corner in border])
    ends = _vectors([corner for border in borders for corner in (*border[1:], border[0])])
    fractions = np.arange(parts) / parts
    points = starts[:, None, :] * (1.0 - fractions)[None, :, None] + ends[:, None, :] * fractions[None, :, None]
    points = points.reshape(-1, 3)
    points /= np.sqrt(np.einsum("ij,ij->i", points, points))[:, None]
    # Parts of a chord in equal lengths are arcs in nearly equal lengths; the middle ones are longest.
    edges = starts - ends
    step = 2.0 * math.asin(min(1.0, 0.5 * math.sqrt(np.einsum("ij,ij->i", edges, edges).max()))) / parts
    return np.repeat(np.arange(len(cells)), np.array(counts) * parts), points, step * 1.02


def _centers(cells: list[int]) -> Vectors:
    return _vectors([h3.cell_to_latlng(cell) for cell in cells])


def _vectors(places: list[tuple[float, float]]) -> Vectors:
    return unit_vectors(np.array(places, dtype=np.float64).reshape(-1, 2)[:, ::-1])


def _chosen(cells: Sequence[int], flags: NDArray[np.bool_]) -> list[int]:
    return [cells[place] for place in np.nonzero(flags)[0].tolist()]
