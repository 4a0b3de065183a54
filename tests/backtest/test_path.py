"""Frozen leaves, and instruments that fill several leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.oracles import book_of, matrix

from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import EverySessions, Policy, RunSettings
from keel.errors import InvalidPolicyError

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden" / "policies.json").read_text())


def test_frozen_leaves_keep_their_quantity_and_the_others_share_the_rest() -> None:
    case = GOLDEN["frozen"]
    book = book_of(dict(zip("ABC", case["targets"], strict=True)))
    # The golden weights 44, 30 and 26 from targets 50, 30 and 20.
    closes = [[1.0, 1.0, 1.0], [0.88, 1.0, 1.3], [0.88, 1.0, 1.3], [0.88, 1.0, 2.6]]
    policy = Policy(Trigger.calendar, EverySessions(1))
    prices = matrix(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"], book, closes)
    (found,) = run(prices, book, {"": policy}, RunSettings(lag=0, cost_bps=100, frozen=("C",)))
    event = found.events[0]
    value = found.wealth[1] * found.goals[0]
    assert value[2] == pytest.approx(0.26)  # neither traded nor charged
    assert found.wealth[1] == pytest.approx(1.0 - event.cost)
    assert value[:2] / value[:2].sum() == pytest.approx([0.625, 0.375])
    (free,) = run(prices, book, {"": policy}, RunSettings(lag=0, frozen=("C",)))
    assert free.goals[0] == pytest.approx(case["goal"], abs=1e-12)
    assert free.holdings[3, 2] * free.wealth[3] == pytest.approx(0.52)
    assert found.meta.notes == ("Frozen, never traded after the purchase: C.",)


def test_a_frozen_leaf_never_triggers() -> None:
    book = book_of({"A": 0.5, "B": 0.5})
    prices = matrix(["2024-01-01", "2024-01-02", "2024-01-03"], book, [[1.0, 1.0], [1.0, 5.0], [1.0, 5.0]])
    policy = Policy(Trigger.band, band=Absolute(100))
    (both,) = run(prices, book, {"": policy}, RunSettings(lag=0, frozen=("A", "B")))
    assert both.events == ()
    with pytest.raises(InvalidPolicyError, match="'Gold', which is no bucket; there are A, B"):
        run(prices, book, {"": policy}, RunSettings(frozen=("Gold",)))


def test_one_instrument_in_two_leaves_is_one_order() -> None:
    book = book_of(
        {"A": 0.4, "B": 0.4, "C": 0.2}, [("A", 1.0), ("B", 0.5), ("B", 0.5), ("C", 1.0)], None, tuple("XYXZ")
    )
    prices = PriceMatrix(
        np.array(["2024-01-01", "2024-01-02", "2024-01-03"], dtype="datetime64[D]"),
        ("X", "Y", "Z"),
        np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 2.0], [1.0, 1.0, 2.0]]),
    )
    settings = RunSettings(lag=0, cost_bps=100, fixed_fee=10.0)
    (found,) = run(prices, book, {"": Policy(Trigger.calendar)}, settings)
    # 60 X, 20 Y and 40 Z of 120 to 72, 24 and 24: three orders, one-way turnover 16 / 120.
    (event,) = found.events
    assert [t.symbol for t in event.trades] == ["X", "Y", "Z"]
    assert event.turnover == pytest.approx(16 / 120)
    bought_and_sold = 12 + 4 + 16  # a hundredth of it, and of the purchases less as they shrink with what is left
    assert event.cost * 120 == pytest.approx(bought_and_sold / 100 + 3 * 0.1, abs=0.01)
