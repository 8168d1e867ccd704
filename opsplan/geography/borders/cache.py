"""Decoded borders on the disk, so that the next start need not decode them again.

One file per source and format: plain arrays in NumPy's archive without pickles, so that reading one runs no code. The
archive carries checksums of its own: a file that is damaged or cut short is made anew.
"""

import logging
import tempfile
import zipfile
from dataclasses import astuple
from pathlib import Path

import numpy as np

from opsplan.geography.borders.model import Borders, Circle

_log = logging.getLogger(__name__)
_CIRCLE = np.dtype(
    [
        ("code", "U2"),
        ("longitude", "f8"),
        ("latitude", "f8"),
        ("radius_m", "f8"),
        ("place", "U64"),
        ("disputed", "?"),
    ]
)


def read_cached(path: Path) -> Borders | None:
    """Read borders back; None when there are none, or they are damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return Borders(
                owners=tuple(archive["owners"].tolist()),
                vertices=archive["vertices"],
                ring_starts=archive["ring_starts"],
                polygon_starts=archive["polygon_starts"],
                circles=tuple(Circle(*row) for row in archive["circles"].tolist()),
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as failure:
        _log.warning("cached borders cannot be read and are made anew: %s", type(failure).__name__)
        return None


def write_cached(path: Path, borders: Borders) -> bool:
    """Write borders whole or not at all; False when the folder takes no file.

    A start without a cache is slower by seconds and right all the same: so it is a warning, not an error.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem, suffix=".part", delete=False) as part:
            written = Path(part.name)
            try:
                np.savez(
                    part,
                    owners=np.array(borders.owners),
                    vertices=borders.vertices,
                    ring_starts=borders.ring_starts,
                    polygon_starts=borders.polygon_starts,
                    circles=np.array([astuple(circle) for circle in borders.circles], dtype=_CIRCLE),
                )
                part.close()
                written.replace(path)
            except BaseException:  # also on Ctrl-C no half-written file stays behind
                written.unlink(missing_ok=True)
                raise
    except OSError as failure:
        _log.warning("borders cannot be cached, each start decodes them again: %s", failure.strerror)
        return False
    return True
