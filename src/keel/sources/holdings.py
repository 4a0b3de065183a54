"""What a person holds, as a CSV file: `symbol,quantity` and, where known, `price,cost,acquired,role`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keel.errors import ImportFormatError
from keel.sources.text import Row, read_table
from keel.sources.universe import day, number

ROLES = ("tradable", "frozen", "excluded")


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One line: ``quantity`` in units (of currency for CASH), ``price`` and ``cost`` a unit, None where not given."""

    symbol: str
    quantity: float
    price: float | None = None
    cost: float | None = None
    acquired: date | None = None
    role: str = "tradable"


def read_holdings(path: Path) -> tuple[HoldingRow, ...]:
    """The lines of a holdings file in its order; a symbol may come several times (lots).

    A missing column, text in a number, a quantity or cost below zero, a price of zero or less and an unknown role raise
    ImportFormatError with file, row and column.
    """
    table = read_table(path)
    for column in ("symbol", "quantity"):
        if column not in table.columns:
            message = f"{table.name} has no column named {column}."
            raise ImportFormatError(message, row=1, column=column, subject=table.name)
    if not table.rows:
        raise ImportFormatError(f"{table.name} has a header but no holdings.", row=1, subject=table.name)
    return tuple(_holding(row, table.name) for row in table.rows)


def _holding(row: Row, name: str) -> HoldingRow:
    symbol = row.cells.get("symbol", "")
    quantity = number(row, name, ("quantity",), low=0.0)
    price = number(row, name, ("price",), low=0.0)
    role = row.cells.get("role", "").lower() or "tradable"
    if not symbol:
        raise _complaint(name, row, "symbol", "is empty")
    if quantity is None:
        raise _complaint(name, row, "quantity", "is empty")
    if price == 0.0:
        raise _complaint(name, row, "price", "is zero")
    if role not in ROLES:
        raise _complaint(name, row, "role", f"is {role[:40]!r}, none of {', '.join(ROLES)}")
    cost = number(row, name, ("cost",), low=0.0)
    return HoldingRow(symbol, quantity, price, cost, day(row, name, ("acquired",)), role)


def _complaint(name: str, row: Row, column: str, what: str) -> ImportFormatError:
    message = f"{name}, row {row.number}, column {column} {what}."
    return ImportFormatError(message, row=row.number, column=column, subject=name)
