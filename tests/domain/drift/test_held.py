"""Positions laid over a book: what each leaf holds, what lies outside, and at which closes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.domain.drift.held import Stake, by_leaf, closes_at, lay_out
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError, PricesMissingError

TWICE = Framework(
    "Twice",
    (
        Bucket("A/Core", "Core", 0.75, holdings=(Holding("VTI", 1.0),)),
        Bucket("A/US", "US", 0.25, holdings=(Holding("VTI", 1.0),)),
    ),
)


def test_closes_are_the_last_at_or_before_the_date() -> None:
    days = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], "datetime64[D]")
    prices = PriceMatrix(days, ("A", "B"), np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 6.0]]))
    assert closes_at(prices, date(2026, 1, 5)) == (date(2026, 1, 5), {"A": 2.0, "B": 5.0})
    assert closes_at(prices) == (date(2026, 1, 6), {"A": 3.0, "B": 6.0})
    with pytest.raises(PricesMissingError, match="2025-12-31"):
        closes_at(prices, date(2025, 12, 31))


def test_a_symbol_of_two_buckets_is_split_and_the_rest_lies_outside() -> None:
    made = book(TWICE)
    positions = [Position("VTI", 8), Position("GLD", 2), Position("GLD", 1), Position("CASH", 50)]
    held = lay_out(made, positions, {"VTI": 100.0, "GLD": 10.0})
    assert by_leaf(made, held.value).tolist() == pytest.approx([600, 200])
    assert held.outside == {"GLD": Stake(3.0, 10.0, 30.0)}
    assert (held.strange, held.idle, held.total) == (30.0, 50.0, pytest.approx(880.0))


def test_what_is_excluded_is_left_out_and_what_is_frozen_is_counted_apart() -> None:
    positions = [Position("VTI", 4, role=Role.frozen), Position("VTI", 4), Position("GLD", 1, role=Role.excluded)]
    held = lay_out(book(TWICE), positions, {"VTI": 100.0, "GLD": 10.0})
    assert (held.excluded, held.frozen.sum(), held.total) == (10.0, pytest.approx(400), pytest.approx(800))


def test_what_has_no_price_is_named_once_and_no_quantity_is_negative() -> None:
    assert lay_out(book(TWICE), [Position("VTI", 1), Position("VTI", 2)], {}).unpriced == ("VTI",)
    with pytest.raises(InputError, match="VTI"):
        lay_out(book(TWICE), [Position("VTI", -1)], {})


@pytest.mark.parametrize(("quantity", "price"), [(1e308, 1e308), (1e308, 1.0), (1.0, float("inf"))])
def test_what_is_worth_more_than_can_be_counted_is_refused(quantity: float, price: float) -> None:
    framework = Framework("One", (Bucket("A/X", "X", 1.0, holdings=(Holding("X", 1.0),)),))
    with pytest.raises(InputError, match="What is held of X is worth more than can be counted"):
        lay_out(book(framework), [Position("X", quantity, price)], {})
