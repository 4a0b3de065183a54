"""What is held once the orders of a plan were carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.plan.gains import DUST, Tax, in_order
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.errors import InputError


@dataclass(frozen=True, slots=True)
class Fill:
    """Units of one product that were bought, or sold below 0, in one account at a price.

    Lots at the places ``picked`` go first, in that order.
    """

    account: str
    symbol: str
    quantity: float
    price: float
    picked: tuple[int, ...] = ()


def held_after(
    positions: Sequence[Position],
    fills: Sequence[Fill],
    cash_change: Mapping[str, float],
    currency: str,
    occasion: tuple[date, Tax],
) -> tuple[Position, ...]:
    """The positions after the fills: lots go in the order of their gains, purchases are lots of the day.

    ``cash_change`` is in ``currency``, by account. Raises InputError where more is sold or paid than there is.
    """
    held = {(p.account, p.symbol, p.currency if p.symbol == CASH else ""): p for p in positions}
    for fill in fills:
        key = (fill.account, fill.symbol, "")
        before = held.get(key, Position(fill.symbol, 0.0, account=fill.account))
        held[key] = _filled(before, fill, currency, occasion)
    for account, change in cash_change.items():
        key = (account, CASH, currency)
        before = held.get(key, Position(CASH, 0.0, account=account, currency=currency))
        held[key] = replace(before, quantity=_left(before.quantity + change, abs(change), f"cash in {account}"))
    return tuple(p for p in held.values() if p.quantity > 0.0 or p in positions)


def _filled(before: Position, fill: Fill, currency: str, occasion: tuple[date, Tax]) -> Position:
    quantity = _left(before.quantity + fill.quantity, abs(fill.quantity), fill.symbol)
    if fill.quantity > 0.0:
        bought = Lot(fill.quantity, fill.price, occasion[0], currency)
        return replace(before, quantity=quantity, lots=(*before.lots, bought))
    return replace(before, quantity=quantity, lots=_kept(before, fill, occasion))


def _kept(before: Position, fill: Fill, occasion: tuple[date, Tax]) -> tuple[Lot, ...]:
    """The lots that are left of a sale."""
    left, kept = -fill.quantity, []
    for lot in in_order(before.lots, fill.price, *occasion, fill.picked):
        sold = min(lot.quantity, left)
        left -= sold
        if lot.quantity - sold > DUST:
            kept.append(replace(lot, quantity=lot.quantity - sold))
    return tuple(kept)


def _left(quantity: float, moved: float, name: str) -> float:
    if quantity < -DUST * max(moved, 1.0):
        message = f"There is not enough {name} any more."
        raise InputError(message, hint="Compute the plan again on what is held now.", subject=name)
    return max(quantity, 0.0) if quantity > DUST * moved * 1e-3 else 0.0
