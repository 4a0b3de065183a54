"""By what a window of prices is known again."""

from __future__ import annotations

import hashlib

import numpy as np

from keel.backtest.window import Window


def fingerprint(window: Window) -> str:
    """Sixteen hex digits that change when a date, symbol or close of the window does."""
    digest = hashlib.sha256("\n".join(window.symbols).encode())
    digest.update(window.dates.astype("datetime64[D]").astype(np.int64).data)
    digest.update(np.ascontiguousarray(window.closes, dtype=np.float64).data)
    return digest.hexdigest()[:16]
