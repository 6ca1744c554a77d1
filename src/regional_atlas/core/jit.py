"""`jit`: numba's `njit` with the interpreter lock released and, where possible, kept on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

__all__ = ["jit", "thread_count"]


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on first call and keep the machine code for the next process.

    numba keeps it in `__pycache__` beside the source, or in its own folder of the user's cache
    where that is read-only, and refuses when neither can be written: then the code is compiled in
    every process. Its files can run, as `.pyc` files can: they are never in the store's folder.
    """
    import numba

    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True)(function)
    return compiled


def thread_count() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
