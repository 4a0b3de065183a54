"""What a policy of a study did, day by day: its drift, and what it traded or decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from keel.backtest import provenance
from keel.backtest.metrics import attribution, drawdown, years
from keel.domain.arrays import Days, Floats
from keel.domain.drift.decision import decision
from keel.domain.drift.grid import DriftGrid, grid
from keel.domain.drift.held import by_leaf
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import frozen_leaves
from keel.errors import RunNotFoundError
from keel.units import TRADE_TOLERANCE

if TYPE_CHECKING:
    from keel.backtest.metrics.drawdown import Episode
    from keel.backtest.metrics.risk import RiskReport
    from keel.backtest.result import BacktestResult, Trade
    from keel.services.study import Study

DEEPEST = 5  # falls that are listed


def drift(study: Study, policy_name: str) -> DriftGrid:
    """Bucket by date: the drift of one policy of a study. Raises RunNotFoundError when it has no such policy."""
    result = _of_policy(study, policy_name)
    still = frozen_leaves(result.book, result.settings.frozen)
    return grid(result.dates, result.weights, result.book, result.policy, still)


def trades_on(study: Study, policy: Policy, on: date) -> tuple[Trade, ...]:
    """What the policy trades on that date: its fill, else what it decides at that close; empty when it does not act."""
    result = next(r for r in study.results if r.policy == policy)
    fill = next((event for event in result.events if event.date == on), None)
    if fill is not None:
        return fill.trades
    decided = {event.decided for event in result.events} | ({result.pending.decided} if result.pending else set())
    return _decided(result, on) if on in decided else ()


def changes_on(study: Study, policy: Policy, on: date) -> Floats | None:
    """By how much the policy moves each bucket's weight (m,) on that date; None when it does not act.

    The order of a product that several buckets hold is split over them by what each needs: the changes of the buckets
    sum to the orders.
    """
    result = next(r for r in study.results if r.policy == policy)
    goal = _goal_on(result, on)
    if goal is None:
        return None
    book = result.book
    change = goal - result.holdings[_row(result, on)]
    change[frozen_leaves(book, result.settings.frozen)[book.leaf]] = 0.0
    return by_leaf(book, change)


def rests_on(study: Study, ccy: str) -> dict[str, str]:
    """What the numbers of a study rest on, names and sentences, with amounts in a currency."""
    return provenance.rests_on(study.results[0], study.prices, ccy)


def months(result: BacktestResult) -> list[years.Month]:
    """The return of each month in the window; the first and last may be partial."""
    return years.monthly_returns(result.dates, result.wealth)


def rolling(result: BacktestResult, span: int) -> tuple[Days, Floats]:
    """The dates (r,) that have ``span`` years before them, and the return a year (r,) over those."""
    return years.rolling_returns(result.dates, result.wealth, span)


def falls(result: BacktestResult) -> tuple[Episode, ...]:
    """The five deepest falls, deepest first; fewer where there were fewer."""
    return drawdown.drawdown_episodes(result.dates, result.wealth, DEEPEST)


def contribution(result: BacktestResult) -> Floats:
    """What each bucket (m,) added to wealth, as a fraction of the wealth at the start, before trading costs."""
    return attribution.contribution(result)


def correlation(result: BacktestResult) -> Floats:
    """How the buckets' returns moved together (m, m); NaN for a bucket that is never held or never moves."""
    return attribution.correlation(result)


def risk(study: Study) -> RiskReport:
    """Where the risk of the study's targets comes from. Raises HistoryTooShortError under 2 returns."""
    from keel.backtest.metrics.risk import risk_report

    return risk_report(study.prices, study.results[0])


def _of_policy(study: Study, name: str) -> BacktestResult:
    result = next((result for result in study.results if result.name == name), None)
    if result is None:
        names = ", ".join(result.name for result in study.results)
        raise RunNotFoundError(f"The run has no policy {name}; it has {names}.", subject=name)
    return result


def _row(result: BacktestResult, on: date) -> int:
    return int(np.searchsorted(result.dates, np.datetime64(on, "D")))


def _goal_on(result: BacktestResult, on: date) -> Floats | None:
    """What each line (k,) of the book is filled to on that date, else decided to go to; None on a day of neither."""
    fill = next((i for i, event in enumerate(result.events) if event.date == on), None)
    if fill is not None:
        return np.asarray(result.goals[fill], dtype=np.float64)
    decided = {event.decided for event in result.events} | ({result.pending.decided} if result.pending else set())
    return _decision(result, on) if on in decided else None


def _decision(result: BacktestResult, on: date) -> Floats:
    """The goal (k,) of a decision at that close, judged by its weights; the fill, a session later, judges again."""
    row = _row(result, on)
    return decision(result.weights[row], result.holdings[row], result.book, result.policy, result.settings.frozen)


def _decided(result: BacktestResult, on: date) -> tuple[Trade, ...]:
    """The trades of a decision at that close."""
    from keel.backtest.result import Trade

    goal, holdings = _decision(result, on), result.holdings[_row(result, on)]
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for i, symbol in enumerate(result.book.symbols):
        before[symbol] = before.get(symbol, 0.0) + float(holdings[i])
        after[symbol] = after.get(symbol, 0.0) + float(goal[i])
    return tuple(Trade(s, before[s], after[s]) for s in before if abs(after[s] - before[s]) > TRADE_TOLERANCE)
