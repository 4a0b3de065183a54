"""The targets held at every session."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.reference import held_at_target, target_returns
from keel.backtest.window import align
from keel.domain.market.prices import PriceMatrix


def test_the_reference_is_bought_anew_at_its_targets_every_session() -> None:
    closes = np.array([[1.0, 1.0], [1.2, 1.0], [1.2, 0.5]])
    prices = PriceMatrix(np.datetime64("2024-01-01", "D") + np.arange(3), ("A", "B"), closes)
    book = book_of({"A": 0.6, "B": 0.4})
    window = align(prices, book.symbols)
    assert target_returns(window, book) == pytest.approx([0.12, -0.2])
    assert held_at_target(window, book) == pytest.approx([1.0, 1.12, 0.896])
