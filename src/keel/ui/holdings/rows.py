"""Rows of the holdings table: positions as a person reads them, and what was typed as positions again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaves
from keel.domain.market.currencies import CURRENCIES
from keel.domain.market.prices import CASH
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import MAIN, Position, Role
from keel.domain.text import plain
from keel.errors import InputError
from keel.services.shared.held.worth import Holding

ACCOUNT, PRODUCT, QUANTITY, COST, PRICE = "Account", "Product", "Quantity", "Cost a unit", "Own price"
VALUE, ROLE, NO_BUY, NO_SELL, BUCKET = "Value", "Role", "No buying", "No selling", "Bucket"
Row = Mapping[str, Any]


def buckets(framework: Framework) -> dict[str, str]:
    """Path → what to call each bucket without parts: its label, its path where two have one label."""
    ends = leaves(framework)
    labels = [leaf.label for leaf in ends]
    return {leaf.path: leaf.label if labels.count(leaf.label) == 1 else leaf.path for leaf in ends}


def rows(holdings: Iterable[Holding], base_ccy: str, named: Mapping[str, str]) -> list[dict[str, object]]:
    """A row a position; ``named`` are the buckets."""
    return [_row(holding, base_ccy, named) for holding in holdings]


def positions(typed: Iterable[Row], before: Sequence[Position], named: Mapping[str, str]) -> tuple[Position, ...]:
    """The positions that were typed; a row whose quantity and cost are as they were keeps its lots.

    An empty row says nothing. Raises InputError for a row that lacks its product or its quantity.
    """
    known = {(p.account, p.symbol, p.currency if p.symbol == CASH else ""): p for p in before}
    paths = {label: path for path, label in named.items()}
    filled = [row for row in typed if _said(row[PRODUCT]) or _number(row[QUANTITY]) is not None]
    return tuple(_position(row, known, paths) for row in filled)


def said(typed: Iterable[Mapping[Any, Any]]) -> tuple[Row, ...]:
    """The rows that say something, without what is computed, as they can be kept and compared.

    >>> said([{"Product": " VTI ", "Quantity": 3, "Value": 9.0, "Bucket": float("nan")}, {"Product": None}])
    ({'Product': 'VTI', 'Quantity': 3.0},)
    """
    rows = ({column: _cell(cell) for column, cell in row.items() if column != VALUE} for row in typed)
    filled = ({column: cell for column, cell in row.items() if cell not in (None, "")} for row in rows)
    return tuple(row for row in filled if PRODUCT in row or QUANTITY in row)


def worth(typed: Iterable[Row], stored: Iterable[Row]) -> list[Row]:
    """The typed rows with the value of what is held just so."""
    values = {(row[ACCOUNT], row[PRODUCT], row[QUANTITY]): row[VALUE] for row in stored}
    return [{**row, VALUE: values.get((row.get(ACCOUNT), row.get(PRODUCT), row.get(QUANTITY)))} for row in typed]


def cost_of(position: Position) -> float | None:
    """What a unit cost on average; None where it is not known of all units, or in several currencies.

    >>> cost_of(Position("VTI", 10, lots=(Lot(4, 90.0), Lot(6, 100.0))))
    96.0
    """
    counted = sum(lot.quantity for lot in position.lots)
    if len({lot.currency for lot in position.lots}) > 1:
        return None
    if not counted or abs(counted - position.quantity) > 1e-6 * max(1.0, position.quantity):
        return None
    return sum(lot.quantity * lot.cost for lot in position.lots) / counted


def _row(holding: Holding, base_ccy: str, named: Mapping[str, str]) -> dict[str, object]:
    p = holding.stored.position
    foreign = p.symbol == CASH and p.currency not in ("", base_ccy)
    return {
        ACCOUNT: p.account,
        PRODUCT: f"{CASH} {p.currency}" if foreign else p.symbol,
        QUANTITY: p.quantity,
        COST: cost_of(p),
        PRICE: None if holding.stored.priced_on else p.price,
        VALUE: None if holding.value is None else float(round(holding.value)),
        ROLE: p.role.value,
        NO_BUY: p.no_buy,
        NO_SELL: p.no_sell,
        BUCKET: named.get(p.bucket),
    }


def _position(row: Row, known: Mapping[tuple[str, str, str], Position], paths: Mapping[str, str]) -> Position:
    symbol, currency = _product(_said(row[PRODUCT]))
    quantity = _number(row[QUANTITY])
    if not symbol:
        raise InputError("A row has a quantity and no product.", hint="Type its symbol, or delete the row.")
    if quantity is None or quantity < 0:
        hint = "Type how many units are held, or delete the row."
        raise InputError(f"{plain(symbol)} has no quantity.", hint=hint, subject=symbol)
    account = _said(row[ACCOUNT]) or MAIN
    before = known.get((account, symbol, currency)) or known.get((account, symbol, ""))
    price = _number(row[PRICE])
    return Position(
        symbol,
        quantity,
        price or None,
        Role(_said(row[ROLE]) or Role.tradable),
        account,
        bool(row[NO_BUY] or False),
        bool(row[NO_SELL] or False),
        paths.get(_said(row[BUCKET]), ""),
        _lots(quantity, _number(row[COST]), before),
        currency or (before.currency if before and price else ""),
    )


def _lots(quantity: float, cost: float | None, before: Position | None) -> tuple[Lot, ...]:
    if before is not None and before.quantity == quantity and cost_of(before) == cost:
        return before.lots
    return () if cost is None or not quantity else (Lot(quantity, cost),)


def _product(text: str) -> tuple[str, str]:
    """The symbol that was typed, and of cash its currency where one is named.

    >>> _product("cash eur"), _product("vti"), _product("Total Market")
    (('CASH', 'EUR'), ('VTI', ''), ('Total Market', ''))
    """
    word, _, currency = text.upper().partition(" ")
    if word == CASH and currency in {"", *CURRENCIES}:
        return CASH, currency
    return (text.upper() if text.isascii() and text.islower() else text), ""


def _cell(cell: object) -> object:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return cell if isinstance(cell, bool) else None
    return _said(cell) if isinstance(cell, str) else _number(cell)


def _said(cell: object) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _number(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) and cell == cell else None
