"""What is held once the orders of a plan were carried out, and a file that tells of them before or again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from keel.domain.issue import Finding, Severity
from keel.domain.market.prices import CASH
from keel.domain.plan.gains import DUST, Tax, in_order
from keel.domain.plan.record import PlanRecord
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.ledger import cash_effect
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.text import some
from keel.errors import InputError
from keel.units import day

LATE = 10  # days from marking a plan as executed to the last of its trades
CENT = 0.005  # of money
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


def money_of(plan: PlanRecord) -> tuple[Fill, ...]:
    """What a plan puts into each account from outside, or takes out below 0, as units of cash."""
    if not plan.ask.deposit and not plan.ask.withdraw:
        return ()
    change = dict(plan.cash_change)
    for fill in fills_of(plan):
        change[fill.account] = change.get(fill.account, 0.0) + fill.quantity * fill.price
    return tuple(Fill(account, CASH, money, 1.0) for account, money in change.items() if abs(money) > CENT)


@dataclass(frozen=True, slots=True)
class Executed:
    """An executed plan, made on the day ``since``: its day, and its orders, by ids of instruments.

    Their prices are in ``currency``. What it puts in or takes out is among the ``fills``, as units of cash.
    """

    plan_id: str
    since: date
    day: date
    fills: tuple[Fill, ...]
    currency: str

    @property
    def orders(self) -> tuple[Fill, ...]:
        """What was bought and sold."""
        return tuple(fill for fill in self.fills if fill.symbol != CASH)


def executed_of(plan: PlanRecord, at: datetime, ids: Mapping[str, str], currency: str) -> Executed:
    """The plan as executed at a moment, ``ids`` by symbol."""
    orders = tuple(replace(fill, symbol=ids.get(fill.symbol, fill.symbol)) for fill in fills_of(plan))
    since = (plan.created_at or at).date()
    return Executed(plan.id, since, at.date(), (*orders, *money_of(plan)), currency)


def told_before(done: Executed, activities: Iterable[Activity]) -> tuple[Fill, ...]:
    """The orders of a plan that records, which it was made without, told of before it was marked as executed.

    They are of its days and in the same account, and of nearly the same size.
    """
    return tuple(fill for fill, _ in _pairs(done, activities, (0, (done.day - done.since).days), done.since))


def told_in_lists(
    done: Executed, before: Iterable[Position], after: Iterable[Position], listed: Collection[str]
) -> tuple[Fill, ...]:
    """The orders that lists of holdings tell of, which state the accounts ``listed``: what is held changed by as much.

    Money from outside is told where the change of cash beside those orders is nearer to it than to nothing.
    """
    moved = _moved(before, after, done.currency)
    own = [fill for fill in done.fills if fill.account in listed]
    orders = [f for f in own if f.symbol != CASH and _near(moved.get((f.account, f.symbol), 0.0), f.quantity)]
    told = list(orders)
    for money in (fill for fill in own if fill.symbol == CASH):
        paid = sum(fill.quantity * fill.price for fill in orders if fill.account == money.account)
        rest = moved.get((money.account, CASH), 0.0) + paid
        if abs(rest - money.quantity) < abs(rest):
            told.append(money)
    return tuple(told)


def _moved(before: Iterable[Position], after: Iterable[Position], currency: str) -> dict[tuple[str, str], float]:
    """By how much quantities by account and symbol grew; of cash that in a currency."""
    moved: dict[tuple[str, str], float] = {}
    for sign, positions in ((-1.0, before), (1.0, after)):
        for p in positions:
            if p.symbol != CASH or p.currency == currency:
                moved[p.account, p.symbol] = moved.get((p.account, p.symbol), 0.0) + sign * p.quantity
    return moved


def told_again(done: Executed, activities: Iterable[Activity]) -> tuple[tuple[Fill, Activity], ...]:
    """The orders of an executed plan that records tell of again, each with its record.

    They are in the same account, of nearly the same size, and at most a few days after the plan was marked as executed:
    what was traded up to that day is in what is held since.
    """
    return _pairs(done, activities, (1, LATE), done.day)


def _pairs(
    done: Executed, activities: Iterable[Activity], days: tuple[int, int], of: date
) -> tuple[tuple[Fill, Activity], ...]:
    """The orders each with the record of the same, which is from the first to the last of ``days`` after a day."""
    open_, found = list(done.fills), []
    for trade in activities:
        in_time = days[0] <= (trade.date - of).days <= days[1]
        fill = next((f for f in open_ if in_time and _same(f, trade, done.currency)), None)
        if fill is not None:
            open_.remove(fill)
            found.append((fill, trade))
    return tuple(found)


def told_once(done: Executed, activities: Sequence[Activity]) -> tuple[Activity, ...]:
    """The records without those that the plan counts already, and what was traded otherwise as corrections."""
    pairs = told_again(done, activities)
    left = list(activities)
    for fill, trade in pairs:
        left.remove(trade)
        left += _corrections(fill, trade, done)
    return tuple(left)


def _corrections(fill: Fill, trade: Activity, done: Executed) -> Iterator[Activity]:
    """What a trade adds to units and to cash beyond its order; fewer units are of the lot that the plan bought."""
    if fill.symbol == CASH:
        return
    bought = fill.quantity > 0.0
    units = (trade.quantity if bought else -trade.quantity) - fill.quantity
    base = Activity(ActivityKind.adjustment, trade.date, CASH, 0.0, currency=done.currency, account=trade.account)
    if abs(units) > DUST:
        paid = -units * fill.price if bought and units > 0.0 else None
        lot = done.day if bought else None
        yield replace(base, symbol=trade.symbol, quantity=units, amount=paid, acquired=lot)
    money = cash_effect(trade) + fill.quantity * fill.price
    if trade.currency == done.currency and abs(money) > CENT:
        yield replace(base, quantity=money)


def again_finding(when: date, symbols: Sequence[str], *, again: bool) -> Finding:
    """What to say of trades that an executed plan counts already; ``again``: they count beside it all the same."""
    alone = len(symbols) == 1
    them = "A trade is" if alone else f"{len(symbols)} trades are"
    message = f"{them} in the plan executed on {day(when)} already"
    if again:
        fix = "Leave them to the plan, or undo it."
        said = f"{message} and would count twice: {some(symbols)}."
        return Finding("traded_already", Severity.warning, "", said, fix, step="holdings")
    said = f"{message}, so {'it counts' if alone else 'each counts'} once: {some(symbols)}."
    return Finding("traded_already", Severity.note, "", said, "Count them again if they are others.", step="holdings")


def before_finding(symbols: Sequence[str]) -> Finding:
    """What to say of orders that files or a table had told of when their plan was marked as executed."""
    alone = len(symbols) == 1
    them = "An order is" if alone else f"{len(symbols)} orders are"
    said = f"{them} in what is held already, so {'it counts' if alone else 'each counts'} once: {some(symbols)}."
    fix = "Where those were others, undo this plan on the holdings page and set what is held."
    return Finding("traded_before", Severity.note, "", said, fix, step="holdings")


def cash_without(
    change: Mapping[str, float], told: Sequence[Fill], before: Sequence[Position], listed: Collection[str] = ()
) -> dict[str, float]:
    """What each account's cash gains or loses without the orders, and the money from outside, that were told of.

    Where nobody knows the cash ``before``, what was told is not in it, unless a list states all that the account has.
    """
    known = {position.account for position in before if position.symbol == CASH} | set(listed)
    left = dict(change)
    for fill in told:
        if fill.account in known:
            left[fill.account] -= fill.quantity if fill.symbol == CASH else -fill.quantity * fill.price
    return {account: 0.0 if abs(money) <= CENT else money for account, money in left.items()} if told else left


def _same(fill: Fill, trade: Activity, currency: str) -> bool:
    if (trade.account, trade.symbol) != (fill.account, fill.symbol):
        return False
    if fill.symbol == CASH:
        money = (ActivityKind.deposit, ActivityKind.withdrawal)
        return trade.kind in money and trade.currency == currency and abs(cash_effect(trade) - fill.quantity) <= CENT
    side = ActivityKind.buy if fill.quantity > 0.0 else ActivityKind.sell
    return trade.kind is side and _near(trade.quantity, abs(fill.quantity))


def _near(told: float, planned: float) -> bool:
    return abs(told - planned) <= min(ROUNDED, SHORT * abs(planned))


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
