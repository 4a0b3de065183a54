"""Results to take away: CSV that a spreadsheet cannot be tricked with, parquet and JSON; each says what it rests on."""

from __future__ import annotations

import json
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from keel.backtest.benchmark import benchmark_json
from keel.backtest.metrics import table as metrics
from keel.backtest.metrics.row import Kind
from keel.backtest.provenance import Provenance, of_study
from keel.backtest.result import to_json
from keel.domain.drift.grid import DriftGrid
from keel.domain.exchange.csv_text import csv_text
from keel.vocabulary import HYPOTHETICAL

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult
    from keel.services.study import Study


def study_csv(study: Study) -> str:
    """One row a date: each policy's wealth from 1, then the weight of each bucket, as fractions; last the benchmark.

    Results on other dates (a benchmark that starts later) have empty cells where they have no value.
    """
    beside = _beside(study)
    dates = np.unique(np.concatenate([r.dates for r in beside])) if beside else np.array([], dtype="datetime64[D]")
    header, columns = ["date"], [np.datetime_as_string(dates, unit="D").tolist()]
    for result in study.results:
        labels = [f"{result.name}: {label}" for label in result.book.labels]
        header += [result.name, *labels]
        columns += _on(dates, result, np.column_stack([result.wealth, result.weights]))
    if study.benchmark is not None:
        header.append(f"Benchmark {study.benchmark.name}")
        columns += _on(dates, study.benchmark, study.benchmark.wealth[:, None])
    return csv_text(header, zip(*columns, strict=True), _facts(study))


def metrics_csv(study: Study) -> str:
    """One row a metric, one column a policy and one for the benchmark; what is undefined is empty."""
    results = study.results
    keys = [key for key in (results[0].metrics if results else {}) if metrics.row(key).kind is not Kind.years]
    rows = ([key, *(_cell(result.metrics.get(key)) for result in _beside(study))] for key in keys)
    names = [result.name for result in results]
    names += [f"Benchmark {study.benchmark.name}"] if study.benchmark is not None else []
    return csv_text(["metric", *names], rows, _facts(study))


def trades_csv(study: Study) -> str:
    """One row a trade of each policy: weights as fractions before and after, turnover and cost of its rebalance."""
    rows = (
        (r.name, event.date, event.decided, t.symbol, t.before, t.after, event.turnover, event.cost)
        for r in study.results
        for event in r.events
        for t in event.trades
    )
    return csv_text(["policy", "date", "decided", "symbol", "from", "to", "turnover", "cost"], rows, _facts(study))


def drift_csv(grid: DriftGrid, study: Study) -> str:
    """One row a date, one column a bucket: drift in percentage points of the portfolio."""
    days = np.datetime_as_string(grid.dates.astype("datetime64[D]")).tolist()
    rows = zip(days, *(100 * grid.drift).round(10).tolist(), strict=True)
    return csv_text(["date", *(f"{label}, pp" for label in grid.labels)], rows, _facts(study))


def study_json(study: Study) -> str:
    """Everything, as ``keel backtest --json`` writes several policies, with what it rests on beside it."""
    runs = [{"policy": result.name, **to_json(result)} for result in study.results]
    benchmark = study.benchmark
    beside = {} if benchmark is None else {"benchmark": benchmark_json(study.question.benchmark, benchmark)}
    about = {"notice": HYPOTHETICAL, "provenance": _facts(study)}
    return json.dumps({**about, "runs": runs, **beside}, allow_nan=False, ensure_ascii=False)


def table_csv(table: Any, record: Provenance) -> str:
    """An Arrow table as CSV text, what it rests on at the top."""
    columns = [column.to_pylist() for column in table.columns]
    return csv_text(table.column_names, zip(*columns, strict=True), record.facts())


def table_parquet(table: Any, record: Provenance) -> bytes:
    """An Arrow table as a parquet file that says in its metadata what it rests on."""
    out = BytesIO()
    import_module("pyarrow.parquet").write_table(described(table, record), out)
    return out.getvalue()


def described(table: Any, record: Provenance) -> Any:
    """The Arrow table with what it rests on in its schema's metadata, where parquet keeps it."""
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **record.facts()})


def _facts(study: Study) -> dict[str, str]:
    return of_study(study.results, study.notes).facts()


def _beside(study: Study) -> tuple[BacktestResult, ...]:
    """The results, then the benchmark."""
    return study.results if study.benchmark is None else (*study.results, study.benchmark)


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
