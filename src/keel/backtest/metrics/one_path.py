"""The figures of a wealth path, one definition each. What is undefined is None, never NaN."""

from __future__ import annotations

import math

import numpy as np

from keel.backtest.metrics.attribution import contribution as contribution
from keel.backtest.metrics.attribution import correlation as correlation
from keel.backtest.metrics.drawdown import drawdown_episodes as drawdown_episodes
from keel.backtest.metrics.drawdown import drawdowns, longest_under_water_days
from keel.backtest.metrics.rates import per_session
from keel.backtest.metrics.years import CalendarYear, calendar_years, elapsed_years
from keel.backtest.metrics.years import monthly_returns as monthly_returns
from keel.backtest.metrics.years import rolling_returns as rolling_returns
from keel.backtest.window import fingerprint as fingerprint
from keel.domain.arrays import Days, Floats

ZERO = 1e-15  # a spread this small is rounding: a ratio over it has no meaning


def metrics(
    dates: Days,
    wealth: Floats,
    periods_per_year: int,
    *,
    risk_free: float | Floats = 0.0,
    turnover: float = 0.0,
    rebalances: int = 0,
    costless: Floats | None = None,
    reference: Floats | None = None,
    total_drift: Floats | None = None,
) -> dict[str, object]:
    """Every figure by its JSON key; dates are ``datetime.date``.

    ``dates`` and ``wealth`` (n,), n ≥ 2; ``risk_free`` a year, or (n - 1,) that of each session; ``turnover`` the sum
    of one-way turnovers; ``costless`` (n,) the wealth of the same policy without any cost; ``reference`` (n,) the
    wealth of the targets held at every session; ``total_drift`` (n,) at each close before trading. Figures whose input
    is not given are None.

    >>> days = np.array(["2023-12-31", "2024-12-31"], dtype="datetime64[D]")
    >>> out = metrics(days, np.array([1.0, 1.1]), 1)
    >>> round(out["total_return"], 12), out["volatility"], out["max_drawdown"]
    (0.1, None, 0.0)
    """
    r = wealth[1:] / wealth[:-1] - 1.0
    years = elapsed_years(dates)
    own = growth_per_year(wealth, years)
    return {
        "total_return": float(wealth[-1] / wealth[0] - 1.0),
        "cagr": own,
        **_ratios(r, periods_per_year, risk_free),
        **_falls(dates, wealth, own),
        "cvar_95": float(np.sort(r)[: math.ceil(len(r) / 20)].mean()),
        **_years(calendar_years(dates, wealth)),
        "turnover_per_year": turnover / years if years > 0.0 else None,
        "rebalances": rebalances,
        "cost_drag": None if costless is None else _difference(growth_per_year(costless, years), own),
        "tracking_error": None if reference is None else tracking_error(wealth, reference, periods_per_year),
        "tracking_difference": None if reference is None else _difference(own, growth_per_year(reference, years)),
        "mean_total_drift": None if total_drift is None else float(total_drift.mean()),
        "max_total_drift": None if total_drift is None else float(total_drift.max()),
    }


def growth_per_year(wealth: Floats, years: float) -> float | None:
    """The constant return a year that leads from the first wealth to the last.

    >>> round(growth_per_year(np.array([1.0, 1.21]), 2.0), 12)
    0.1
    """
    return float((wealth[-1] / wealth[0]) ** (1.0 / years) - 1.0) if years > 0.0 else None


def tracking_error(wealth: Floats, reference: Floats, periods_per_year: int) -> float | None:
    """The volatility of the difference between the two paths' returns."""
    difference = wealth[1:] / wealth[:-1] - reference[1:] / reference[:-1]
    return float(difference.std(ddof=1) * math.sqrt(periods_per_year)) if len(difference) > 1 else None


def _ratios(r: Floats, p: int, risk_free: float | Floats) -> dict[str, object]:
    root = math.sqrt(p)
    excess = r - (per_session(risk_free, p) if isinstance(risk_free, int | float) else risk_free)
    spread = float(r.std(ddof=1)) if len(r) > 1 else None
    # With one rate the excess return has the returns' own spread, and less rounding.
    beyond = spread if isinstance(risk_free, int | float) or spread is None else float(excess.std(ddof=1))
    downside = math.sqrt(float(np.mean(np.minimum(excess, 0.0) ** 2)))
    mean = float(excess.mean())
    return {
        "volatility": None if spread is None else spread * root,
        "sharpe": mean / beyond * root if beyond is not None and beyond > ZERO else None,
        "sortino": mean / downside * root if downside > ZERO else None,
    }


def _falls(dates: Days, wealth: Floats, cagr: float | None) -> dict[str, object]:
    worst = next(iter(drawdown_episodes(dates, wealth, 1)), None)
    below = drawdowns(wealth)
    return {
        "max_drawdown": worst.depth if worst else 0.0,
        "max_drawdown_peak": worst.peak if worst else None,
        "max_drawdown_trough": worst.trough if worst else None,
        "max_drawdown_recovered": worst.recovered if worst else None,
        "calmar": cagr / -worst.depth if worst and cagr is not None and worst.depth < 0.0 else None,
        "ulcer": math.sqrt(float(np.mean(below**2))),
        "longest_under_water_days": longest_under_water_days(dates, wealth),
    }


def _years(years: tuple[CalendarYear, ...]) -> dict[str, object]:
    complete = [year.value for year in years if not year.partial]
    return {
        "best_year": max(complete, default=None),
        "worst_year": min(complete, default=None),
        "calendar_years": [{"year": y.year, "return": y.value, "partial": y.partial} for y in years],
    }


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
