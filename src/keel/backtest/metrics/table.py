"""The one table of metrics: pages, the command line, sweeps, sentences and documents select their rows from it.

A metric is added by a row here and its number in ``one_path``; where it composes also in ``sweep.composed``, where two
policies are compared by it also in ``many_paths``. Tests hold the row against the numbers.
"""

from __future__ import annotations

from keel import units
from keel.backtest.metrics.row import Kind, Metric
from keel.domain.study.findings import points

MONTH = units.DAYS_PER_YEAR / 12


def _whole(x: float) -> str:
    return units.number(x, 0)


def _months(days: float) -> str:
    return units.number(days / MONTH, 0)


def _points(x: float) -> str:
    return units.pp(x, 2)


def _signed(x: float, digits: int = 2) -> str:
    text = units.number(x, digits)
    return f"+{text}" if x > 0.0 and text.strip("0.") else text


def _count_apart(x: float) -> str:
    return _signed(x, 0)


def _ratio(x: float) -> str:
    return units.number(abs(x))


def _fine(x: float) -> str:
    return points(x, 2)


METRICS = (
    Metric(
        key="total_return",
        definition="end / start − 1",
        label="Total growth",
        form=units.pct,
        trade="Total return",
        higher=True,
        centred=True,
        composes=True,
        phrase="beat {b} by {x} in all",
        noun="total return",
    ),
    Metric(
        key="cagr",
        definition="(end / start)^(1 / years) − 1",
        label="Return a year",
        form=units.pct2,
        trade="CAGR",
        apart=_points,
        higher=True,
        centred=True,
        headline=1,
        composes=True,
        phrase="beat {b} by {x} a year",
        noun="yearly return",
    ),
    Metric(
        key="volatility",
        definition="std(r, ddof 1) · √p",
        label="Volatility",
        form=units.pct,
        finer=units.pct2,
        apart=_points,
        higher=False,
        headline=2,
        composes=True,
        phrase="swung {x} less a year than {b}",
        noun="volatility",
    ),
    Metric(
        key="sharpe",
        definition="mean(e) / std(e) · √p, where e = r − ((1 + rf)^(1/p) − 1), or r less the returns of the series "
        "named as `risk_free`",
        label="Sharpe ratio",
        trade="Sharpe",
        apart=_signed,
        higher=True,
        headline=6,
        composes=True,
        phrase="had a Sharpe ratio {x} above that of {b}",
        noun="Sharpe ratio",
        amount=_ratio,
    ),
    Metric(
        key="sortino",
        definition="mean(e) / √mean(min(e, 0)²) · √p",
        label="Sortino ratio",
        trade="Sortino",
        apart=_signed,
        higher=True,
        composes=True,
        phrase="had a Sortino ratio {x} above that of {b}",
        noun="Sortino ratio",
        amount=_ratio,
    ),
    Metric(
        key="max_drawdown",
        definition="the deepest fall from a peak, ≤ 0",
        label="Deepest fall",
        form=units.pct,
        trade="Max drawdown",
        higher=True,
        headline=3,
        composes=True,
        phrase="fell {x} less at worst than {b}",
        noun="deepest fall",
    ),
    Metric(
        key="max_drawdown_peak",
        definition="the last date at the peak before it",
        kind=Kind.day,
        term="max_drawdown",
    ),
    Metric(key="max_drawdown_trough", definition="the date of its lowest wealth", kind=Kind.day, term="max_drawdown"),
    Metric(
        key="max_drawdown_recovered",
        definition="the first date back at the peak; null when there was none yet",
        kind=Kind.day,
        term="max_drawdown",
    ),
    Metric(
        key="calmar",
        definition="cagr / \\|max_drawdown\\|",
        label="Calmar ratio",
        trade="Calmar",
        apart=_signed,
        higher=True,
        composes=True,
        phrase="had a Calmar ratio {x} above that of {b}",
        noun="Calmar ratio",
        amount=_ratio,
    ),
    Metric(
        key="ulcer",
        definition="√mean(drawdown²) over all sessions, the first included",
        label="Ulcer index",
        form=units.pct,
        higher=False,
    ),
    Metric(
        key="longest_under_water_days",
        definition="calendar days from a peak to its recovery, or to the end",
        label="Months under water",
        form=_months,
        kind=Kind.count,
        trade="Days under water",
        finer=_whole,
        higher=False,
        headline=5,
    ),
    Metric(
        key="cvar_95",
        definition="mean of the ⌈n / 20⌉ lowest r",
        label="Expected shortfall, a period",
        form=units.pct,
        trade="CVaR 95%",
        higher=True,
    ),
    Metric(
        key="best_year",
        definition="the highest return of a complete calendar year",
        label="Best full year",
        form=units.pct,
        higher=True,
    ),
    Metric(
        key="worst_year",
        definition="the lowest return of a complete calendar year",
        label="Worst full year",
        form=units.pct,
        higher=True,
        headline=4,
    ),
    Metric(key="calendar_years", definition="`[{year, return, partial}]`", kind=Kind.years),
    Metric(
        key="turnover_per_year",
        definition="Σ one-way turnover / years",
        label="Turnover a year",
        form=units.pct,
        higher=False,
        headline=8,
        composes=True,
        phrase="traded {x} less a year than {b}",
        noun="yearly turnover",
    ),
    Metric(
        key="rebalances",
        definition="the number of events",
        label="Rebalances",
        form=_whole,
        kind=Kind.count,
        apart=_count_apart,
        higher=False,
        headline=7,
        composes=True,
    ),
    Metric(
        key="cost_drag",
        definition="cagr of the same policy with every cost 0, less cagr",
        label="Cost drag a year",
        form=units.pct2,
        apart=_points,
        higher=False,
        headline=9,
        composes=True,
    ),
    Metric(
        key="tracking_error",
        definition="std(r − r*) · √p, where r* = Σ target × return of each session",
        label="Tracking error",
        form=units.pct2,
        apart=_points,
        higher=False,
        composes=True,
        phrase="kept {x} closer to target than {b}",
        noun="tracking error",
        amount=_fine,
    ),
    Metric(
        key="tracking_difference",
        definition="cagr − cagr*",
        label="Tracking difference",
        form=units.pct2,
        finer=_points,
        apart=_points,
        higher=True,
        centred=True,
        composes=True,
        phrase="earned {x} a year more over its targets than {b}",
        noun="tracking difference",
    ),
    Metric(
        key="mean_total_drift",
        definition="the mean of total drift ½ Σ \\|drift\\| over session closes before trading",
        label="Mean total drift",
        form=units.pct,
        finer=units.pct2,
        higher=False,
    ),
    Metric(
        key="max_total_drift",
        definition="the largest of it",
        label="Largest total drift",
        form=units.pct,
        trade="Max total drift",
        finer=units.pct2,
        higher=False,
        headline=10,
    ),
    Metric(
        key="end_value",
        definition="what is held at the end, in the base currency",
        label="Value at the end",
        form=_whole,
        trade="End value",
        higher=True,
        flows=True,
    ),
    Metric(
        key="invested",
        definition="the initial value and every contribution, what was taken out subtracted",
        label="Paid in",
        form=_whole,
        trade="Invested",
        flows=True,
    ),
    Metric(
        key="money_weighted_return",
        definition="the yearly rate at which the payments grow to the end value (XIRR by pyxirr, years of 365.25 days)",
        label="Return on money, a year",
        form=units.pct2,
        trade="XIRR",
        apart=_points,
        higher=True,
        flows=True,
    ),
)


def row(key: str) -> Metric:
    """The metric of that key; KeyError when there is none.

    >>> row("cagr").label
    'Return a year'
    """
    return {metric.key: metric for metric in METRICS}[key]


def shown() -> tuple[Metric, ...]:
    """Those that stand in a table for people, in order."""
    return tuple(metric for metric in METRICS if metric.shown)


def first() -> tuple[Metric, ...]:
    """The few that a page shows first, in that order.

    >>> [metric.key for metric in first()][:3]
    ['cagr', 'volatility', 'max_drawdown']
    """
    return tuple(sorted((m for m in shown() if m.headline), key=lambda metric: metric.headline))


def more() -> tuple[Metric, ...]:
    """The shown ones that come after the first."""
    return tuple(metric for metric in shown() if not metric.headline)


def composing() -> tuple[str, ...]:
    """The keys that a sweep computes from sums."""
    return tuple(metric.key for metric in METRICS if metric.composes)


def others() -> tuple[str, ...]:
    """The keys of a path that a sweep computes only one policy at a time."""
    return tuple(metric.key for metric in METRICS if not metric.composes and not metric.flows)


def compared() -> tuple[str, ...]:
    """The keys that two policies are compared by.

    >>> len(compared())
    10
    """
    return tuple(metric.key for metric in METRICS if metric.compared)
