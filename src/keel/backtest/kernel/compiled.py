"""How functions are compiled: on their first call, off the interpreter's lock, kept on disk for the next start.

Import this module only when a simulation is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` compiled on its first call, released from the interpreter lock, cached on disk."""
    return cast(F, _kept(numba.njit(cache=True, nogil=True, error_model="numpy")(function)))


def reassociated(function: F) -> F:
    """``function`` compiled with sums in any order, so that they use vector registers; it must not meet a NaN."""
    loose = {"reassoc", "contract", "nnan", "nsz"}
    return cast(F, _kept(numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=loose)(function)))


def _kept(function: Any) -> Any:
    """The function, its cache valid only for the sources of all of them.

    numba looks at the file of the function alone, so after a change in another file that it calls it would go on with
    the old code. A test holds this.
    """
    function._cache._cache_file._source_stamp = sources()
    return function


@cache
def sources() -> str:
    """A digest of every file that holds compiled functions."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    parts = [data for file in files if b"@compiled" in (data := file.read_bytes()) or b"@reassociated" in data]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
