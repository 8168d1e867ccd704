"""How large cells are."""

from typing import Final

_CELL_RADIUS: Final = 0.2206
_DESCENDANTS: Final = 1.1


def cell_radius(resolution: int) -> float:
    """Give the greatest radius of a cell of a resolution in radians.

    That of resolution 0, by the square root of seven for each finer one; measured over all cells of resolutions 0 to 4
    (0.2171, 0.2200, 0.2205, 0.2205, 0.2205, each times that factor).
    """
    return float(_CELL_RADIUS / 7.0 ** (0.5 * resolution))


def family_radius(resolution: int) -> float:
    """Give how far a cell of a resolution and all its descendants reach from its centre in radians, at most.

    Children lie not quite within their parents: by geometry, those of regular hexagons reach 1.053 times as far.
    """
    return _DESCENDANTS * cell_radius(resolution)
