"""How functions are compiled, and how what is compiled is kept.

numba keeps machine code beside each module, or in the user's cache where that folder cannot be written, and takes it for
current as long as the one file is unchanged. A function that calls one of another file would then go on with the old one:
so the stamp by which a file is known is widened to all files of this room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def _digest() -> str:
    whole = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


_SOURCES = _digest()


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, without the interpreter's lock, and keep the machine code on disk."""
    dispatcher = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    cache_file = dispatcher._cache._cache_file
    cache_file._source_stamp = (cache_file._source_stamp, _SOURCES)
    result: Function = dispatcher
    return result
