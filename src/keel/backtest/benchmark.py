"""A benchmark beside a study: one symbol bought and held over the study's dates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keel.backtest.result import BacktestResult
from keel.backtest.run import run, untouched
from keel.domain.arrays import Days
from keel.domain.market.prices import PriceMatrix
from keel.domain.market.series import Line, coarsest, periods
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import alone
from keel.units import month


def benchmark(
    prices: PriceMatrix, symbol: str, frequency: str, beside: BacktestResult
) -> tuple[BacktestResult | None, tuple[str, ...]]:
    """The symbol bought and held over the dates of ``beside``, and sentences about what does not match.

    ``frequency`` is that of ``prices``. Prices as fine as the study's are read on its dates; coarser ones keep their
    own. It may start later or end earlier than the study, bears no cost or fee and has no contributions. None without
    two closes inside.
    """
    dates, closes = prices.line(symbol)
    if frequency == beside.meta.frequency:
        dates, closes = on_dates((dates, closes), beside.dates, frequency)
    else:
        inside = (dates >= beside.dates[0]) & (dates <= beside.dates[-1])
        dates, closes = dates[inside], closes[inside]
    if len(dates) < 2:
        return None, (f"No benchmark is shown: {symbol} has no prices in the window of the study.",)
    line = replace(prices, dates=dates, symbols=(symbol,), closes=closes[:, None])
    if beside.cash is not None and isinstance(beside.settings.risk_free, str):
        line = _with_cash(line, beside.settings.risk_free, (beside.dates, beside.cash))
    result = run(line, alone(symbol), {symbol: Policy(Trigger.never)}, replace(untouched(beside.settings), lag=None))[0]
    return result, _mismatches(symbol, frequency, result, beside)


def on_dates(line: Line, dates: Days, frequency: str) -> Line:
    """The line at ``dates``, each with its last close, at most a week (or one period) old; other dates are left out.

    >>> days = np.array(["2024-01-02", "2024-01-03", "2024-01-04"], dtype="datetime64[D]")
    >>> on_dates((days[:2], np.array([1.0, 2.0])), days, "daily")[1].tolist()
    [1.0, 2.0, 2.0]
    """
    own, asked = periods(line[0], frequency), periods(dates, frequency)
    at = np.searchsorted(own, asked, side="right") - 1
    fresh = (at >= 0) & (asked - own[np.maximum(at, 0)] <= (7 if frequency == "daily" else 1))
    return dates[fresh], line[1][at[fresh]]


def _with_cash(line: PriceMatrix, symbol: str, cash: Line) -> PriceMatrix:
    """The matrix with the closes of the series that is the risk-free rate, each its last at the date."""
    if symbol in line.symbols:
        return line
    last = np.searchsorted(cash[0], line.dates, side="right") - 1
    closes = np.column_stack([line.closes, cash[1][np.maximum(last, 0)]])
    return replace(line, symbols=(*line.symbols, symbol), closes=closes)


def _mismatches(symbol: str, frequency: str, result: BacktestResult, beside: BacktestResult) -> tuple[str, ...]:
    notes = []
    if coarsest([frequency, beside.meta.frequency]) != beside.meta.frequency:
        notes.append(f"The benchmark {symbol} has {frequency} prices only, so its risk figures are {frequency} ones.")
    elif result.dates[0] > beside.dates[0]:
        when = month(result.meta.first)
        notes.append(f"The benchmark {symbol} starts in {when}, after the study: its figures are for a shorter time.")
    if periods(result.dates[-1:], "monthly")[0] < periods(beside.dates[-1:], "monthly")[0]:
        notes.append(f"The benchmark {symbol} ends in {month(result.meta.last)}, before the study.")
    return (*notes, *(note for note in result.meta.notes if symbol in note))
