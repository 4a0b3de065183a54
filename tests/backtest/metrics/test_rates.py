"""The risk-free rate: a number, or the returns of a series."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.errors import PricesMissingError


def test_the_risk_free_rate_may_be_a_series() -> None:
    book = book_of({"A": 1.0})
    closes = np.array([[1.0, 1.0], [1.1, 1.01], [1.05, 1.03], [1.2, 1.04], [1.3, 1.06]])
    prices = PriceMatrix(np.arange("2024-01-01", "2024-01-06", dtype="datetime64[D]"), ("A", "BILL"), closes)
    found, beside = run(prices, book, {"": PRESETS["never"]}, RunSettings(risk_free="BILL"), benchmark="BILL")
    excess = closes[1:, 0] / closes[:-1, 0] - closes[1:, 1] / closes[:-1, 1]
    assert found.metrics["sharpe"] == pytest.approx(excess.mean() / excess.std(ddof=1) * 252**0.5)
    downside = np.sqrt((np.minimum(excess, 0.0) ** 2).mean())
    assert found.metrics["sortino"] == pytest.approx(excess.mean() / downside * 252**0.5)
    assert beside.metrics["sharpe"] is None  # the series has no excess over itself
    with pytest.raises(PricesMissingError, match="MISSING"):
        run(prices, book, {"": PRESETS["never"]}, RunSettings(risk_free="MISSING"))


def test_the_risk_free_series_takes_part_in_the_window() -> None:
    book = book_of({"A": 1.0})
    closes = np.array([[1.0, np.nan], [1.1, 1.0], [1.2, 1.1]])
    prices = PriceMatrix(np.arange("2024-01-01", "2024-01-04", dtype="datetime64[D]"), ("A", "BILL"), closes)
    (found,) = run(prices, book, {"": PRESETS["never"]}, RunSettings(risk_free="BILL"))
    assert found.meta.first.isoformat() == "2024-01-02"
