"""The risk-free rate of each session."""

from __future__ import annotations

import numpy as np

from keel.backtest.window import Window
from keel.domain.arrays import Floats
from keel.domain.policy.records import RunSettings


def hurdle(window: Window, settings: RunSettings) -> float | Floats:
    """The risk-free return of a session: of the yearly rate, or (n - 1,) those of the series the settings name."""
    if isinstance(settings.risk_free, str):
        closes = window.column(settings.risk_free)
        return np.asarray(closes[1:] / closes[:-1] - 1.0, dtype=np.float64)
    return per_session(settings.risk_free, window.periods_per_year)


def per_session(rate: float, periods_per_year: float) -> float:
    """The return of a session that compounds to the rate in a year.

    >>> round(per_session(0.1268250301319698, 12), 12)
    0.01
    """
    return float((1.0 + rate) ** (1.0 / periods_per_year) - 1.0)
