"""What a plan comes to: its orders, the weights before and after, the gain it realises and the cash it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from keel.domain.arrays import Floats, Ints
from keel.domain.constraints.exposures import Line
from keel.domain.drift.held import by_leaf
from keel.domain.market.prices import CASH
from keel.domain.plan.gains import NOTHING, Realised, realised, together
from keel.domain.plan.tradable import Tradable
from keel.domain.portfolio.book import Book
from keel.units import TRADE_TOLERANCE

OUTSIDE = "Outside the framework"


@dataclass(frozen=True, slots=True)
class Part:
    """What of an order is for one bucket."""

    path: str
    value: float


@dataclass(frozen=True, slots=True)
class Order:
    """What a broker gets; value and quantity are signed, a sale is negative.

    ``gain`` is what a sale realises in a taxable account, None where the cost is not known or nothing is sold.
    """

    account: str
    symbol: str
    value: float
    quantity: float
    price: float
    gain: float | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A leaf's weight before and after, and its target; without a path what lies outside the framework."""

    path: str
    label: str
    before: float
    after: float
    target: float


@dataclass(frozen=True, slots=True)
class Traded:
    """What is traded of each line (n,), signed; ``money`` (a,) comes into each account from outside, signed.

    ``aims`` (k,) is the value each product of the book is wanted to have in each bucket, by which an order that serves
    several is split. ``factors`` say how much of what was wanted each limit let through, 1 where it was none.
    """

    value: Floats
    aims: Floats
    money: Floats
    factors: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan's figures. Values are in the base currency, weights fractions of the value at the time.

    ``drift_before`` and ``drift_after`` are total drift, idle cash and what lies outside included; ``leftover`` is the
    cash that no bucket asks for, ``cash`` what each account has afterwards. ``lines`` are the holdings afterwards.
    """

    rule: str
    total_before: float
    total_after: float
    drift_before: float
    drift_after: float
    realised: Realised
    orders: tuple[Order, ...]
    leftover: float
    cash: Mapping[str, float]
    factors: Mapping[str, float]
    buckets: tuple[Change, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def tax(self) -> float:
        """The tax on what is realised; losses beyond gains are no refund."""
        return max(self.realised.charge, 0.0)

    @property
    def turnover(self) -> float:
        """Half of everything traded, as a fraction of the value afterwards."""
        return 0.5 * sum(abs(order.value) for order in self.orders) / self.total_after if self.total_after > 0 else 0.0


def outcome(lines: Tradable, traded: Traded, rule: str) -> Outcome:
    """What the trades of a plan come to."""
    book, held = lines.book, lines.held
    value = np.where(np.abs(traded.value) <= TRADE_TOLERANCE * held.total, 0.0, traded.value)
    parts = _parts(lines, value, traded.aims)
    cash = held.idle + _cash_held(book, held.value) + float(traded.money.sum()) - float(value.sum())
    after = held.value + parts
    cash_lines = np.array([symbol == CASH for symbol in book.symbols], dtype=np.bool_)
    leftover = cash if not cash_lines.any() else 0.0
    if cash_lines.any():
        after = np.where(cash_lines, _as_before(held.value, book, cash_lines) * cash, after)
    outside = held.strange + float(value[[symbol not in book.symbols for symbol in lines.symbols]].sum())
    total = float(after.sum()) + outside + leftover
    buckets = _changes(book, (held.value, held.strange, held.total), (after, outside, total))
    sales = _sales(lines, value)
    return Outcome(
        rule=rule,
        total_before=held.total,
        total_after=total,
        drift_before=_total_drift(buckets, [c.before for c in buckets], _part(held.idle, held.total)),
        drift_after=_total_drift(buckets, [c.after for c in buckets], _part(leftover, total)),
        realised=together(sales),
        orders=_orders(lines, value, parts, sales),
        leftover=_clean(leftover, held.total),
        cash=_by_account(lines, traded.money, value),
        factors=traded.factors,
        buckets=buckets,
        lines=_lines_after(lines, value, after, leftover, total),
        notes=traded.notes,
    )


def _part(amount: float, whole: float) -> float:
    """The fraction of a whole, none of nothing."""
    return amount / whole if whole > 0.0 else 0.0


def _clean(amount: float, total: float) -> float:
    """The amount without the dust of sums."""
    return 0.0 if abs(amount) <= TRADE_TOLERANCE * total else amount


def _cash_held(book: Book, value: Floats) -> float:
    return float(sum(v for symbol, v in zip(book.symbols, value, strict=True) if symbol == CASH))


def _as_before(value: Floats, book: Book, among: np.ndarray) -> Floats:
    """How cash is spread over the buckets that ask for it (k,): by what they ask."""
    asked = np.where(among, book.targets[book.leaf] * book.shares, 0.0)
    if asked.sum() <= 0.0:
        asked = np.where(among, np.maximum(value, 1.0), 0.0)
    spread: Floats = asked / float(asked.sum())
    return spread


def _parts(lines: Tradable, value: Floats, aims: Floats) -> Floats:
    """What the orders change in each product of the book (k,): one that serves several buckets by what each needs."""
    book = lines.book
    parts = np.zeros(len(book.symbols))
    for symbol in dict.fromkeys(lines.symbols):
        places = np.flatnonzero([other == symbol for other in book.symbols])
        ordered = float(sum(v for s, v in zip(lines.symbols, value, strict=True) if s == symbol))
        if len(places):
            parts[places] = _split(ordered, places, book, lines.held.value, aims)
    return parts


def _split(ordered: float, places: Ints, book: Book, value: Floats, aims: Floats) -> Floats:
    if len(places) == 1:
        return np.array([ordered])
    needs = (aims - value)[places]
    whole = float(needs.sum())
    if abs(whole) > TRADE_TOLERANCE * max(abs(ordered), 1.0) and 0.0 <= ordered / whole <= 1.0 + TRADE_TOLERANCE:
        return needs * (ordered / whole)
    asked = (book.targets[book.leaf] * book.shares)[places]
    shares = asked / asked.sum() if asked.sum() > 0.0 else np.full(len(places), 1.0 / len(places))
    return np.asarray(ordered * shares, dtype=np.float64)


def _changes(book: Book, before: tuple[Floats, float, float], after: tuple[Floats, float, float]) -> tuple[Change, ...]:
    """The rows of leaves, from (values (k,), value outside, total) before and after."""
    weights = [
        by_leaf(book, values) / total if total > 0 else by_leaf(book, values * 0.0)
        for values, _, total in (before, after)
    ]
    rows = [
        Change(path, label, float(was), float(now), float(target))
        for path, label, was, now, target in zip(book.paths, book.labels, *weights, book.targets, strict=True)
    ]
    if before[1] > 0.0 or after[1] > 0.0:
        rows.append(Change("", OUTSIDE, _part(before[1], before[2]), _part(after[1], after[2]), 0.0))
    return tuple(rows)


def _total_drift(rows: Sequence[Change], weights: Sequence[float], idle: float) -> float:
    return 0.5 * (sum(abs(w - row.target) for w, row in zip(weights, rows, strict=True)) + idle)


def _sales(lines: Tradable, value: Floats) -> list[Realised]:
    """What each line's sale realises (n of them): nothing where gains are not taxed or nothing is sold."""
    return [
        realised(slices, -float(v)) if v < 0.0 and taxed else NOTHING
        for v, slices, taxed in zip(value, lines.slices, lines.taxable, strict=True)
    ]


def _orders(lines: Tradable, value: Floats, parts: Floats, sales: Sequence[Realised]) -> tuple[Order, ...]:
    """The orders, sales first, the largest first."""
    taxed = lines.taxable
    rows = []
    for n in np.flatnonzero(value).tolist():
        known = bool(taxed[n]) and value[n] < 0.0 and sales[n].unknown <= 0.0
        rows.append(
            Order(
                account=lines.accounts[int(lines.account[n])].name,
                symbol=lines.symbols[n],
                value=float(value[n]),
                quantity=float(value[n] / lines.price[n]),
                price=float(lines.price[n]),
                gain=sales[n].gain if known else None,
                parts=_for_buckets(lines, n, float(value[n]), parts),
            )
        )
    return tuple(sorted(rows, key=lambda o: (o.value > 0.0, -abs(o.value), o.account, o.symbol)))


def _for_buckets(lines: Tradable, n: int, value: float, parts: Floats) -> tuple[Part, ...]:
    """The parts of one order: in proportion to those of all orders of its product."""
    book = lines.book
    places = [k for k, symbol in enumerate(book.symbols) if symbol == lines.symbols[n]]
    whole = sum(float(parts[k]) for k in places)
    if not places or whole == 0.0:
        return tuple(Part(book.paths[book.leaf[k]], value / len(places)) for k in places)
    return tuple(Part(book.paths[book.leaf[k]], value * float(parts[k]) / whole) for k in places)


def _by_account(lines: Tradable, money: Floats, value: Floats) -> dict[str, float]:
    """The cash that may be spent in each account afterwards."""
    left = lines.cash + money
    np.add.at(left, lines.account, -value)
    dust = TRADE_TOLERANCE * lines.held.total
    return {a.name: 0.0 if abs(c) <= dust else float(c) for a, c in zip(lines.accounts, left, strict=True)}


def _lines_after(lines: Tradable, value: Floats, after: Floats, leftover: float, total: float) -> tuple[Line, ...]:
    """What is held afterwards, as limits look at it."""
    if total <= 0:
        return ()
    book = lines.book
    rows = [
        Line(book.paths[leaf], book.labels[leaf], symbol, float(v) / total)
        for leaf, symbol, v in zip(book.leaf, book.symbols, after, strict=True)
        if v > TRADE_TOLERANCE * total
    ]
    sold = {s: sum(v for t, v in zip(lines.symbols, value, strict=True) if t == s) for s in lines.held.outside}
    strange = {symbol: stake.value + sold[symbol] for symbol, stake in lines.held.outside.items()}
    rows += [Line("", symbol, symbol, v / total) for symbol, v in strange.items() if v > TRADE_TOLERANCE * total]
    return (*rows, Line("", CASH, CASH, leftover / total)) if leftover > TRADE_TOLERANCE * total else tuple(rows)
