"""The metrics that compose from sums are those of the path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.oracles import book_of, matrix

from keel.backtest.metrics import table
from keel.backtest.run import run
from keel.backtest.sweep import run as sweep
from keel.backtest.sweep.arrays import Scenario, arrays_of
from keel.backtest.sweep.composed import every_metric, number, wealth_without_costs
from keel.backtest.window import align
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.grid import parse_grid

BOOK = book_of({"a": 0.6, "b": 0.4})
DAYS = np.arange("2020-01-01", "2021-03-01", dtype="datetime64[D]").astype(str).tolist()
T = np.arange(len(DAYS))
PRICES = matrix(DAYS, BOOK, np.column_stack([np.exp(0.2 * np.sin(T / 9)), np.exp(0.1 * np.cos(T / 7))]))
SCENARIO = Scenario(align(PRICES, BOOK.symbols), BOOK)
ARRAYS = arrays_of(SCENARIO)
POLICY, SETTINGS = PRESETS["abs_5pp"], RunSettings(cost_bps=15.0)


def test_one_policy_alone_has_the_metrics_of_a_backtest() -> None:
    (single,) = run(PRICES, BOOK, {"": POLICY}, SETTINGS)
    found = every_metric(ARRAYS, POLICY, SETTINGS, wealth_without_costs(ARRAYS, POLICY, SETTINGS))
    for key, value in single.metrics.items():
        wanted = pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value
        assert found[key] == wanted, key
    assert list(found) == list(single.metrics)


def test_what_composes_is_what_the_path_gives() -> None:
    grid = parse_grid({"base": "abs_5pp", "axes": {"cost_bps": [0.0, 15.0]}})
    found = sweep.run(SCENARIO, grid)
    single = run(PRICES, BOOK, {"": POLICY}, SETTINGS)[0].metrics
    for key in table.composing():
        assert found.metric(key)[1] == pytest.approx(single[key], rel=1e-9, abs=1e-12), key


def test_without_any_cost_nothing_is_dragged() -> None:
    free = replace(SETTINGS, cost_bps=0.0)
    assert every_metric(ARRAYS, POLICY, free, None)["cost_drag"] == 0.0


def test_costs_that_take_everything_leave_no_metrics() -> None:
    assert every_metric(ARRAYS, POLICY, RunSettings(fixed_fee=1e9), None) == {}


def test_what_is_undefined_is_nan() -> None:
    assert (number(3), number(0.5)) == (3.0, 0.5)
    assert np.isnan([number(None), number("x")]).all()
