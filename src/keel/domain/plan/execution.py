"""What is held once the orders of a plan were carried out, and a file that tells of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.issue import Finding, Severity
from keel.domain.market.prices import CASH
from keel.domain.plan.gains import DUST, Tax, in_order
from keel.domain.plan.record import PlanRecord
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.text import some
from keel.errors import InputError
from keel.units import day

LATE = 10  # days from marking a plan as executed to the last of its trades
ROUNDED, SHORT = 0.5, 0.05  # of a unit, and of an order: what is traded may differ by no more from what was planned


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


def fills_of(plan: PlanRecord) -> tuple[Fill, ...]:
    """The orders of a plan as if each were carried out at its price."""
    return tuple(
        Fill(
            account=str(row["account"]),
            symbol=str(row["symbol"]),
            quantity=float(row["quantity"]),
            price=float(row["price"]),
            picked=plan.ask.picked.get((str(row["account"]), str(row["symbol"])), ()),
        )
        for row in plan.said["trades"]
    )


def told_again(plan: PlanRecord, activities: Iterable[Activity]) -> Finding | None:
    """What to say of trades that an executed plan counts already; None where there are none, or it is not executed.

    They are in the same account, of nearly the same size, and at most a few days after the plan was marked as executed:
    what was traded up to that day is in what is held since.
    """
    if plan.executed_at is None:
        return None
    done, open_ = plan.executed_at.date(), list(fills_of(plan))
    found = []
    for trade in activities:
        fill = next((f for f in open_ if 0 < (trade.date - done).days <= LATE and _same(f, trade)), None)
        if fill is not None:
            open_.remove(fill)
            found.append(fill.symbol)
    if not found:
        return None
    them = "A trade is" if len(found) == 1 else f"{len(found)} trades are"
    message = f"{them} in the plan of {day(done)} already and would count twice: {some(found)}."
    return Finding(
        "traded_already", Severity.warning, plan.id, message, "Undo the executed plan first.", step="holdings"
    )


def _same(fill: Fill, trade: Activity) -> bool:
    side = ActivityKind.buy if fill.quantity > 0.0 else ActivityKind.sell
    size = abs(fill.quantity)
    near = abs(trade.quantity - size) <= min(ROUNDED, SHORT * size)
    return trade.kind is side and (trade.account, trade.symbol) == (fill.account, fill.symbol) and near


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
