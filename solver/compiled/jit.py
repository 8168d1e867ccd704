"""How functions are compiled, and how what is compiled is kept.

numba keeps machine code beside each module, or in the user's cache where that folder cannot be written, and takes it
for current as long as the one file is unchanged. A function that calls one of another file would then go on with the
old one: so the stamp by which a file is known is widened to all files of its folder, and those here, that hold code to
be compiled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_NOT_COMPILED = ("__init__.py", "search.py")


@cache
def _sources(folder: Path) -> str:
    whole = hashlib.sha256()
    for place in (Path(__file__).parent, folder):
        for path in sorted(place.glob("*.py")):
            if path.name not in _NOT_COMPILED:
                whole.update(path.read_bytes())
    return whole.hexdigest()


def entry(function: Function) -> Function:
    """Compile a function that Python calls, without the interpreter's lock, and keep the machine code on disk."""
    result: Function = _kept(numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    return result


def compiled(function: Function) -> Function:
    """Compile a function that only other compiled ones call: without what Python would need to call it."""
    # The options are not in numba's stubs.
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    result: Function = _kept(numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function))
    return result


def _kept(dispatcher: Any) -> Any:
    cache_file = dispatcher._cache._cache_file
    folder = Path(dispatcher.py_func.__code__.co_filename).parent
    cache_file._source_stamp = (cache_file._source_stamp, _sources(folder))
    return dispatcher
