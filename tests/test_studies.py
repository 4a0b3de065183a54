"""Backtests from Python: a frame and a file give the same, and so does the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.commands.conftest import SYMBOLS, TARGETS, framework_json, walk, weekdays, write_prices

import keel
from keel.audit import auditor

LEDGER = Path(__file__).parent / "audit" / "ledger.py"  # in the place of vectorbt


@pytest.fixture
def framework(tmp_path: Path) -> keel.Framework:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(framework_json(TARGETS)), encoding="utf-8")
    return keel.read_framework(path)


def test_a_frame_and_a_file_give_the_same(framework: keel.Framework, tmp_path: Path) -> None:
    days, rows = weekdays(date(2015, 1, 5), 400), walk(2, 400)
    path = write_prices(tmp_path / "p.csv", days, rows)
    frame = pd.DataFrame(rows, index=pd.DatetimeIndex(days), columns=list(SYMBOLS)).iloc[::-1]
    policies = {"a": "annual", "b": {"trigger": "never"}, "c": keel.PRESETS["abs_5pp"]}
    from_frame = keel.backtest_policies(framework, frame, policies, lag=0, cost_bps=10)
    from_file = keel.backtest_policies(framework, path, policies, lag=0, cost_bps=10)
    assert [r.name for r in from_frame] == ["a", "b", "c"]
    assert [r.metrics for r in from_frame] == [r.metrics for r in from_file]
    table = keel.to_frame(from_frame[0])
    assert list(table) == ["wealth", *(bucket.path for bucket in framework.buckets)]
    assert table.index[0] == pd.Timestamp(days[0])
    assert table.drop(columns="wealth").sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_what_a_result_says_comes_as_tables(framework: keel.Framework, tmp_path: Path) -> None:
    prices = write_prices(tmp_path / "p.csv", weekdays(date(2015, 1, 5), 800), walk(2, 800))
    (result,) = keel.backtest_policies(framework, prices, "never")
    months = keel.monthly_returns(result)
    assert (list(months), months.index[0]) == (list(range(1, 13)), 2015)
    grown = (1 + months.stack()).prod()
    assert grown == pytest.approx(result.wealth[-1] / result.wealth[0])
    assert keel.rolling_returns(result, 1).index[-1] == pd.Timestamp(result.dates[-1])
    falls = keel.falls(result)
    assert falls["depth"].min() == falls["depth"].iloc[0] == pytest.approx(result.metrics["max_drawdown"])
    assert keel.contributions(result).sum() == pytest.approx(result.wealth[-1] / result.wealth[0] - 1)
    assert keel.correlations(result).to_numpy().diagonal() == pytest.approx(1.0)


def test_two_policies_are_compared_over_resampled_histories_as_often_as_asked(
    framework: keel.Framework, tmp_path: Path
) -> None:
    path = write_prices(tmp_path / "p.csv", weekdays(date(2015, 1, 5), 400), walk(2, 400))
    pair = {"a": "annual", "b": {"trigger": "never"}}
    how = keel.Resampling(draws=40, seed=3, block=7)
    answer = keel.compare_policies(framework, path, pair, how, cost_bps=10)
    assert (answer.draws, answer.seed, answer.block, answer.basis) == (40, 3, 7, "given")
    again = keel.compare_policies(framework, path, pair, how, cost_bps=10)
    assert [one.median for one in again.differences] == [one.median for one in answer.differences]
    cagr = {r.name: r.metrics["cagr"] for r in keel.backtest_policies(framework, path, pair, cost_bps=10)}
    assert answer.of("cagr").seen == pytest.approx(cagr["a"] - cagr["b"], abs=1e-12)
    with pytest.raises(keel.KeelError, match="not 1"):
        keel.compare_policies(framework, path, {"a": "annual"})


def test_the_trades_are_replayed_by_another_engine(
    framework: keel.Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)
    path = write_prices(tmp_path / "p.csv", weekdays(date(2015, 1, 5), 400), walk(2, 400))
    document: Any = keel.verify(framework, path, {"a": "annual"}, cost_bps=10)
    assert [(run["policy"], run["ok"]) for run in document["runs"]] == [("a", True)]
