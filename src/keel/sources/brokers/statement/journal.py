"""A journal: what is noted down while a file is read, row after row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from keel.domain.issue import Finding
from keel.domain.market.currencies import CURRENCIES
from keel.domain.market.prices import CASH
from keel.domain.portfolio.account import Account, account_of
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.position import MAIN
from keel.domain.reading.place import Place
from keel.domain.text import plain, shown
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.accounts import account_name
from keel.sources.brokers.statement.products import is_bond, is_option

HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ZAX": "ZAR", "ILA": "ILS"}  # as exchanges quote


class Effect(StrEnum):
    """What a row does.

    ``cash`` is paid in or out, ``moved`` comes from or goes to elsewhere, ``delivered`` too, at a cost that is known;
    ``traded`` is cash of one currency for another's, ``adjusted`` cash put right. ``changed`` is what a merger, a
    spin-off or an exchange leaves, ``unheld`` what cannot be held here, such as an option.
    """

    buy = "buy"
    sell = "sell"
    dividend = "dividend"
    reinvested = "reinvested"
    interest = "interest"
    fee = "fee"
    tax = "tax"
    cash = "cash"
    traded = "traded"
    moved = "moved"
    delivered = "delivered"
    stock_split = "split"
    changed = "changed"
    adjusted = "adjusted"
    opening = "opening"
    cancelled = "cancelled"
    unheld = "unheld"
    unknown = "unknown"
    nothing = "nothing"


Rules = Mapping[str, Effect]
_PAID = {
    Effect.dividend: ActivityKind.dividend,
    Effect.interest: ActivityKind.interest,
    Effect.fee: ActivityKind.fee,
    Effect.tax: ActivityKind.tax,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as its file says it: ``quantity`` and ``amount`` with the signs they have there; ``fee`` above 0.

    ``amount`` is what happens to cash, of an opening or a transfer of units what they cost. ``what`` is the row's own
    word for it.
    """

    place: Place
    day: date
    symbol: str = ""
    quantity: float = 0.0
    price: float | None = None
    amount: float | None = None
    currency: str = "USD"
    fee: float = 0.0
    account: str = MAIN
    isin: str = ""
    name: str = ""
    what: str = ""
    acquired: date | None = None


@dataclass(slots=True)
class Journal:
    """Activities, complaints and accounts as they come.

    ``as_of`` is the day of holdings that say none, ``currency`` that of an account that names none.
    """

    place: Place
    as_of: date
    currency: str = "USD"
    activities: list[Activity] = field(default_factory=list)
    complaints: list[Finding] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    cancelled: list[Entry] = field(default_factory=list)

    def account(self, name: str = "") -> str:
        """The name under which an account of the file is kept, with what it says of the account's kind."""
        kept = account_name(name) or MAIN
        self.accounts.setdefault(kept, account_of(kept, self.currency))
        return kept

    def complain(self, place: Place, code: str, message: str, fix: str = "") -> None:
        """Notes down what is left out, and why."""
        self.complaints.append(place.warning(code, message, fix))

    def post(self, effect: Effect, entry: Entry) -> None:
        """Notes down what a row does, or why it is left out."""
        if is_option(entry.symbol) or is_bond(entry.symbol, entry.name):
            effect, entry = _without_product(effect, entry)
        match effect:
            case Effect.buy | Effect.sell:
                self._trade(effect, entry)
            case Effect.dividend | Effect.interest | Effect.fee | Effect.tax:
                self._paid(_PAID[effect], entry)
            case Effect.reinvested:
                amount = abs(entry.amount or 0.0)
                self._paid(ActivityKind.dividend, replace(entry, amount=amount))
                self._trade(Effect.buy, replace(entry, amount=-amount))
            case Effect.adjusted:
                self._cash(ActivityKind.adjustment, entry)
            case Effect.cash if entry.amount is None:
                self._without_amount(entry)
            case Effect.cash:
                kind = ActivityKind.deposit if (entry.amount or 0.0) > 0 else ActivityKind.withdrawal
                self._cash(kind, entry)
            case Effect.traded:
                self._cash_of_trade(entry)
            case Effect.moved:
                self._move(replace(entry, amount=None) if _has_units(entry) else entry)
            case Effect.delivered:
                self._move(entry)
            case Effect.stock_split:
                self._split(entry)
            case Effect.changed:
                self._change(entry)
            case Effect.opening:
                self._open(entry)
            case Effect.cancelled:
                self.cancelled.append(entry)  # its trade may stand below it
            case Effect.unheld | Effect.unknown:
                self._leave_out(effect, entry)
            case Effect.nothing:
                self.account(entry.account)
            case _:
                assert_never(effect)

    def through(self, entry: Entry) -> None:
        """Notes down units that are bought by what is paid in, or sold for what is paid out: no cash stays."""
        paid = abs(entry.amount or 0.0)
        if not entry.quantity or not paid:
            self.post(Effect.delivered if entry.quantity else Effect.nothing, replace(entry, amount=None))
        elif entry.quantity > 0:
            self.post(Effect.cash, replace(entry, symbol="", isin="", quantity=0.0, amount=paid))
            self.post(Effect.buy, replace(entry, amount=-paid))
        else:
            self.post(Effect.sell, replace(entry, amount=paid))
            self.post(Effect.cash, replace(entry, symbol="", isin="", quantity=0.0, amount=-paid))

    def without_quantity(self, entry: Entry, worth: float | None, place: Place) -> None:
        """Complains about a holding with a value but no units. Raises ImportFormatError for one that has neither."""
        if worth is None:
            raise place.error("is empty.", "Write how many units are held.")
        what = f"{shown(entry.symbol or entry.name)} has a value of {worth:,.2f} but no units, and is left out."
        self.complain(place, "no_quantity", what, "Enter it by hand if it is not in another account.")

    def reading(self, format: str) -> Reading:
        """What was read. Raises ImportFormatError where it is nothing at all."""
        self._cancel()
        self._join_splits()
        if not self.activities and not self.complaints:
            raise self.place.error(f"the {format} file holds no holdings and no activities.")
        return Reading(format, tuple(self.activities), tuple(self.complaints), tuple(self.accounts.values()))

    def _add(self, kind: ActivityKind, entry: Entry, quantity: float) -> None:
        if entry.currency and entry.currency not in CURRENCIES:
            entry = _in_whole_money(entry)
        if entry.currency and entry.currency not in CURRENCIES:
            what = f"{shown(entry.currency)} is not a known currency: the row is left out."
            self.complain(entry.place, "unknown_currency", what)
            return
        account = self.account(entry.account)
        symbol = entry.symbol or entry.isin or entry.name
        if not symbol:
            what = "There is no symbol, no ISIN and no name: the row is left out."
            self.complain(entry.place, "no_product", what, "Enter it by hand.")
            return
        paid = (entry.price, entry.amount, entry.currency, entry.fee)
        about = (entry.isin, entry.name, entry.place.row, entry.acquired)
        self.activities.append(Activity(kind, entry.day, symbol, quantity, *paid, account, *about))

    def _trade(self, effect: Effect, entry: Entry) -> None:
        """Notes down a purchase or a sale; what is missing of price and amount follows from the other.

        Without either the units come or go at a cost that nobody knows; without units what it did to cash is counted.
        """
        way = -1.0 if effect is Effect.buy else 1.0
        quantity = abs(entry.quantity)
        if not quantity:
            self._without_units(entry)
            return
        if not entry.amount and entry.price is None:
            self.complain(entry.place, "cost_unknown", f"{shown(entry.symbol)}: what was paid is not in the file.")
            self._move(replace(entry, quantity=-way * quantity, amount=None))
            return
        amount = _amount(entry, way)
        if effect is Effect.buy:
            amount = -abs(amount)
        price = entry.price or abs(amount + entry.fee) / quantity
        self._add(ActivityKind(effect.value), replace(entry, price=price, amount=amount), quantity)

    def _paid(self, kind: ActivityKind, entry: Entry) -> None:
        """Notes down income or a charge; one of nothing is nothing."""
        if entry.amount is None and kind is ActivityKind.dividend and _has_units(entry):
            self._change(entry)  # paid in units
            return
        if entry.amount is None:
            self._without_amount(entry)
            return
        if not entry.amount:
            return
        if entry.symbol or entry.isin:
            self._add(kind, replace(entry, price=None, fee=0.0), 0.0)
        else:
            self._cash(kind, entry)

    def _cash(self, kind: ActivityKind, entry: Entry) -> None:
        """Notes down a record of cash alone; one of nothing is nothing."""
        amount = entry.amount or 0.0
        if not amount:
            return
        alone = replace(entry, symbol=CASH, isin="", price=None, fee=0.0, acquired=None)
        self._add(kind, alone, amount if kind is ActivityKind.adjustment else abs(amount))

    def _cash_of_trade(self, entry: Entry) -> None:
        """Notes down what a trade does to cash where its product is not: a trade of cash, under the product's name."""
        kind = ActivityKind.buy if (entry.amount or 0.0) < 0 else ActivityKind.sell
        self._cash(kind, replace(entry, name=entry.name or entry.symbol or entry.what))

    def _move(self, entry: Entry) -> None:
        units = _has_units(entry)
        size = entry.quantity if units else entry.amount or 0.0
        kind = ActivityKind.transfer_in if size > 0 else ActivityKind.transfer_out
        if not units:
            self._cash(kind, entry)
            if entry.amount is None:
                self._without_amount(entry)
            return
        cost = None if entry.amount is None else -abs(entry.amount)
        self._add(kind, replace(entry, amount=cost or None, fee=0.0), abs(entry.quantity))

    def _split(self, entry: Entry) -> None:
        if entry.quantity:
            self._add(ActivityKind.split, replace(entry, price=None, amount=None), entry.quantity)
        else:
            self._without_units(entry)

    def _without_units(self, entry: Entry) -> None:
        counted = " What it paid or cost is counted as cash." if entry.amount else ""
        what = f"{shown(entry.what or entry.symbol)} has no quantity and is left out."
        self.complain(entry.place, "no_quantity", what + counted, "Enter it by hand.")
        self._cash_of_trade(entry)

    def _without_amount(self, entry: Entry) -> None:
        what = f"{shown(entry.what or entry.symbol)} has no amount and is left out."
        self.complain(entry.place, "no_amount", what, "Enter it by hand.")

    def _change(self, entry: Entry) -> None:
        what = f"{plain(entry.what or 'A change of products', 90)}: quantities are taken over, what they cost is not."
        self.complain(entry.place, "cost_unknown", what, "Enter the cost of the new units by hand.")
        if entry.quantity:
            self._add(ActivityKind.adjustment, replace(entry, price=None, amount=None, fee=0.0), entry.quantity)
        self._cash_of_trade(entry)

    def _open(self, entry: Entry) -> None:
        if entry.quantity < 0:
            thing = "borrowed cash" if entry.symbol == CASH else f"{shown(entry.symbol)}, sold short,"
            self.complain(entry.place, "below_zero", f"{thing[0].upper()}{thing[1:]} is left out: it is below zero.")
            return
        cost = None if entry.amount is None else -abs(entry.amount)
        self._add(ActivityKind.opening, replace(entry, amount=cost or None, fee=0.0), entry.quantity)

    def _cancel(self) -> None:
        """Takes back the trades that later rows cancel; complains where there is none."""
        trades: dict[tuple[str, str, float, float], list[int]] = {}
        for n, trade in enumerate(self.activities if self.cancelled else ()):
            size = round(abs(trade.amount or 0.0), 2)
            trades.setdefault((trade.symbol, trade.account, trade.quantity, size), []).append(n)
        gone: set[int] = set()
        for entry in self.cancelled:
            size = round(abs(entry.amount or 0.0), 2)
            found = trades.get((entry.symbol, account_name(entry.account) or MAIN, abs(entry.quantity), size))
            if found:
                gone.add(found.pop())
                continue
            what = f"The trade of {shown(entry.symbol)} that this row cancels is not in the file."
            self.complain(entry.place, "cancelled", what, "Import the file that has it too, or correct the position.")
        self.activities = [activity for n, activity in enumerate(self.activities) if n not in gone]

    def _join_splits(self) -> None:
        """Makes one split of several of a day: a reverse one takes units in one row and gives new ones in another."""
        splits: dict[tuple[date, str, str], int] = {}
        for n, activity in enumerate(self.activities):
            if activity.kind is not ActivityKind.split:
                continue
            key = (activity.date, activity.symbol, activity.account)
            if key in splits:
                before = self.activities[splits[key]]
                self.activities[splits[key]] = replace(before, quantity=before.quantity + activity.quantity)
                self.activities[n] = replace(activity, quantity=0.0)
            splits.setdefault(key, n)
        self.activities = [a for a in self.activities if a.kind is not ActivityKind.split or a.quantity]

    def _leave_out(self, effect: Effect, entry: Entry) -> None:
        """Complains about a row that cannot be taken, and keeps what it does to cash."""
        counted = " What it paid or cost is counted as cash." if entry.amount else ""
        thing = shown(entry.what or entry.symbol or entry.name)
        if effect is Effect.unheld:
            message = f"{shown(entry.symbol or entry.name)} is left out: options, bonds and the like are not held here."
        else:
            message = f"{thing} is not a known kind of activity and is left out."
        self.complain(entry.place, "not_taken" if effect is Effect.unheld else "unknown_kind", message + counted)
        self._cash_of_trade(entry)


def _without_product(effect: Effect, entry: Entry) -> tuple[Effect, Entry]:
    """What a row about an option or a bond does: its income is cash, the thing itself cannot be held."""
    if effect in _PAID:
        return effect, replace(entry, symbol="", isin="")
    return (effect if effect in (Effect.nothing, Effect.unknown) else Effect.unheld), entry


def _has_units(entry: Entry) -> bool:
    return bool(entry.quantity) and entry.symbol != CASH


def _in_whole_money(entry: Entry) -> Entry:
    """The row in the currency of which its own is a hundredth, such as pounds for pence; as it is for any other."""
    whole = HUNDREDTHS.get(entry.currency, "")
    if not whole:
        return replace(entry, currency=entry.currency.upper())
    paid = None if entry.amount is None else entry.amount / 100
    price = None if entry.price is None else entry.price / 100
    return replace(entry, currency=whole, amount=paid, price=price, fee=entry.fee / 100)


def _amount(entry: Entry, way: float) -> float:
    """What a trade does to cash: what the file says, else quantity times price and the fee; ``way`` -1 to buy."""
    return entry.amount or way * abs(entry.quantity) * (entry.price or 0.0) - entry.fee
