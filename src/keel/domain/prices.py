"""Adjusted closes in a matrix: dates down, symbols across."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

CASH = "CASH"


@dataclass(frozen=True, slots=True)
class PriceMatrix:
    """Adjusted closes: ``dates`` (n,) datetime64[D] strictly ascending, ``closes`` (n, k), NaN where there is none.

    ``kinds`` is ``total_return`` or ``price_return`` per symbol (empty when not known). ``proxied`` maps a symbol to
    the series that stands in for it and the first date of its own prices (None when it has none of its own).
    ``notes`` are sentences a person should see beside a result ("Dividends excluded: SPY").
    """

    dates: Days
    symbols: tuple[str, ...]
    closes: Floats
    kinds: tuple[str, ...] = ()
    proxied: tuple[tuple[str, str, np.datetime64 | None], ...] = ()
    notes: tuple[str, ...] = ()
