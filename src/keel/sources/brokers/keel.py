"""Keel's own list of holdings: `symbol,quantity` and, where known, account, price, cost, acquired, role and limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from keel.domain.portfolio.account import Account
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.position import Position
from keel.sources.brokers.reading import Reading
from keel.sources.files.holdings import parse_holdings

FORMAT = "Keel holdings"


def read(data: bytes, name: str, as_of: date) -> Reading:
    """The holdings in a file as what its accounts held on ``as_of``. Raises ImportFormatError with row and column."""
    positions = parse_holdings(data, name)
    accounts = dict.fromkeys(position.account for position in positions)
    activities = tuple(line for position in positions for line in openings(position, as_of))
    return Reading(FORMAT, activities, accounts=tuple(map(Account, accounts)), stated=positions)


def openings(position: Position, as_of: date) -> Iterator[Activity]:
    """A position as the records that state it: one a lot, and one for what no lot tells the cost of."""
    rest = position.quantity - sum(lot.quantity for lot in position.lots)
    currency = position.currency or "USD"
    kind, symbol, account, price = ActivityKind.opening, position.symbol, position.account, position.price
    for lot in position.lots:
        paid = -lot.quantity * lot.cost
        yield Activity(kind, as_of, symbol, lot.quantity, price, paid, currency, account=account, acquired=lot.acquired)
    if rest > 0 or not position.lots:
        yield Activity(kind, as_of, symbol, rest, price, None, currency, account=account)
