"""Every hand-checked path and figure holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.oracles import after_cost, book_of, matrix

from keel.backtest.metrics.evidence import Evidence
from keel.backtest.metrics.one_path import metrics
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.records import RunSettings
from keel.sources.embedded.sample import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "golden"
POLICIES: dict[str, Any] = json.loads((FOLDER / "policies.json").read_text())
MONTHLY: dict[str, Any] = json.loads((FOLDER / "monthly_sample.json").read_text())
DIGITS = 1e-10  # the files show ten digits of a path and of its figures
PRICES_DIGITS = 5e-12  # of the longer paths, whose prices are rounded themselves, twelve


def two_assets(case: dict[str, Any]) -> BacktestResult:
    steps = 1.0 + np.array([POLICIES["returns"]["A"], POLICIES["returns"]["B"]]).T
    book = book_of(POLICIES["targets"])
    closes = np.vstack([np.ones(2), np.cumprod(steps, axis=0)])
    return one(case, matrix(POLICIES["dates"], book, closes), book)


def given_prices(case: dict[str, Any]) -> BacktestResult:
    lines = [(line["bucket"], line["share"]) for line in case["instruments"]] if "instruments" in case else None
    book = book_of(case["buckets"], lines)
    return one(case, matrix(case["dates"], book, case["prices"]), book)


def one(case: dict[str, Any], prices: PriceMatrix, book: Any) -> BacktestResult:
    settings = RunSettings(lag=case["lag"], cost_bps=case["cost_bps"])
    (result,) = run(prices, book, {case["name"]: parse_policy(case["policy"])}, settings)
    return result


def assert_path(case: dict[str, Any], result: BacktestResult, digits: float) -> None:
    assert result.wealth == pytest.approx(case["wealth"], abs=digits)
    assert [event.session for event in result.events] == [event["session"] for event in case["events"]]
    for event, expected in zip(result.events, case["events"], strict=True):
        assert event.turnover == pytest.approx(expected["turnover"], abs=digits)
        assert event.cost == pytest.approx(expected["cost"], abs=digits)
        assert event.date.isoformat() == expected.get("date", event.date.isoformat())


@pytest.mark.parametrize("case", POLICIES["paths"], ids=lambda case: case["name"])
def test_hand_checked_path(case: dict[str, Any]) -> None:
    assert_path(case, two_assets(case), DIGITS)


@pytest.mark.parametrize("case", POLICIES["more_paths"], ids=lambda case: case["name"])
def test_longer_hand_checked_path(case: dict[str, Any]) -> None:
    result = given_prices(case)
    assert_path(case, result, PRICES_DIGITS)
    for name, expected in case.get("metrics", {}).items():
        assert result.metrics[name] == pytest.approx(expected, abs=DIGITS), name


@pytest.fixture(scope="module")
def monthly() -> PriceMatrix:
    return load(ROOT / "data").prices("monthly")


@pytest.mark.parametrize("case", MONTHLY["cases"], ids=lambda case: f"{case['portfolio']}, {case['name']}")
def test_asset_classes_from_1999_to_2025(case: dict[str, Any], monthly: PriceMatrix) -> None:
    book = book_of(case["targets"])
    settings = RunSettings(lag=case["lag"], cost_bps=case["cost_bps"])
    policy = parse_policy(case["policy"])
    (result,) = run(monthly, book, {"": policy}, settings, start=date(1999, 12, 31), end=date(2025, 12, 31))
    turnover = sum(event.turnover for event in result.events)
    assert len(result.events) == case["events"] == result.metrics["rebalances"]
    assert turnover == pytest.approx(case["turnover_total"], abs=1e-8)
    years = (date(2025, 12, 31) - date(1999, 12, 31)).days / 365.25
    assert result.metrics["turnover_per_year"] == pytest.approx(case["turnover_total"] / years, abs=1e-9)
    for name in result.metrics.keys() & case.keys():
        assert result.metrics[name] == pytest.approx(case[name], abs=1e-8), name


def test_self_financing_fixed_point() -> None:
    from keel.backtest.kernel import orders  # compiled: not loaded when the tests are only collected

    case = POLICIES["self_financing"]
    values, targets = np.array(case["values"], dtype=float), np.array(case["targets"])
    costs = np.full(2, case["cost_bps"] / 1e4)
    left = orders.after_cost(targets, values / values.sum(), costs, 0.0)
    assert left * values.sum() == pytest.approx(case["value_after"], abs=5e-5)
    assert (1.0 - left) * values.sum() == pytest.approx(case["cost"], abs=5e-5)
    assert left == pytest.approx(after_cost(targets, values / values.sum(), costs, 0.0), abs=1e-15)


def test_figures_of_a_path_do_not_need_a_run() -> None:
    case = next(c for c in POLICIES["more_paths"] if "metrics" in c)
    found = metrics(Evidence(np.array(case["dates"], dtype="datetime64[D]"), np.array(case["wealth"]), 12))
    for name in ("total_return", "cagr", "volatility", "max_drawdown", "ulcer", "best_year"):
        assert found[name] == pytest.approx(case["metrics"][name], abs=DIGITS)
