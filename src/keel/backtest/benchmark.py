"""A benchmark beside a study: a blend, or one symbol bought and held, over the study's dates."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np

from keel.backtest.result import BacktestResult, to_json
from keel.backtest.run import run, untouched
from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.market.series import Line, coarsest, periods
from keel.domain.study.blend import Blend, blend_json, book_of, policy_of
from keel.units import month


def benchmark(
    prices: PriceMatrix, blend: Blend, frequency: str, beside: BacktestResult
) -> tuple[BacktestResult | None, tuple[str, ...]]:
    """The blend over the dates of ``beside``, and sentences about what does not match.

    ``frequency`` is that of ``prices``. Prices as fine as the study's are read on its dates; coarser ones keep their
    own. It may start later or end earlier than the study, bears no cost or fee and has no contributions. None without
    two closes inside.
    """
    same = frequency == beside.meta.frequency
    dates, closes = _closes(prices, blend, frequency, beside.dates) if same else _inside(prices, blend, beside.dates)
    if len(dates) < 2:
        return None, (f"No benchmark is shown: {blend.name} has no prices in the window of the study.",)
    line = replace(prices, dates=dates, symbols=blend.symbols, closes=closes)
    if beside.cash is not None and isinstance(beside.settings.risk_free, str):
        line = _with_cash(line, beside.settings.risk_free, (beside.dates, beside.cash))
    settings = replace(untouched(beside.settings), lag=beside.settings.lag if same else None)
    result = run(line, book_of(blend), {blend.name: policy_of(blend)}, settings)[0]
    return result, _mismatches(blend, frequency, result, beside)


def benchmark_json(asked: str | Blend, result: BacktestResult) -> dict[str, object]:
    """The result of a benchmark as JSON values, with the blend it is."""
    made = {"blend": blend_json(asked)} if isinstance(asked, Blend) else {}
    return {"symbol": result.name, **made, **to_json(result)}


def _closes(prices: PriceMatrix, blend: Blend, frequency: str, dates: Days) -> tuple[Days, Floats]:
    """The dates (n,) of the study on which every part has a fresh close, and these (n, k)."""
    lines = [
        (dates, np.ones(len(dates))) if symbol == CASH else on_dates(prices.line(symbol), dates, frequency)
        for symbol in blend.symbols
    ]
    shared = reduce(np.intersect1d, [own for own, _ in lines])
    return shared, np.column_stack([closes[np.searchsorted(own, shared)] for own, closes in lines])


def _inside(prices: PriceMatrix, blend: Blend, dates: Days) -> tuple[Days, Floats]:
    """The own dates (n,) of the prices inside the study on which every part has a close, and these (n, k)."""
    unmoved = np.ones(len(prices.dates))
    columns = [unmoved if s == CASH else prices.closes[:, prices.symbols.index(s)] for s in blend.symbols]
    closes = np.column_stack(columns)
    inside = (prices.dates >= dates[0]) & (prices.dates <= dates[-1]) & ~np.isnan(closes).any(axis=1)
    return prices.dates[inside].astype("datetime64[D]"), closes[inside]


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


def _mismatches(blend: Blend, frequency: str, result: BacktestResult, beside: BacktestResult) -> tuple[str, ...]:
    notes, name = [], blend.name
    if coarsest([frequency, beside.meta.frequency]) != beside.meta.frequency:
        notes.append(f"The benchmark {name} has {frequency} prices only, so its risk figures are {frequency} ones.")
    if periods(result.dates[:1], frequency)[0] > periods(beside.dates[:1], frequency)[0]:
        when = month(result.meta.first)
        notes.append(f"The benchmark {name} starts in {when}, after the study: its figures are for a shorter time.")
    if periods(result.dates[-1:], "monthly")[0] < periods(beside.dates[-1:], "monthly")[0]:
        notes.append(f"The benchmark {name} ends in {month(result.meta.last)}, before the study.")
    return (*notes, *(note for note in result.meta.notes if any(symbol in note for symbol in blend.symbols)))
