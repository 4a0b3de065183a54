"""Positions and accounts as JSON: read, or refused with the field."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.held.as_json import read_account, read_position
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError

HERE = Place("the body").field("positions").item(0)


def test_a_position_is_read_with_everything_it_says() -> None:
    given = {
        "symbol": "VTI", "quantity": 10, "price": 99.5, "role": "frozen", "account": "IRA", "no_sell": True,
        "bucket": "A/B", "lots": [{"quantity": 4, "cost": 90, "acquired": "2020-01-31"}], "currency": "eur",
    }  # fmt: skip
    lots = (Lot(4, 90, date(2020, 1, 31)),)
    assert read_position(given, HERE) == Position(
        "VTI", 10, 99.5, Role.frozen, "IRA", no_sell=True, bucket="A/B", lots=lots, currency="EUR"
    )
    assert read_position({"symbol": "CASH", "quantity": 5}, HERE) == Position("CASH", 5)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": 1}, "symbol"),
        ({"symbol": "A"}, "quantity"),
        ({"symbol": "A", "quantity": -1}, "quantity"),
        ({"symbol": "A", "quantity": 1, "price": 0}, "price"),
        ({"symbol": "A", "quantity": 1, "role": "lent"}, "role"),
        ({"symbol": "A", "quantity": 1, "currency": "EURO"}, "currency"),
        ({"symbol": "A", "quantity": 1, "lots": [{"quantity": 2, "cost": 1}]}, "lots"),
        ({"symbol": "A", "quantity": 1, "lots": [{"quantity": 1}]}, "lots[0]"),
        ({"symbol": "A", "quantity": 1, "no_buy": "maybe"}, "no_buy"),
    ],
)
def test_a_complaint_names_the_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        read_position(given, HERE)
    assert caught.value.column == f"positions[0].{field}"


def test_an_account_is_taxable_unless_it_says_otherwise() -> None:
    assert read_account({"name": "IRA", "kind": "deferred"}, HERE, "EUR") == Account("IRA", AccountKind.deferred, "EUR")
    assert read_account({"name": "Main"}, HERE, "USD") == Account("Main")
    with pytest.raises(ImportFormatError):
        read_account({"kind": "exempt"}, HERE, "USD")
