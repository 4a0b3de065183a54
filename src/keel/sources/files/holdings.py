"""What a person holds, as a CSV file: `symbol,quantity` and, where known,
`account,price,cost,acquired,role,no_buy,no_sell,currency`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keel.domain.market.currencies import CURRENCIES
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import MAIN, Position, Role
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, read_table
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_switch
from keel.domain.text import shown
from keel.sources.files.cells import day, number, require_columns
from keel.sources.files.disk import read_bytes


def read_holdings(path: Path) -> tuple[Position, ...]:
    """The positions in a holdings file. Raises as ``parse_holdings``."""
    return parse_holdings(read_bytes(path), path.name)


def parse_holdings(data: bytes, name: str) -> tuple[Position, ...]:
    """The positions in the bytes of a holdings file, in its order; rows that differ in their lot only are one position.

    A missing column, text in a number, a quantity or cost below zero, a price of zero or less, an unknown role and a
    switch that is neither true nor false raise ImportFormatError with file, row and column.
    """
    place = Place(name)
    table = read_table(decode(data, place), place)
    require_columns(table, "symbol", "quantity")
    if not table.rows:
        raise Place(name, 1).error("there is a header but no holdings.")
    whole: dict[Position, Position] = {}
    for row in table.rows:
        position, lots = _position(row), _lots(row)
        key = replace(position, quantity=0.0)
        before = whole.get(key, key)
        whole[key] = replace(before, quantity=before.quantity + position.quantity, lots=(*before.lots, *lots))
    return tuple(whole.values())


def _position(row: Row) -> Position:
    """The position of a row, without its lot."""
    symbol = row.cells.get("symbol", "")
    quantity = number(row, "quantity", low=0.0)
    price = number(row, "price", low=0.0)
    if not symbol:
        raise row.at("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
    if quantity is None:
        raise row.at("quantity").error("is empty.", "Write how many units are held.")
    if price == 0.0:
        raise row.at("price").error("is zero.")
    return Position(
        symbol,
        quantity,
        price,
        _role(row),
        account=row.cells.get("account", "") or MAIN,
        no_buy=_switch(row, "no_buy"),
        no_sell=_switch(row, "no_sell"),
        currency=_currency(row),
    )


def _lots(row: Row) -> tuple[Lot, ...]:
    """The lot of a row; none where its cost is not said."""
    cost, acquired = number(row, "cost", low=0.0), day(row, "acquired")
    quantity = number(row, "quantity", low=0.0)
    return () if cost is None or not quantity else (Lot(quantity, cost, acquired),)


def _role(row: Row) -> Role:
    cell = row.cells.get("role", "").lower() or Role.tradable
    if cell not in list(Role):
        raise row.at("role").error(f"{shown(cell)} is none of {', '.join(Role)}.")
    return Role(cell)


def _switch(row: Row, column: str) -> bool:
    cell = row.cells.get(column, "")
    return bool(cell) and read_switch(cell, row.at(column))


def _currency(row: Row) -> str:
    cell = row.cells.get("currency", "").upper()
    if cell and cell not in CURRENCIES:
        raise row.at("currency").error(f"{shown(cell)} is no currency.", "Write its code, such as USD.")
    return cell
