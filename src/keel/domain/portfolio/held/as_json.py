"""Positions and accounts as JSON writes them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from keel.domain.market.currencies import CURRENCIES
from keel.domain.portfolio.account import Account, AccountKind, kind_of
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import MAIN, Position, Role
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_number, read_object, read_switch, read_text
from keel.domain.text import named

Choice = TypeVar("Choice", bound=StrEnum)
Given = Mapping[str, object]


def read_position(value: object, place: Place) -> Position:
    """A position; its lots may cover less than its quantity. Raises ImportFormatError with the field.

    >>> read_position({"symbol": "VTI", "quantity": 3, "role": "frozen"}, Place("body")).role
    <Role.frozen: 'frozen'>
    """
    given = read_object(value, place)
    symbol, quantity = _text(given, "symbol", place), _amount(given, "quantity", place)
    if not symbol or quantity is None:
        lacking = "quantity" if symbol else "symbol"
        raise place.field(lacking).error("is missing.", "Give a symbol and a quantity.")
    lots = _lots(given.get("lots"), place.field("lots"))
    if sum(lot.quantity for lot in lots) > quantity * (1 + 1e-9):
        raise place.field("lots").error("make more than the quantity.")
    return Position(
        symbol,
        quantity,
        _price(given, place),
        _one_of(Role, given, "role", Role.tradable, place),
        _text(given, "account", place) or MAIN,
        _flag(given, "no_buy", place),
        _flag(given, "no_sell", place),
        _text(given, "bucket", place),
        lots,
        _currency(given, "", place),
    )


def read_account(value: object, place: Place, currency: str) -> Account:
    """An account by its name, taxed as that says and in ``currency`` unless it says otherwise."""
    given = read_object(value, place)
    name = _text(given, "name", place)
    if not name:
        raise place.field("name").error("is missing.")
    kind = _one_of(AccountKind, given, "kind", kind_of(name), place)
    return Account(name, kind, _currency(given, currency, place))


def _lots(value: object, place: Place) -> tuple[Lot, ...]:
    rows = [] if value is None else read_list(value, place)
    return tuple(_lot(read_object(row, place.item(n)), place.item(n)) for n, row in enumerate(rows))


def _lot(given: Given, place: Place) -> Lot:
    quantity, cost = _amount(given, "quantity", place), _amount(given, "cost", place)
    if not quantity or cost is None:
        raise place.error("needs a quantity and a cost a unit.")
    acquired = given.get("acquired")
    day = None if acquired is None else read_day(acquired, place.field("acquired"))
    return Lot(quantity, cost, day, _currency(given, "", place))


def _price(given: Given, place: Place) -> float | None:
    price = _amount(given, "price", place)
    if price == 0:
        raise place.field("price").error("is zero.")
    return price


def _amount(given: Given, name: str, place: Place) -> float | None:
    value = given.get(name)
    amount = None if value is None else read_number(value, place.field(name))
    if amount is not None and amount < 0:
        raise place.field(name).error("is below 0.")
    return amount


def _text(given: Given, name: str, place: Place) -> str:
    value = given.get(name)
    return "" if value is None else read_text(value, place.field(name))


def _flag(given: Given, name: str, place: Place) -> bool:
    value = given.get(name)
    return value is not None and read_switch(value, place.field(name))


def _one_of(kind: type[Choice], given: Given, name: str, usual: Choice, place: Place) -> Choice:
    value = given.get(name)
    if value is None:
        return usual
    if not isinstance(value, str) or value not in list(kind):
        raise place.field(name).error(f"{named(value)} is none of {', '.join(kind)}.")
    return kind(value)


def _currency(given: Given, usual: str, place: Place) -> str:
    code = _text(given, "currency", place).upper() or usual
    if code and code not in CURRENCIES:
        raise place.field("currency").error(f"{named(code)} is no currency.", "Write its code, such as USD.")
    return code
