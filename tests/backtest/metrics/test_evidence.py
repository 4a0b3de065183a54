"""What a path is judged on."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of, matrix

from keel.backtest.metrics.evidence import Evidence, evidence
from keel.backtest.path import simulate
from keel.backtest.window import align
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import Cadence, Policy, RunSettings

DATES = np.array(["2024-01-31", "2024-02-29", "2024-03-31"], dtype="datetime64[D]")


def test_returns_are_of_each_session_and_so_is_the_hurdle() -> None:
    one = Evidence(DATES, np.array([1.0, 1.1, 1.21]), 12, risk_free=1.01**12 - 1.0)
    assert one.returns.tolist() == pytest.approx([0.1, 0.1])
    assert one.hurdle == pytest.approx(0.01)
    series = Evidence(DATES, np.array([1.0, 1.1, 1.21]), 12, risk_free=np.array([0.02, 0.03]))
    assert np.asarray(series.hurdle).tolist() == [0.02, 0.03]


def test_a_run_is_judged_on_what_it_traded_and_how_far_it_drifted() -> None:
    book = book_of({"a": 0.5, "b": 0.5})
    prices = matrix(DATES.astype(str).tolist(), book, [[1.0, 1.0], [3.0, 1.0], [3.0, 1.0]])
    window, settings = align(prices, book.symbols), RunSettings(lag=0)
    path = simulate(window, book, Policy(Trigger.calendar, Cadence.monthly), settings, 0)
    weights = path.values / path.values.sum(axis=1, keepdims=True)
    one = evidence(window, book, path, settings, weights=weights, costless=path.wealth, reference=path.wealth)
    assert one.rebalances == 1
    assert one.turnover == pytest.approx(0.25)
    assert one.total_drift is not None
    assert one.total_drift.tolist() == pytest.approx([0.0, 0.25, 0.0])
    assert (one.risk_free, one.periods_per_year) == (0.0, window.periods_per_year)


def test_a_rate_that_is_a_series_is_that_of_each_session() -> None:
    book = book_of({"a": 1.0})
    closes = [[1.0, 1.0], [2.0, 1.01], [3.0, 1.0201]]
    both = matrix(DATES.astype(str).tolist(), book_of({"a": 0.5, "rate": 0.5}), closes)
    window, settings = align(both, ("a", "rate")), RunSettings(lag=0, risk_free="rate")
    path = simulate(window, book, Policy(Trigger.never), settings, 0)
    one = evidence(window, book, path, settings, weights=np.ones((3, 1)), costless=path.wealth, reference=path.wealth)
    assert np.asarray(one.risk_free).tolist() == pytest.approx([0.01, 0.01])
    assert one.hurdle is one.risk_free
