"""Small portfolios as lines that can be traded, for the tests of plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.plan.gains import Tax
from keel.domain.plan.tradable import Terms, Tradable, tradable
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position

TODAY = date(2026, 6, 1)
Buckets = Mapping[str, float | tuple[float, Mapping[str, float]]]


def framework(buckets: Buckets) -> Framework:
    """A leaf for each name with its target, filled by itself or by the products given with their shares."""
    leaves = []
    for name, given in buckets.items():
        target, products = (given, {name: 1.0}) if isinstance(given, float) else given
        holdings = tuple(Holding(symbol, share) for symbol, share in products.items())
        leaves.append(Bucket(f"A/{name}", name, target, holdings=holdings))
    return Framework("Desk", tuple(leaves))


def desk(
    buckets: Buckets,
    positions: Sequence[Position],
    prices: Mapping[str, float] | None = None,
    accounts: Sequence[Account] = (),
    tax: Tax | None = None,
) -> Tradable:
    """The lines of positions; a symbol without a price costs 1."""
    made = book(framework(buckets))
    closes = dict.fromkeys([*made.symbols, *(p.symbol for p in positions)], 1.0) | dict(prices or {})
    closes.pop("CASH", None)
    return tradable(made, positions, closes, accounts, Terms(TODAY, tax or Tax()))


def held(values: Mapping[str, float]) -> list[Position]:
    """A position of each symbol."""
    return [Position(symbol, value) for symbol, value in values.items()]
