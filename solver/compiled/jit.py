"""How functions are compiled. Where the machine code is kept is for this room's `__init__` to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def entry(function: Function) -> Function:
    """Compile a function that Python calls, without the interpreter's lock, and keep the machine code on disk."""
    made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    result: Function = made
    return result


def compiled(function: Function) -> Function:
    """Compile a function that only other compiled ones call: without what Python would need to call it."""
    # The options are not in numba's stubs.
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made: Any = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    result: Function = made
    return result
