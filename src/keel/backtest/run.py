"""Backtests: policies side by side over one window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress

import numpy as np

from keel.backtest.fingerprint import fingerprint
from keel.backtest.flows import flow_metrics
from keel.backtest.metrics import one_path
from keel.backtest.metrics.evidence import evidence
from keel.backtest.path import Path, simulate
from keel.backtest.reference import held_at_target, is_sized
from keel.backtest.result import BacktestResult, Metrics, Pending, Rebalance, RunMeta, Trade
from keel.backtest.window import Window, align, to_date, to_dates
from keel.domain.arrays import Floats, Ints
from keel.domain.framework.records import Framework
from keel.domain.market.prices import CASH, PriceMatrix, kind_words, price_kind, stand_ins
from keel.domain.policy.records import Policy, RunSettings, require_policy
from keel.domain.policy.settings import require_settings
from keel.domain.portfolio.book import Book, frozen_leaves
from keel.domain.study.blend import Blend, blend_of, book_of, policy_of
from keel.domain.study.question import Question
from keel.errors import BacktestError
from keel.units import TRADE_TOLERANCE

FLOW_CONVENTIONS = (
    "Contributions are made at the close of each period's last session, before the policy judges; they pay their cost.",
    "Wealth and its figures are time-weighted: a contribution moves them by its cost only.",
)
CONVENTIONS = (
    "Wealth is value over initial value, at each close after trading.",
    "A rebalance pays for itself: its cost is taken from every holding in proportion.",
    "Turnover is one-way: half the sum of the absolute changes of weight.",
    "Fills happen up to the last session but one; a later one is reported as pending.",
    "The advisory fee is accrued each session as the yearly rate over the periods per year.",
    "Volatility and ratios are annualised by the square root of the periods per year; a year has 365.25 days.",
)


@dataclass(frozen=True, slots=True)
class _Study:
    """What all policies of one run share."""

    window: Window
    book: Book
    meta: RunMeta
    reference: Floats


def run(
    prices: PriceMatrix,
    book: Book,
    policies: Mapping[str, Policy],
    settings: RunSettings,
    *,
    start: date | None = None,
    end: date | None = None,
    benchmark: str | Blend = "",
    framework: Framework | None = None,
) -> tuple[BacktestResult, ...]:
    """One result per policy, in their order, all over the same window; then one named like ``benchmark``, if given.

    The benchmark is a symbol that is only held, or a blend that is brought back to its weights; it bears no cost or fee
    and has no contributions. It takes part in the choice of the window, and so does a series named as the risk-free
    rate. Raises InvalidPolicyError for a
    policy or setting out of range, a MarketDataError for unfit prices, PortfolioDepletedError.
    """
    require_settings(settings)
    for policy in policies.values():
        require_policy(policy)
    blend = blend_of(benchmark)
    symbols = (*book.symbols, *(blend.symbols if blend else ()), *settings.rates)
    window = align(prices, symbols, start, end, allow_gaps=settings.allow_gaps)
    study = _study(prices, book, settings, window, framework)
    results = tuple(_result(study, name, policy, settings) for name, policy in policies.items())
    if blend is None:
        return results
    free = untouched(settings)
    bought = _study(prices, book_of(blend), free, window, None)
    return (*results, _result(bought, blend.name, policy_of(blend), free))


def answer(
    prices: PriceMatrix, book: Book, question: Question, framework: Framework | None = None
) -> tuple[BacktestResult, ...]:
    """``run`` of a question: one result a policy, then its benchmark's if it has one among ``prices``."""
    return run(
        prices,
        book,
        question.policies,
        question.settings,
        start=question.start,
        end=question.end,
        benchmark=question.benchmark,
        framework=framework,
    )


def default_lag(frequency: str) -> int:
    """Sessions from decision to fill: 1 on daily data (no look-ahead), 0 on coarser.

    >>> default_lag("daily"), default_lag("monthly")
    (1, 0)
    """
    return 1 if frequency == "daily" else 0


def _study(
    prices: PriceMatrix, book: Book, settings: RunSettings, window: Window, framework: Framework | None
) -> _Study:
    lag = default_lag(window.frequency) if settings.lag is None else settings.lag
    meta = RunMeta(
        framework_id=framework.id if framework else "",
        framework_name=framework.name if framework else "",
        framework_version=framework.version if framework else 0,
        fingerprint=fingerprint(window),
        first=to_date(window.dates[0]),
        last=to_date(window.dates[-1]),
        frequency=window.frequency,
        periods_per_year=window.periods_per_year,
        lag=lag,
        price_kind=price_kind(prices, book.symbols),
        prices=kind_words(prices, book.symbols),
        proxies=stand_ins(prices, book.symbols),
        survivors=tuple(symbol for symbol in prices.survivors if symbol in book.symbols),
        likenesses=tuple(found for found in prices.likenesses if found.symbol in book.symbols),
        notes=(
            *prices.notes,
            *window.notes,
            *_gap_notes(book),
            *_frozen_notes(book, settings),
            *_cost_notes(book, settings),
        ),
        conventions=(_lag_convention(lag), *CONVENTIONS, *(FLOW_CONVENTIONS if settings.contributions else ())),
    )
    return _Study(window, book, meta, held_at_target(window, book))


def _result(study: _Study, name: str, policy: Policy, settings: RunSettings) -> BacktestResult:
    window, book = study.window, study.book
    path = simulate(window, book, policy, settings, study.meta.lag)
    free = _costless_wealth(study, policy, settings, path)
    _require_sized(name, path.wealth, free, study.reference)
    holdings = path.values / path.values.sum(axis=1, keepdims=True)
    weights = leaf_weights(book, holdings)
    judged = evidence(window, book, path, settings, weights=weights, costless=free, reference=study.reference)
    metrics = one_path.metrics(judged)
    value = path.value * settings.initial_value
    if path.flows is not None:
        metrics |= flow_metrics(window.dates, value, path.flows, settings)
    _require_finite(name, path.wealth, value, metrics)
    return BacktestResult(
        name=name,
        policy=policy,
        settings=settings,
        book=book,
        dates=window.dates,
        wealth=path.wealth,
        weights=weights,
        holdings=holdings,
        events=_events(window, book, settings, path, holdings),
        pending=_pending(window, book, path, study.meta.lag),
        metrics=metrics,
        meta=study.meta,
        goals=path.goals,
        flows=path.flows,
        value=value,
        cash=window.column(settings.risk_free) if isinstance(settings.risk_free, str) else None,
    )


def _require_sized(name: str, *wealths: Floats) -> None:
    """Raise for wealth that no figure can be made of: prices of an impossible size."""
    if not all(is_sized(wealth) for wealth in wealths):
        raise _beyond_numbers(name)


def _require_finite(name: str, wealth: Floats, value: Floats, metrics: Metrics) -> None:
    """Raise for results beyond what a number can hold: prices or amounts of an impossible size."""
    figures = [figure for figure in metrics.values() if isinstance(figure, float)]
    if not (np.isfinite(wealth).all() and np.isfinite(value).all() and np.isfinite(figures).all()):
        raise _beyond_numbers(name)


def _beyond_numbers(name: str) -> BacktestError:
    message = f"The results of {name} are too large or too small to be numbers."
    return BacktestError(message, hint="Check the prices and the amounts of money.", subject=name)


def _costless_wealth(study: _Study, policy: Policy, settings: RunSettings, path: Path) -> Floats:
    free = costless(settings)
    if free == replace(settings, charge_initial=False):
        return path.wealth
    return simulate(study.window, study.book, policy, free, study.meta.lag).wealth


def costless(settings: RunSettings) -> RunSettings:
    """The same settings with every cost 0."""
    return replace(settings, cost_bps=0.0, fixed_fee=0.0, annual_fee_bps=0.0, charge_initial=False)


def untouched(settings: RunSettings) -> RunSettings:
    """The same settings for what is bought once and only held: no cost, no contribution, nothing frozen."""
    return replace(costless(settings), contributions=None, frozen=())


def leaf_weights(book: Book, holdings: Floats) -> Floats:
    """The weights (n, m) of the leaves from those (n, k) of the instruments."""
    if len(book.symbols) == len(book.paths) and bool((book.leaf == np.arange(len(book.leaf))).all()):
        return holdings
    return _summed(holdings, book.leaf)


def _events(window: Window, book: Book, settings: RunSettings, path: Path, holdings: Floats) -> tuple[Rebalance, ...]:
    filled, decided = to_dates(window.dates[path.sessions]), to_dates(window.dates[path.decided])
    before, after = holdings[path.sessions], path.goals
    still = frozen_leaves(book, settings.frozen)[book.leaf]
    moved = np.where(still, 0.0, after - before)  # a frozen weight changes too, as cost makes wealth smaller
    symbols = list(dict.fromkeys(book.symbols))
    if len(symbols) < len(book.symbols):
        column = np.array([symbols.index(symbol) for symbol in book.symbols])
        before, after, moved = _summed(before, column), _summed(after, column), _summed(moved, column)
    traded = np.abs(moved) > TRADE_TOLERANCE
    return tuple(
        Rebalance(
            session=int(t),
            date=filled[e],
            decided=decided[e],
            turnover=float(path.turnover[e]),
            cost=float(path.cost[e]),
            trades=tuple(map(Trade, compress(symbols, row), before[e][row].tolist(), after[e][row].tolist())),
        )
        for e, (t, row) in enumerate(zip(path.sessions, traded, strict=True))
    )


def _summed(weights: Floats, column: Ints) -> Floats:
    """The columns of ``weights`` added up by the number in ``column``."""
    out = np.zeros((len(weights), int(column.max()) + 1))
    for i, j in enumerate(column):
        out[:, j] += weights[:, i]
    return out


def _by_symbol(book: Book, weights: list[float]) -> dict[str, float]:
    out = dict.fromkeys(book.symbols, 0.0)
    for symbol, weight in zip(book.symbols, weights, strict=True):
        out[symbol] += weight
    return out


def _pending(window: Window, book: Book, path: Path, lag: int) -> Pending | None:
    if path.pending is None:
        return None
    fills = path.pending + lag
    return Pending(
        decided=to_date(window.dates[path.pending]),
        fills=to_date(window.dates[fills]) if fills < len(window.dates) else None,
        goal=_by_symbol(book, path.pending_goal.tolist()),
    )


def _gap_notes(book: Book) -> tuple[str, ...]:
    labels = dict(zip(book.paths, book.labels, strict=True))
    return tuple(f"{labels.get(path, path)} has no product and stays in cash." for path in book.gaps)


def _frozen_notes(book: Book, settings: RunSettings) -> tuple[str, ...]:
    still = [label for label, held in zip(book.labels, frozen_leaves(book, settings.frozen), strict=True) if held]
    return (f"Frozen, never traded after the purchase: {', '.join(still)}.",) if still else ()


def _cost_notes(book: Book, settings: RunSettings) -> tuple[str, ...]:
    if not isinstance(settings.cost_bps, Mapping):
        return ()
    free = [s for s in dict.fromkeys(book.symbols) if s not in settings.cost_bps and s != CASH]
    return (f"No trading cost is given for {', '.join(free)}; it is taken as 0.",) if free else ()


def _lag_convention(lag: int) -> str:
    if lag == 0:
        return "Decided and filled at the same close."
    return f"Decided at a close, filled at the close {lag} {'session' if lag == 1 else 'sessions'} later."
