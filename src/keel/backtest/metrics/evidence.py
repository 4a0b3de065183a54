"""What a path is judged on: its wealth, what it traded, and what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.backtest.metrics.rates import hurdle, per_session
from keel.backtest.path import Path
from keel.backtest.window import Window
from keel.domain.arrays import Days, Floats
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """All that the metrics of one path are computed from; what is not given leaves the metrics that need it undefined.

    ``dates`` and ``wealth`` (n,), n ≥ 2; ``risk_free`` a year, or (n - 1,) that of each session; ``turnover`` the sum
    of one-way turnovers; ``costless`` (n,) the wealth of the same policy without any cost; ``reference`` (n,) the
    wealth of the targets held at every session; ``total_drift`` (n,) at each close before trading.
    """

    dates: Days
    wealth: Floats
    periods_per_year: float
    risk_free: float | Floats = 0.0
    turnover: float = 0.0
    rebalances: int = 0
    costless: Floats | None = None
    reference: Floats | None = None
    total_drift: Floats | None = None

    @property
    def hurdle(self) -> float | Floats:
        """The risk-free return of a session, one or (n - 1,)."""
        rate = self.risk_free
        return per_session(rate, self.periods_per_year) if isinstance(rate, int | float) else rate

    @property
    def returns(self) -> Floats:
        """The returns (n - 1,) of each session."""
        return np.asarray(self.wealth[1:] / self.wealth[:-1] - 1.0, dtype=np.float64)


def evidence(
    window: Window,
    book: Book,
    path: Path,
    settings: RunSettings,
    *,
    weights: Floats,
    costless: Floats,
    reference: Floats,
) -> Evidence:
    """What the path of a policy is judged on; ``weights`` (n, m) are its leaves' at each close before trading."""
    return Evidence(
        dates=window.dates,
        wealth=path.wealth,
        periods_per_year=window.periods_per_year,
        risk_free=hurdle(window, settings) if isinstance(settings.risk_free, str) else settings.risk_free,
        turnover=float(path.turnover.sum()),
        rebalances=len(path.sessions),
        costless=costless,
        reference=reference,
        total_drift=0.5 * np.abs(weights - book.targets).sum(axis=1),
    )
