"""The risk of a study's targets: of its own window, by bucket and product, and what it says."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from keel.backtest.metrics.risk import RiskReport, risk_json, risk_report
from keel.backtest.run import run
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import book
from keel.errors import HistoryTooShortError

DATES = np.busday_offset("2020-01-01", np.arange(300), roll="forward")
NOISE = np.random.default_rng(5).normal(0, [0.01, 0.02, 0.005], (300, 3))
PRICES = PriceMatrix(DATES, ("A", "B", "C"), np.exp(np.cumsum(NOISE, axis=0)))
TREE = Framework(
    "F",
    (
        Bucket("P/X", "X", 0.5, holdings=(Holding("A", 0.4), Holding("B", 0.6))),
        Bucket("P/Y", "Y", 0.3, holdings=(Holding("C", 1.0),)),
        Bucket("P/Z", "Z", 0.2),
    ),
)


def report(prices: PriceMatrix = PRICES, **window: object) -> RiskReport:
    held = book(TREE, columns=prices.symbols)
    result = run(prices, held, {"n": PRESETS["never"]}, RunSettings(), **window)[0]  # type: ignore[arg-type]
    return risk_report(prices, result)


def test_it_is_the_covariance_of_the_window_at_the_targets_as_pandas_has_it() -> None:
    found = report(start=DATES[50].item())
    frame = pd.DataFrame(PRICES.closes[50:]).pct_change().dropna()
    weights = np.array([0.2, 0.3, 0.3])
    matrix = frame.cov().to_numpy() * found.periods_per_year
    assert found.products.volatility == pytest.approx(np.sqrt(weights @ matrix @ weights), rel=1e-12)
    assert found.returns == 249
    x = frame[0] * 0.4 + frame[1] * 0.6
    assert found.buckets.volatilities[0] == pytest.approx(x.std() * np.sqrt(found.periods_per_year), rel=1e-12)
    assert found.buckets.covariance[0, 1] == pytest.approx(x.cov(frame[2]) * found.periods_per_year, rel=1e-9)


def test_contributions_of_products_and_of_buckets_sum_to_the_volatility_and_cash_adds_none() -> None:
    found = report()
    for level in (found.products, found.buckets):
        assert level.contributions.sum() == pytest.approx(found.products.volatility, rel=1e-12)
    assert found.buckets.contributions[0] == pytest.approx(found.products.contributions[:2].sum(), rel=1e-12)
    assert (found.buckets.volatilities[2], found.buckets.contributions[2]) == (0.0, 0.0)


def test_the_document_is_json_with_every_part() -> None:
    back = json.loads(json.dumps(risk_json(report()), allow_nan=False))
    assert [row["label"] for row in back["buckets"]] == ["X", "Y", "Z"]
    assert [(row["symbol"], row["path"]) for row in back["products"]][-1] == ("CASH", "P/Z")
    assert sum(row["share"] for row in back["buckets"]) == pytest.approx(1.0)
    assert back["covariance"]["paths"] == ["P/X", "P/Y", "P/Z"]


def test_one_return_is_too_few() -> None:
    with pytest.raises(HistoryTooShortError, match="the window has 1"):
        report(replace(PRICES, dates=DATES[:2], closes=PRICES.closes[:2]))
