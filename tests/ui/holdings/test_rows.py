"""Rows of the holdings table: as a person reads them, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError
from keel.services.shared.held.worth import Holding
from keel.store.holdings.positions import Stored
from keel.ui.holdings import rows

NAMED = {"A/Equity": "Equity", "A/Bonds": "Bonds"}
LOTS = (Lot(4, 90.0, date(2020, 1, 31)), Lot(6, 100.0))
HELD = (
    Position("VTI", 10, role=Role.frozen, account="IRA", no_sell=True, bucket="A/Bonds", lots=LOTS),
    Position("CASH", 50, currency="EUR"),
    Position("ODD", 3, 9.0, currency="USD"),
)


def table() -> list[dict[str, Any]]:
    held = [Holding(Stored(p, p.symbol), 1.0, p.quantity) for p in HELD]
    return rows.rows(held, "USD", NAMED)


def test_a_table_that_nobody_touched_is_what_is_held() -> None:
    assert [row[rows.PRODUCT] for row in table()] == ["VTI", "CASH EUR", "ODD"]
    assert (table()[0][rows.COST], table()[0][rows.BUCKET]) == (96.0, "Bonds")
    assert rows.positions(table(), HELD, NAMED) == HELD


def test_another_quantity_or_cost_is_one_new_lot() -> None:
    changed = table()[0] | {rows.QUANTITY: 12.0}
    assert rows.positions([changed], HELD, NAMED)[0].lots == (Lot(12, 96.0),)
    without = table()[0] | {rows.COST: None}
    assert rows.positions([without], HELD, NAMED)[0].lots == ()


def test_a_new_row_needs_its_product_and_quantity_and_an_empty_one_says_nothing() -> None:
    empty = dict.fromkeys(table()[0])
    assert rows.positions([empty], (), NAMED) == ()
    typed = empty | {rows.PRODUCT: "vti", rows.QUANTITY: 2.0}
    assert rows.positions([typed], (), NAMED) == (Position("VTI", 2),)
    with pytest.raises(InputError, match="VTI has no quantity"):
        rows.positions([typed | {rows.QUANTITY: float("nan")}], (), NAMED)
    with pytest.raises(InputError, match="no product"):
        rows.positions([typed | {rows.PRODUCT: " "}], (), NAMED)


def test_what_is_typed_is_compared_without_what_is_computed_and_gets_it_back() -> None:
    stored = table()
    typed = [row | {rows.VALUE: None} for row in stored] + [dict.fromkeys(stored[0]) | {rows.ACCOUNT: "Main"}]
    assert rows.said(typed) == rows.said(stored)
    assert [row[rows.VALUE] for row in rows.worth(rows.said(stored), stored)] == [10.0, 50.0, 3.0]
    assert rows.worth([stored[0] | {rows.QUANTITY: 11.0}], stored)[0][rows.VALUE] is None


def test_what_units_cost_in_two_currencies_is_no_average() -> None:
    assert rows.cost_of(Position("VTI", 2, lots=(Lot(1, 90.0, None, "USD"), Lot(1, 90.0, None, "EUR")))) is None
