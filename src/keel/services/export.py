"""Results to take away: CSV that a spreadsheet cannot be tricked with, and JSON; each says what it is not."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

import numpy as np

from keel.backtest.metrics import table as metrics
from keel.backtest.metrics.metric import Kind
from keel.backtest.result import BacktestResult, to_json
from keel.domain.drift.grid import DriftGrid
from keel.domain.exchange.formula_guard import guarded
from keel.vocabulary import HYPOTHETICAL


def study_csv(results: Sequence[BacktestResult]) -> str:
    """One row a date: each policy's wealth from 1, then the weight of each bucket, as fractions.

    Results on other dates (a benchmark that starts later) have empty cells where they have no value.
    """
    dates = np.unique(np.concatenate([r.dates for r in results])) if results else np.array([], dtype="datetime64[D]")
    header, columns = ["date"], [np.datetime_as_string(dates, unit="D").tolist()]
    for result in results:
        labels = [f"{result.name}: {label}" for label in result.book.labels]
        header += [result.name, *labels]
        table = np.column_stack([result.wealth, result.weights])
        columns += _on(dates, result, table)
    return sheet(header, zip(*columns, strict=True))


def metrics_csv(results: Sequence[BacktestResult]) -> str:
    """One row a metric, one column a policy; what is undefined is empty."""
    keys = [key for key in (results[0].metrics if results else {}) if metrics.row(key).kind is not Kind.years]
    rows = ([key, *(_cell(result.metrics.get(key)) for result in results)] for key in keys)
    return sheet(["metric", *(result.name for result in results)], rows)


def trades_csv(results: Sequence[BacktestResult]) -> str:
    """One row a trade of each policy: weights as fractions before and after, turnover and cost of its rebalance."""
    rows = (
        (r.name, event.date, event.decided, t.symbol, t.before, t.after, event.turnover, event.cost)
        for r in results
        for event in r.events
        for t in event.trades
    )
    return sheet(["policy", "date", "decided", "symbol", "from", "to", "turnover", "cost"], rows)


def drift_csv(grid: DriftGrid) -> str:
    """One row a date, one column a bucket: drift in percentage points of the portfolio."""
    days = np.datetime_as_string(grid.dates.astype("datetime64[D]")).tolist()
    rows = zip(days, *(100 * grid.drift).round(10).tolist(), strict=True)
    return sheet(["date", *(f"{label}, pp" for label in grid.labels)], rows)


def study_json(results: Sequence[BacktestResult]) -> str:
    """Everything, as ``keel backtest --json`` writes several policies, with the notice beside it."""
    runs = [{"policy": result.name, **to_json(result)} for result in results]
    return json.dumps({"notice": HYPOTHETICAL, "runs": runs}, allow_nan=False, ensure_ascii=False)


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with the notice first; text that a spreadsheet would run as a formula gets a quote before it.

    >>> sheet(["name", "x"], [["=1+1", 0.5]]).splitlines()
    ['# Hypothetical results, not investment advice.', 'name,x', "'=1+1,0.5"]
    """
    out = StringIO()
    out.write(f"# {HYPOTHETICAL}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _on(dates: np.ndarray, result: BacktestResult, table: np.ndarray) -> list[list[object]]:
    """The columns of ``table`` (n, c) on ``dates``, empty text where the result has no row."""
    rows = np.searchsorted(dates, result.dates)
    columns: list[list[object]] = []
    for values in table.T:
        column: list[object] = [""] * len(dates)
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            column[row] = value
        columns.append(column)
    return columns


def _cell(value: object) -> object:
    return "" if value is None else value.isoformat() if isinstance(value, date) else value
