"""A lot: units bought together."""

from __future__ import annotations

from keel.domain.portfolio.lots import Lot


def test_the_day_of_a_lot_may_be_unknown() -> None:
    assert Lot(10, 200.0).acquired is None
