"""Exports: every file says what it is not, and no cell is a formula."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest

from keel import vocabulary
from keel.backtest.result import BacktestResult
from keel.domain.policy.records import PRESETS, RunSettings
from keel.domain.study.question import Question
from keel.services import example, export, study
from keel.store.connection import Database


@pytest.fixture
def results(db: Database) -> tuple[BacktestResult, ...]:
    policies = {"=cmd|' /C calc'!A1": PRESETS["never"], "Yearly": PRESETS["annual"]}
    return study.run_backtest(db, Question(example.open_example(db).id, policies, RunSettings(cost_bps=10))).results


def rows(text: str) -> list[list[str]]:
    notice, table = text.split("\n", 1)
    assert notice == "# Hypothetical results, not investment advice."
    return list(csv.reader(StringIO(table)))


def test_the_study_has_wealth_and_weights_of_each_policy_in_full_precision(
    results: tuple[BacktestResult, ...],
) -> None:
    header, *table = rows(export.study_csv(results))
    label = results[0].book.labels[0]
    assert header[:3] == ["date", "'=cmd|' /C calc'!A1", f"'=cmd|' /C calc'!A1: {label}"]
    assert header[8] == "Yearly"
    assert len(table) == len(results[0].dates)
    assert float(table[-1][8]) == results[1].wealth[-1]
    assert float(table[-1][9]) == results[1].weights[-1, 0]


def test_a_result_on_fewer_dates_leaves_cells_empty(results: tuple[BacktestResult, ...]) -> None:
    late = results[1]
    late = replace(late, dates=late.dates[10:], wealth=late.wealth[10:], weights=late.weights[10:])
    table = rows(export.study_csv((results[0], late)))[1:]
    assert [row[8] == "" for row in table[:12]] == [True] * 10 + [False] * 2
    assert export.study_csv(()).endswith("date\n")


def test_metrics_and_trades_are_tables(results: tuple[BacktestResult, ...]) -> None:
    metrics = {row[0]: row[1:] for row in rows(export.metrics_csv(results))}
    assert float(metrics["cagr"][1]) == results[1].metrics["cagr"]
    assert metrics["max_drawdown_peak"][1] == str(results[1].metrics["max_drawdown_peak"])
    header, *table = rows(export.trades_csv(results))
    assert header == ["policy", "date", "decided", "symbol", "from", "to", "turnover", "cost"]
    assert len(table) == sum(len(event.trades) for event in results[1].events)
    assert {row[0] for row in table} == {"Yearly"}


def test_the_json_is_complete_and_carries_the_notice(results: tuple[BacktestResult, ...]) -> None:
    found = json.loads(export.study_json(results))
    assert found["notice"] == vocabulary.HYPOTHETICAL
    assert [run["policy"] for run in found["runs"]] == [result.name for result in results]
    assert found["runs"][1]["wealth"][-1]["wealth"] == results[1].wealth[-1]
