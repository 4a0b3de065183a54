"""A result as JSON."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
from tests.oracles import book_of

from keel.backtest.result import BacktestResult, to_json
from keel.backtest.run import run
from keel.domain.framework.records import Framework
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import EverySessions, Policy, RunSettings


def result() -> BacktestResult:
    noise = np.random.default_rng(1)
    closes = np.exp(np.cumsum(noise.normal(0.0, 0.05, (20, 2)), axis=0))
    prices = PriceMatrix(np.datetime64("2024-01-01", "D") + np.arange(20), ("A", "B"), closes)
    policy = Policy(Trigger.calendar, EverySessions(4))
    framework = Framework("Pair", id="f", version=2)
    book = book_of({"A": 0.6, "B": 0.4})
    return run(prices, book, {"": policy}, RunSettings(lag=0, cost_bps=7), framework=framework)[0]


def test_json_keeps_every_number_in_full() -> None:
    made = result()
    back = json.loads(json.dumps(to_json(made), allow_nan=False))
    assert [row["wealth"] for row in back["wealth"]] == made.wealth.tolist()
    assert back["metrics"]["cagr"] == made.metrics["cagr"]
    assert back["events"][0]["turnover"] == made.events[0].turnover


def test_json_has_the_documented_shape() -> None:
    back = to_json(result())
    assert list(back) == ["metrics", "wealth", "events", "pending", "meta"]
    assert back["wealth"][0] == {"date": "2024-01-01", "wealth": 1.0}
    event = back["events"][0]
    assert list(event) == ["date", "decided", "turnover", "cost", "trades"]
    assert list(event["trades"][0]) == ["symbol", "from", "to"]
    assert back["pending"] is None
    meta = back["meta"]
    assert (meta["framework"], meta["version"], meta["lag"]) == ("Pair", 2, 0)
    assert {"prices_fingerprint", "first", "last", "periods_per_year", "conventions"} <= meta.keys()


def test_json_marks_a_window_under_a_year_and_keeps_whole_periods_whole() -> None:
    meta = to_json(result())["meta"]
    assert meta["under_a_year"] is True
    assert repr(meta["periods_per_year"]) == "365.25"
    made = result()
    whole = dataclasses.replace(made, meta=dataclasses.replace(made.meta, periods_per_year=252.0))
    assert repr(to_json(whole)["meta"]["periods_per_year"]) == "252"


def test_json_dates_are_iso_text() -> None:
    back = to_json(result())
    assert back["metrics"]["max_drawdown_peak"] in {row["date"] for row in back["wealth"]}
    assert back["meta"]["first"] == "2024-01-01"


def test_a_pending_decision_is_told() -> None:
    made = result()
    noise = np.random.default_rng(1)
    closes = np.exp(np.cumsum(noise.normal(0.0, 0.05, (21, 2)), axis=0))
    prices = PriceMatrix(np.datetime64("2024-01-01", "D") + np.arange(21), ("A", "B"), closes)
    (late,) = run(prices, made.book, {"": made.policy}, RunSettings(lag=1))
    assert to_json(late)["pending"] == {"decided": "2024-01-21", "fills": None, "goal": {"A": 0.6, "B": 0.4}}
