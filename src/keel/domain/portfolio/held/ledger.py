"""What an account's records add up to: its positions, their lots, its cash, and what cannot be right.

Files are folded together, not their rows one after the other: rows that several files tell are one record, and of
several lists of holdings of one account and day the last counts. So a file more or less is as if it had always, or
never, been there. Within a day units come before units go: the order of its records says nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from keel.domain.issue import Finding, Severity
from keel.domain.market.prices import CASH
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.text import plain
from keel.units import day

Batch = Sequence[Activity]  # the records of one file
DUST = 1e-6  # of a unit: brokers round to fewer places than they count
FAR = 0.25  # of the price: fees and taxes of a trade are less
IN_TRANSIT = 30  # days from leaving one account to arriving in another
_TELLS = {ActivityKind.deposit, ActivityKind.withdrawal, ActivityKind.adjustment}
_MOVES = {ActivityKind.transfer_in, ActivityKind.transfer_out}
_ORDER = {
    ActivityKind.split: 0,
    ActivityKind.transfer_out: 2,
    ActivityKind.transfer_in: 3,
    ActivityKind.sell: 4,
}
_OWN_LOTS = "unknown"


@dataclass(frozen=True, slots=True)
class Books:
    """Positions by account, symbol and currency of cash, what is wrong, and the day of the price that each states.

    The price of ``traded`` ones is that of their last trade: no list of holdings states any.
    """

    positions: tuple[Position, ...] = ()
    complaints: tuple[Finding, ...] = ()
    priced_on: Mapping[tuple[str, str], date] = field(default_factory=dict)
    traded: frozenset[tuple[str, str]] = frozenset()


def add_up(batches: Sequence[Batch], named: Mapping[str, str] | None = None) -> Books:
    """What the files add up to, in the order they came; ``named`` has what to call a symbol in a complaint.

    >>> bought = Activity(ActivityKind.buy, date(2026, 1, 5), "VTI", 10, 200.0, -2_000.0)
    >>> sold = Activity(ActivityKind.sell, date(2026, 2, 5), "VTI", 4, 210.0, 840.0)
    >>> [(p.symbol, p.quantity, p.lots[0].cost) for p in add_up([[bought, sold]]).positions]
    [('VTI', 6.0, 200.0)]
    """
    ledger = _Ledger(named or {})
    stated = _stated(batches)
    records = sorted(distinct(batches), key=_place_in_time)
    days = {a.date for a in records} | {when for _, when in stated}
    of_day = {when: list(many) for when, many in groupby(records, key=lambda a: a.date)}
    for when in sorted(days):
        for record in of_day.get(when, ()):
            ledger.take(record)
        for account in sorted(name for name, stated_on in stated if stated_on == when):
            ledger.state(account, stated[account, when])
    return ledger.close()


def distinct(batches: Iterable[Batch]) -> list[Activity]:
    """The records of all files but lists of holdings; one that several files tell counts as often as one tells it."""
    most: Counter[Activity] = Counter()
    first: dict[Activity, Activity] = {}
    for batch in batches:
        told = Counter[Activity]()
        for record in batch:
            if record.kind is not ActivityKind.opening:
                key = replace(record, row=None, name="", isin="")
                told[key] += 1
                first.setdefault(key, record)
        most |= told
    return [first[key] for key, count in most.items() for _ in range(count)]


def _stated(batches: Iterable[Batch]) -> dict[tuple[str, date], list[Activity]]:
    """The lists of holdings by account and day, of several the last."""
    lists: dict[tuple[str, date], list[Activity]] = {}
    for batch in batches:
        own: dict[tuple[str, date], list[Activity]] = {}
        for record in batch:
            if record.kind is ActivityKind.opening:
                own.setdefault((record.account, record.date), []).append(record)
        lists |= own
    return lists


def _place_in_time(a: Activity) -> tuple[object, ...]:
    goes = a.kind is ActivityKind.adjustment and a.quantity < 0
    order = 4 if goes else _ORDER.get(a.kind, 1)
    return (a.date, order, a.symbol, a.account, a.acquired or date.max, a.price or 0.0, a.amount or 0.0, a.quantity)


@dataclass(slots=True)
class _Holding:
    """Lots of one symbol in one account, the first to go first; a cost of NaN is unknown."""

    lots: list[Lot] = field(default_factory=list)

    @property
    def quantity(self) -> float:
        return math.fsum(lot.quantity for lot in self.lots)

    def add(self, lots: Iterable[Lot]) -> None:
        self.lots = _in_order([*self.lots, *lots])

    def take(self, quantity: float, acquired: date | None = None) -> list[Lot]:
        """The lots that go, the named day's before the oldest; what is left stays."""
        gone, left = list[Lot](), list[Lot]()
        named = sorted(self.lots, key=lambda lot: lot.acquired != acquired) if acquired else self.lots
        for lot in named:
            part = min(lot.quantity, quantity)
            part = lot.quantity if lot.quantity - part <= DUST * max(1.0, lot.quantity) * (quantity > 0) else part
            quantity = max(0.0, quantity - part)
            if part > 0:
                gone.append(replace(lot, quantity=part))
            if lot.quantity > part:
                left.append(replace(lot, quantity=lot.quantity - part))
        self.lots = _in_order(left)
        return gone

    def agrees(self, stated: _Holding) -> bool:
        """Whether a list states the same quantity, and nothing better of its lots."""
        same = abs(self.quantity - stated.quantity) <= DUST * max(1.0, stated.quantity)
        return same and not any(lot.acquired for lot in stated.lots)

    def stretch(self, factor: float) -> None:
        self.lots = [replace(lot, quantity=lot.quantity * factor, cost=lot.cost / factor) for lot in self.lots]


def _in_order(lots: Iterable[Lot]) -> list[Lot]:
    """The lots by age, those of a day by cost; lots of one day and cost are one."""
    whole: dict[tuple[date, float | str, str], Lot] = {}
    for lot in lots:
        key = (lot.acquired or date.min, _OWN_LOTS if math.isnan(lot.cost) else lot.cost, lot.currency)
        before = whole.get(key)
        whole[key] = lot if before is None else replace(before, quantity=before.quantity + lot.quantity)
    return sorted(whole.values(), key=_age)


def _age(lot: Lot) -> tuple[date, bool, float, str]:
    return (lot.acquired or date.min, math.isnan(lot.cost), lot.cost, lot.currency)


@dataclass(slots=True)
class _Parcel:
    """Lots on their way from one account to another."""

    symbol: str
    account: str
    left: date
    lots: list[Lot]

    def fits(self, a: Activity) -> bool:
        """Whether a transfer that arrives may be this one."""
        quantity = math.fsum(lot.quantity for lot in self.lots)
        same = self.symbol == a.symbol and abs(quantity - a.quantity) <= DUST * max(1.0, quantity)
        return same and self.account != a.account and (a.date - self.left).days <= IN_TRANSIT


@dataclass(slots=True)
class _Ledger:
    """The accounts as they stand while records are taken in, day by day."""

    named: Mapping[str, str]
    holdings: dict[tuple[str, str], _Holding] = field(default_factory=dict)
    cash: dict[tuple[str, str], float] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)  # accounts and currencies whose cash somebody states
    last: dict[tuple[str, str], Activity] = field(default_factory=dict)  # what took cash last
    priced: dict[tuple[str, str], Activity] = field(default_factory=dict)
    traded: dict[str, Activity] = field(default_factory=dict)  # the last trade of a symbol in any account, at its price
    split_on: set[tuple[str, date]] = field(default_factory=set)  # symbols whose last trade knows of that day's split
    parcels: list[_Parcel] = field(default_factory=list)
    complaints: list[tuple[str, Finding]] = field(default_factory=list)  # with their account

    def take(self, a: Activity) -> None:
        """Takes one record in."""
        effect = cash_effect(a)
        if effect:
            self._pay(a, effect)
        if a.symbol == CASH:
            return
        holding = self.holdings.setdefault((a.account, a.symbol), _Holding())
        unit = traded_at(a)
        if unit is not None:
            self.traded[a.symbol] = replace(a, price=unit)
        match a.kind:
            case ActivityKind.buy:
                holding.add([_lot(a, -effect)])
            case ActivityKind.transfer_in | ActivityKind.deposit:
                holding.add(self._arrived(a))
            case ActivityKind.sell:
                self._release(a, holding)
            case ActivityKind.transfer_out | ActivityKind.withdrawal:
                self.parcels.append(_Parcel(a.symbol, a.account, a.date, self._release(a, holding)))
            case ActivityKind.adjustment if a.quantity >= 0:
                holding.add([_lot(a, _paid(a))])
            case ActivityKind.adjustment:
                self._release(replace(a, quantity=-a.quantity), holding)
            case ActivityKind.split:
                self._split(a, holding)
            case _:
                return  # dividends, interest, fees and taxes move cash only

    def state(self, account: str, lines: Sequence[Activity]) -> None:
        """An account as a list of holdings states it; lots that are known stay where the quantities agree.

        So does the price that an earlier list told, of its day, where this one tells none.
        """
        before = {key: held for key, held in self.holdings.items() if key[0] == account}
        self.complaints = [(name, finding) for name, finding in self.complaints if name != account]
        self.holdings = {key: held for key, held in self.holdings.items() if key[0] != account}
        self.cash = {key: balance for key, balance in self.cash.items() if key[0] != account}
        listed = {line.symbol for line in lines}
        self.priced = {key: line for key, line in self.priced.items() if key[0] != account or key[1] in listed}
        self.told = {key for key in self.told if key[0] != account}
        for line in lines:
            if line.symbol == CASH:
                self.told.add((account, line.currency))
                self.last[account, line.currency] = line
                self.cash[account, line.currency] = self.cash.get((account, line.currency), 0.0) + line.quantity
                continue
            key = account, line.symbol
            self.holdings.setdefault(key, _Holding()).add([_lot(line, _paid(line))])
            if line.price is not None:
                self.priced[key] = line
        for key, holding in self.holdings.items():
            known = before.get(key)
            if known and known.agrees(holding):
                holding.lots = known.lots

    def close(self) -> Books:
        """The positions, cash last within each account."""
        positions = [self._position(key, held) for key, held in self.holdings.items() if held.quantity > DUST]
        cash = [p for key in self.cash for p in self._cash_line(key)]
        complaints = tuple(finding for _, finding in self.complaints)
        ordered = sorted((*positions, *cash), key=lambda p: (p.account, p.symbol == CASH, p.symbol, p.currency))
        held = {key for key, holding in self.holdings.items() if holding.quantity > DUST}
        traded = {key: self.traded[key[1]] for key in held - self.priced.keys() if key[1] in self.traded}
        days = {key: line.date for key, line in {**traded, **self.priced}.items()}
        return Books(tuple(ordered), complaints, days, frozenset(traded))

    def _position(self, key: tuple[str, str], held: _Holding) -> Position:
        account, symbol = key
        line = self.priced.get(key) or self.traded.get(symbol)
        lots = tuple(lot for lot in held.lots if not math.isnan(lot.cost))
        price, currency = (line.price, line.currency) if line else (None, "")
        return Position(symbol, held.quantity, price, account=account, lots=lots, currency=currency)

    def _cash_line(self, key: tuple[str, str]) -> Iterator[Position]:
        account, currency = key
        balance = self.cash[key]
        if key not in self.told:
            if abs(balance) > DUST:
                self.complaints.append((account, _unknown_cash(account, currency)))
        elif balance < -0.005:
            self.complaints.append((account, _overdrawn(self.last[key], balance)))
        elif balance > DUST:
            yield Position(CASH, balance, account=account, currency=currency)

    def _pay(self, a: Activity, effect: float) -> None:
        key = a.account, a.currency
        self.cash[key] = self.cash.get(key, 0.0) + effect
        if effect < 0:
            self.last[key] = a
        if a.kind in _TELLS or (a.kind in _MOVES and a.symbol == CASH):
            self.told.add(key)

    def _arrived(self, a: Activity) -> list[Lot]:
        """The lots of a transfer that comes in: what it says they cost, else those that left another account."""
        parcel = next((p for p in self.parcels if p.fits(a)), None)
        if parcel is not None:
            self.parcels.remove(parcel)
        return parcel.lots if parcel is not None and a.amount is None else [_lot(a, _paid(a))]

    def _release(self, a: Activity, holding: _Holding) -> list[Lot]:
        held = holding.quantity
        if a.quantity > held + DUST * max(1.0, held):
            self._complain(a, "sold_more_than_held", f"{a.quantity:g} go on {day(a.date)}, but {held:g} are held.")
        return holding.take(min(a.quantity, held), a.acquired)

    def _split(self, a: Activity, holding: _Holding) -> None:
        held = holding.quantity
        if held <= DUST or held + a.quantity <= DUST:
            self._complain(
                a, "split_of_nothing", f"The split of {day(a.date)} does not fit the {held:g} that are held."
            )
        else:
            factor = (held + a.quantity) / held
            holding.stretch(factor)
            listed, traded = self.priced.get((a.account, a.symbol)), self.traded.get(a.symbol)
            if listed is not None:
                self.priced[a.account, a.symbol] = _split_price(listed, factor)
            if traded is not None and (a.symbol, a.date) not in self.split_on:  # once for all accounts
                self.traded[a.symbol] = _split_price(traded, factor)
                self.split_on.add((a.symbol, a.date))

    def _complain(self, a: Activity, code: str, message: str) -> None:
        label = plain(self.named.get(a.symbol, a.symbol))
        fix = "Add the purchases before it, or what was held at the start."
        finding = Finding(code, Severity.warning, _where(a), f"{label}: {message}", fix, step="holdings")
        self.complaints.append((a.account, finding))


def _split_price(line: Activity, factor: float) -> Activity:
    return line if line.price is None else replace(line, price=line.price / factor)


def cash_effect(a: Activity) -> float:
    """What a record adds to cash in its currency: its amount, else what quantity, price and fee come to.

    >>> cash_effect(Activity(ActivityKind.sell, date(2026, 1, 5), "VTI", 10, 200.0, fee=5.0))
    1995.0
    """
    if a.kind in (ActivityKind.opening, ActivityKind.split):
        return 0.0
    moves_units = a.kind in _MOVES or a.kind in _TELLS
    if moves_units and a.symbol != CASH:
        return 0.0
    if a.amount is not None:
        return a.amount
    worth = a.quantity * (1.0 if a.price is None else a.price)
    match a.kind:
        case ActivityKind.sell | ActivityKind.dividend | ActivityKind.interest | ActivityKind.deposit:
            return worth - a.fee
        case ActivityKind.transfer_in | ActivityKind.adjustment:
            return worth
        case ActivityKind.fee | ActivityKind.tax:
            return -(worth or a.fee)
        case _:
            return -worth - a.fee


def traded_at(a: Activity) -> float | None:
    """What a unit was bought or sold at; None of what is no trade, or where nothing says it.

    A price that is far from what was paid counts otherwise than in money a unit, as that of a bond in percent.

    >>> traded_at(Activity(ActivityKind.buy, date(2026, 1, 5), "BOND", 1_000, 98.5, -985.0))
    0.985
    """
    if a.kind not in (ActivityKind.buy, ActivityKind.sell) or not a.quantity:
        return None
    paid = abs(a.amount) / a.quantity if a.amount else None
    if a.price and (paid is None or abs(paid / a.price - 1) < FAR):
        return a.price
    return paid


def _paid(a: Activity) -> float:
    """What the units of an opening, a transfer or an adjustment cost; NaN where nothing says it."""
    return math.nan if a.amount is None else abs(a.amount)


def _lot(a: Activity, paid: float) -> Lot:
    """The lot of what comes in; of a list of holdings nobody knows the day unless it says it."""
    came = a.date if a.kind is ActivityKind.buy else None
    return Lot(a.quantity, paid / a.quantity if a.quantity else math.nan, a.acquired or came, a.currency)


def _where(a: Activity) -> str:
    return "" if a.row is None else f"row {a.row}"


def _unknown_cash(account: str, currency: str) -> Finding:
    message = f"Nothing says how much {currency} {plain(account)} holds in cash: its cash is left out."
    return Finding("cash_unknown", Severity.note, "", message, "Add a line CASH to the table.", step="holdings")


def _overdrawn(a: Activity, balance: float) -> Finding:
    message = f"The cash of {plain(a.account)} ends at {balance:,.2f} {a.currency}: money that came in is missing."
    fix = "Add the deposits, or the cash that was there at the start."
    return Finding("overdrawn", Severity.warning, _where(a), message, fix, step="holdings")
