"""What a person holds, as a CSV file: `symbol,quantity` and, where known, `price,cost,acquired,role`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, read_table
from keel.domain.reading.text import decode
from keel.domain.text import shown
from keel.sources.files.cells import day, number, require_columns
from keel.sources.files.disk import read_bytes

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
    place = Place(path.name)
    table = read_table(decode(read_bytes(path), place), place)
    require_columns(table, "symbol", "quantity")
    if not table.rows:
        raise Place(path.name, 1).error("there is a header but no holdings.")
    return tuple(map(_holding, table.rows))


def _holding(row: Row) -> HoldingRow:
    symbol = row.cells.get("symbol", "")
    quantity = number(row, "quantity", low=0.0)
    price = number(row, "price", low=0.0)
    role = row.cells.get("role", "").lower() or "tradable"
    if not symbol:
        raise row.at("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
    if quantity is None:
        raise row.at("quantity").error("is empty.", "Write how many units are held.")
    if price == 0.0:
        raise row.at("price").error("is zero.")
    if role not in ROLES:
        raise row.at("role").error(f"{shown(role)} is none of {', '.join(ROLES)}.")
    return HoldingRow(symbol, quantity, price, number(row, "cost", low=0.0), day(row, "acquired"), role)
