"""What can be traded: every product of a book or of the holdings in every account, and the cash beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.drift.held import Held, lay_out
from keel.domain.market.prices import CASH
from keel.domain.plan.gains import Slice, Tax, slices
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError

Key = tuple[str, str]  # account and symbol


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is made under: the day, the tax, the places of lots that a person wants sold first.

    ``currency`` is the one that values are in.
    """

    as_of: date
    tax: Tax = field(default_factory=Tax)
    picked: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Tradable:
    """Lines (n of them), each a product in one account: those held, and those of the book that may be bought there.

    ``account`` (n,) is the place among ``accounts`` (a of them); ``value`` (n,) what may be traded of it, what is
    frozen left out; ``buy`` and ``sell`` (n,) whether it may be. ``slices`` are the lots of each line in the order in
    which they are sold. ``cash`` (a,) may be spent. ``currency`` is that of values and prices.
    """

    book: Book
    held: Held
    accounts: tuple[Account, ...]
    account: Ints
    symbols: tuple[str, ...]
    price: Floats
    quantity: Floats
    buy: Mask
    sell: Mask
    slices: tuple[tuple[Slice, ...], ...]
    cash: Floats
    currency: str

    @property
    def value(self) -> Floats:
        """What each line is worth (n,)."""
        return self.quantity * self.price

    @property
    def taxable(self) -> Mask:
        """The lines (n,) whose gains are taxed when they are made."""
        kinds = np.array([account.kind is AccountKind.taxable for account in self.accounts], dtype=np.bool_)
        return kinds[self.account]


@dataclass(slots=True)
class _Line:
    quantity: float = 0.0
    buy: bool = True
    sell: bool = True
    lots: tuple[Lot, ...] = ()
    price: float = 0.0


def tradable(
    book: Book, positions: Sequence[Position], closes: Mapping[str, float], accounts: Sequence[Account], terms: Terms
) -> Tradable:
    """The lines of ``positions`` and of everything a book holds, at ``closes``; a position's own price wins.

    ``accounts`` say of what kind they are; one that a position names and that is not among them is taxable. What has no
    price has no line. Raises InputError when nothing is worth anything.
    """
    rows = sorted(positions, key=_place)
    held = lay_out(book, rows, closes)
    prices = _prices(book, held)
    names = _accounts(rows, accounts)
    lines = _lines(rows, prices)
    for account in names:
        for symbol in book.symbols:
            if symbol in prices and symbol != CASH:
                lines.setdefault((account.name, symbol), _Line(price=prices[symbol]))
    lines = {key: lines[key] for key in sorted(lines)}
    places = {account.name: n for n, account in enumerate(names)}
    keys = list(lines)
    return Tradable(
        book=book,
        held=held,
        accounts=names,
        account=np.array([places[account] for account, _ in keys], dtype=np.int64),
        symbols=tuple(symbol for _, symbol in keys),
        price=np.array([line.price for line in lines.values()]),
        quantity=np.array([line.quantity for line in lines.values()]),
        buy=np.array([line.buy and symbol in book.symbols for (_, symbol), line in lines.items()], dtype=np.bool_),
        sell=np.array([line.sell for line in lines.values()], dtype=np.bool_),
        slices=tuple(
            slices(line.lots, line.quantity, line.price, terms.as_of, terms.tax, terms.picked.get(key, ()))
            for key, line in lines.items()
        ),
        cash=_cash(rows, places),
        currency=terms.currency,
    )


def _place(position: Position) -> tuple[str, str, str, str, float, float]:
    """Where a position stands among all, so that a plan never depends on the order in which they come."""
    amounts = (position.quantity, position.price or 0.0)
    return (position.account, position.symbol, position.bucket, position.role.value, *amounts)


def _prices(book: Book, held: Held) -> dict[str, float]:
    known = {s: float(p) for s, p in zip(book.symbols, held.price, strict=True) if np.isfinite(p)}
    return known | {symbol: stake.price for symbol, stake in held.outside.items()}


def _accounts(positions: Sequence[Position], accounts: Sequence[Account]) -> tuple[Account, ...]:
    """The accounts that are known or hold something, by name."""
    known = {account.name: account for account in accounts}
    named = {position.account for position in positions if position.role is not Role.excluded}
    return tuple(known.get(name, Account(name)) for name in sorted(named | set(known)))


def _lines(positions: Sequence[Position], prices: Mapping[str, float]) -> dict[Key, _Line]:
    lines: dict[Key, _Line] = defaultdict(_Line)
    for position in positions:
        if position.role is Role.excluded or position.symbol == CASH or position.symbol not in prices:
            continue
        line = lines[(position.account, position.symbol)]
        line.price = position.price or line.price or prices[position.symbol]
        frozen = position.role is Role.frozen
        line.buy &= not (position.no_buy or frozen)
        line.sell &= not (position.no_sell or frozen)
        if not frozen:
            line.quantity += position.quantity
            line.lots += position.lots
    return dict(lines)


def _cash(positions: Sequence[Position], places: Mapping[str, int]) -> Floats:
    """What may be spent in each account (a,): cash that is neither frozen nor to be kept."""
    cash = np.zeros(len(places))
    for position in positions:
        if position.symbol == CASH and position.role is Role.tradable and not position.no_sell:
            cash[places[position.account]] += position.quantity
    return cash


def place_of(lines: Tradable, account: str) -> int:
    """The place of an account by its name. Raises InputError."""
    names = [one.name for one in lines.accounts]
    if account not in names:
        raise InputError(
            f"There is no account {account}.", hint=f"The accounts are {', '.join(names)}.", subject="account"
        )
    return names.index(account)


def parts_of(lines: Tradable) -> Floats:
    """The part of a product that lies in each of its buckets (k,): as what is held of it does, else as is wanted.

    Holdings are valued so, before a plan and after it: an order cannot move what is held from bucket to bucket.
    """
    book, held = lines.book, lines.held
    wanted = book.targets[book.leaf] * book.shares
    parts = np.ones(len(book.symbols))
    for symbol in dict.fromkeys(book.symbols):
        mine = np.array([s == symbol for s in book.symbols], dtype=np.bool_)
        by = next((v for v in (held.value, wanted) if float(v[mine].sum()) > 0.0), parts)
        parts[mine] = by[mine] / float(by[mine].sum())
    return parts
