"""How functions are compiled: on their first call, off the interpreter's lock, kept on disk for the next start.

Import this module only when a simulation is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

ROOT = Path(__file__).parents[2]
IMPORT = re.compile(r"^from keel\.([\w.]+) import", re.MULTILINE)

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

    numba looks at the file of the function alone, so after a change in another file whose functions, records or
    constants it uses it would go on with the old code. A test holds this.
    """
    function._cache._cache_file._source_stamp = sources()
    return function


@cache
def sources() -> str:
    """A digest of every file that holds compiled functions, and of those they take records and constants from."""
    texts = {path: path.read_text("utf-8") for path in (ROOT / "backtest").rglob("*.py")}
    compiled_in = [path for path, text in texts.items() if "@compiled" in text or "@reassociated" in text]
    imported = {_path(name) for path in compiled_in for name in IMPORT.findall(texts[path])}
    files = sorted(path for path in {*compiled_in, *imported} if path.is_file())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _path(name: str) -> Path:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py")
