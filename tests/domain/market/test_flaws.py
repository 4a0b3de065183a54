"""What makes closes unfit, found once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.flaws import DateTwice, UnfitPrice, find_flaw, require_sound, suspicious_jumps
from keel.domain.market.prices import PriceMatrix
from keel.errors import MarketDataError

DAYS = np.array(["2024-01-03", "2024-01-01", "2024-01-02"], dtype="datetime64[D]")
CLOSES = np.array([[3.0, np.nan], [1.0, 10.0], [2.0, 20.0]])


def test_rows_in_any_order_and_holes_are_no_flaw() -> None:
    assert find_flaw(DAYS, CLOSES) is None
    assert find_flaw(DAYS[:0], np.empty((0, 0))) is None


def test_a_date_twice_names_both_rows() -> None:
    assert find_flaw(DAYS[[0, 1, 0]], CLOSES) == DateTwice(DAYS[0], 0, 2)


@pytest.mark.parametrize("close", [0.0, -1.0, np.inf, -np.inf])
def test_an_unfit_price_names_its_row_and_column(close: float) -> None:
    closes = CLOSES.copy()
    closes[1, 1] = close
    assert find_flaw(DAYS, closes) == UnfitPrice(DAYS[1], close, 1, 1)
    with pytest.raises(MarketDataError, match=r"The price of B on 1 Jan 2024 is .*; prices must be positive") as caught:
        require_sound(DAYS, ("A", "B"), closes)
    assert caught.value.subject == "B"


@given(st.permutations(range(6)))
def test_a_matrix_is_sorted_and_sound_however_it_was_given(order: list[int]) -> None:
    days = np.datetime64("2024-01-01") + np.arange(6)
    closes = np.arange(1.0, 13.0).reshape(6, 2)
    prices = PriceMatrix(days[order], ("A", "B"), closes[order])
    np.testing.assert_array_equal(prices.dates, days)
    np.testing.assert_array_equal(prices.closes, closes)


def test_a_matrix_with_a_flaw_cannot_be_made() -> None:
    with pytest.raises(MarketDataError, match="The prices have the date 3 Jan 2024 twice"):
        PriceMatrix(DAYS[[0, 1, 0]], ("A", "B"), CLOSES)
    with pytest.raises(MarketDataError, match="price of A on 3 Jan 2024 is 0;"):
        replace(PriceMatrix(DAYS, ("A", "B"), CLOSES), closes=np.array([[1.0, 1], [1, 1], [0, 1]]))


def test_a_print_that_reverts_is_suspicious_and_a_crash_is_not() -> None:
    rng = np.random.default_rng(5)
    closes = 100.0 * np.cumprod(1.0 + rng.normal(0.0005, 0.01, 400))
    assert suspicious_jumps(closes).tolist() == []
    wrong = closes.copy()
    wrong[200] *= 0.5
    assert suspicious_jumps(wrong).tolist() == [200]
    crash = closes.copy()
    crash[200:] *= 0.5
    assert suspicious_jumps(crash).tolist() == []
    assert suspicious_jumps(np.full(50, 10.0)).tolist() == []  # a constant has no deviation to measure by
