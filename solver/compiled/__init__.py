"""Compiled search: kernels over flat arrays, made by numba from Python when first used and kept on disk.

The only room that knows numba. Here live the tables that kernels read and the kernels, a folder per kind of problem.
Here does not live any choice of what runs when (`solver.stages`) nor the checker.

Importing this room takes half a second and 60 MB, so only a search imports it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numba
from numba.core import config

_HERE = Path(__file__).parent


def _keep_by_content() -> None:
    """Keep compiled code in a folder named after all sources of this room.

    Numba asks only whether a kernel's own file has changed, not the files of what it calls, and fails to read what
    was kept when a type that it names is gone. So a changed room begins with an empty folder: below the one that
    `NUMBA_CACHE_DIR` names, else beside these modules. Where it cannot be written to, numba's own choice stands.
    """
    # The settings are made at run time from the environment; a type checker does not see them.
    named = getattr(config, "CACHE_DIR", "")
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(_HERE.rglob("*.py")):
        digest.update(path.relative_to(_HERE).as_posix().encode())
        digest.update(path.read_bytes())
    folder = Path(named or _HERE / "__pycache__") / f"numba-{digest.hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        setattr(config, "CACHE_DIR", str(folder))  # noqa: B010


_keep_by_content()
