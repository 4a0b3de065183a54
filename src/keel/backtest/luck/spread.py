"""How one figure varies over the days that were tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats

QUARTILES = (0.0, 25.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the quartiles and the greatest of a figure."""

    low: float
    quarter: float
    median: float
    three_quarters: float
    high: float


def spread(figures: Floats) -> Spread | None:
    """How the figures (o,) vary, those that are NaN left out; None when all are.

    >>> spread(np.array([3.0, np.nan, 1.0, 2.0]))
    Spread(low=1.0, quarter=1.5, median=2.0, three_quarters=2.5, high=3.0)
    """
    known = figures[np.isfinite(figures)]
    return Spread(*np.percentile(known, QUARTILES).tolist()) if len(known) else None
