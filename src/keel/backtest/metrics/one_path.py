"""The metrics of one path, one definition each. What is undefined is None, never NaN."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from keel.backtest.metrics.drawdown import drawdown_episodes, longest_under_water_days
from keel.backtest.metrics.evidence import Evidence
from keel.backtest.metrics.years import CalendarYear, calendar_years, elapsed_years
from keel.domain.arrays import Days, Floats
from keel.domain.market.series import drawdowns
from keel.units import SHORTEST_YEARS

ZERO, ROUNDING = 1e-15, 1e-10  # a spread this small, or this small beside the mean, is rounding: no ratio over it


def metrics(judged: Evidence) -> dict[str, object]:
    """Every metric of a path by its key in the table, in the table's order; dates are ``datetime.date``.

    >>> days = np.array(["2023-12-31", "2024-12-31"], dtype="datetime64[D]")
    >>> out = metrics(Evidence(days, np.array([1.0, 1.1]), 1))
    >>> round(out["total_return"], 12), out["volatility"], out["max_drawdown"]
    (0.1, None, 0.0)
    """
    dates, wealth, r = judged.dates, judged.wealth, judged.returns
    years = elapsed_years(dates)
    cagr = growth_per_year(wealth, years)
    return {
        "total_return": float(wealth[-1] / wealth[0] - 1.0),
        "cagr": cagr,
        **_ratios(judged, r),
        **_falls(dates, wealth, cagr),
        "cvar_95": _shortfall(r),
        **_years(calendar_years(dates, wealth)),
        "turnover_per_year": judged.turnover / years if years > 0.0 else None,
        "rebalances": judged.rebalances,
        **_against(judged, cagr, years),
        **_drift(judged.total_drift),
    }


def growth_per_year(wealth: Floats, years: float) -> float | None:
    """The constant return a year that leads from the first wealth to the last; None over fewer than 30 days.

    >>> round(growth_per_year(np.array([1.0, 1.21]), 2.0), 12)
    0.1
    """
    return float((wealth[-1] / wealth[0]) ** (1.0 / years) - 1.0) if years >= SHORTEST_YEARS else None


def least_spread(mean: ArrayLike) -> Floats:
    """The spread up to which returns of this mean, (…), do not vary but by rounding.

    >>> least_spread([-1.0, 0.0]).tolist()
    [1e-10, 1e-15]
    """
    return np.maximum(ZERO, ROUNDING * np.abs(mean))


def tracking_error(wealth: Floats, reference: Floats, periods_per_year: float) -> float | None:
    """The volatility of the difference between the two paths' returns."""
    difference = wealth[1:] / wealth[:-1] - reference[1:] / reference[:-1]
    return float(difference.std(ddof=1) * math.sqrt(periods_per_year)) if len(difference) > 1 else None


def _ratios(judged: Evidence, r: Floats) -> dict[str, object]:
    root, excess = math.sqrt(judged.periods_per_year), r - judged.hurdle
    deviation = float(r.std(ddof=1)) if len(r) > 1 else None
    # With one rate the excess return has the returns' own deviation, and less rounding.
    one_rate = isinstance(judged.risk_free, int | float)
    above = deviation if one_rate or deviation is None else float(excess.std(ddof=1))
    downside = math.sqrt(float(np.mean(np.minimum(excess, 0.0) ** 2)))
    mean, least = float(excess.mean()), float(least_spread(r.mean()))
    return {
        "volatility": None if deviation is None else deviation * root,
        "sharpe": mean / above * root if above is not None and above > least else None,
        "sortino": mean / downside * root if downside > least else None,
    }


def _shortfall(r: Floats) -> float:
    return float(np.sort(r)[: math.ceil(len(r) / 20)].mean())


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


def _against(judged: Evidence, cagr: float | None, years: float) -> dict[str, object]:
    """What the costs took, and how far the path is from that of the targets."""
    free, reference = judged.costless, judged.reference
    return {
        "cost_drag": None if free is None else _difference(growth_per_year(free, years), cagr),
        "tracking_error": (
            None if reference is None else tracking_error(judged.wealth, reference, judged.periods_per_year)
        ),
        "tracking_difference": None if reference is None else _difference(cagr, growth_per_year(reference, years)),
    }


def _drift(total_drift: Floats | None) -> dict[str, object]:
    return {
        "mean_total_drift": None if total_drift is None else float(total_drift.mean()),
        "max_total_drift": None if total_drift is None else float(total_drift.max()),
    }


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
