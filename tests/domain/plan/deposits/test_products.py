"""The products of a book, each once, and which of them lie in several buckets."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.deposits.products import aims_of, products, spanning
from keel.domain.portfolio.position import Position

SHARED = {"One": (0.5, {"V": 1.0}), "Two": (0.5, {"V": 0.5, "W": 0.5})}


def test_a_product_of_two_buckets_is_one_product() -> None:
    every = products(desk(SHARED, held({"V": 30, "W": 10})))
    assert every.symbols == ("V", "W")
    assert (every.values.tolist(), every.targets.tolist()) == (pytest.approx([30.0, 10.0]), [0.75, 0.25])
    assert every.inside.tolist() == [pytest.approx([2 / 3, 0.0]), pytest.approx([1 / 3, 1.0])]


def test_what_lies_outside_the_book_comes_last_and_without_a_target() -> None:
    lines = desk({"A": 1.0}, [Position("A", 2, 7.0), Position("X", 3, 5.0)])
    assert products(lines).symbols == ("A",)
    every = products(lines, outside=True)
    assert (every.symbols, every.values.tolist(), every.prices.tolist()) == (("A", "X"), [14.0, 15.0], [7.0, 5.0])
    assert (every.targets.tolist(), every.inside.tolist()) == ([1.0, 0.0], [[1.0, 0.0]])


def test_cash_in_several_buckets_is_money_in_each() -> None:
    assert spanning(desk(SHARED, held({"V": 1}))) == ("V",)
    cash = {"One": (0.5, {"CASH": 1.0}), "Two": (0.3, {"CASH": 0.5, "W": 0.5}), "B": 0.2}
    assert spanning(desk(cash, held({"W": 1}))) == ()


def test_an_order_is_for_the_buckets_that_its_product_lies_in() -> None:
    lines = desk(SHARED, held({"V": 30, "W": 10}))
    traded = np.where([s == "V" for s in lines.symbols], 6.0, 0.0)
    assert aims_of(lines, traded).tolist() == pytest.approx([24.0, 12.0, 10.0])
