"""What instruments and holdings are worth on a day, in one currency."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from keel.domain.issue import Finding
from keel.domain.market.choice import CURRENCIES_DATASET, Quote, best_quote, exchange_rates
from keel.domain.market.health import old_closes
from keel.domain.market.instrument import Coverage
from keel.domain.market.lines.conversion import Money, worth_on
from keel.domain.market.prices import CASH
from keel.domain.market.series import Line
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.text import some
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.holdings.positions import Stored
from keel.store.market import quotes
from keel.units import day


@dataclass(frozen=True, slots=True)
class Holding:
    """A stored position at its price: ``price`` and ``value`` in the currency asked for, None where there is none.

    ``priced_on`` is the day of the price, None for a given one and for cash; ``traded`` says that it is the price of
    the last trade. ``lots`` have their costs in that currency too, NaN where no rate of the day is known.
    """

    stored: Stored
    price: float | None
    value: float | None
    priced_on: date | None = None
    traded: bool = False
    lots: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """The exchange rates at hand on a day."""

    money: Money
    when: date
    series: Mapping[str, Coverage] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)

    def worth(self, amount: float, currency: str, when: date | None = None) -> float | None:
        """An amount of a currency in the base, at another day's rate where one is named; None without a fresh rate."""
        route = self.money.route(currency)
        if route is None:
            return None
        legs = [(self.lines[pair], self.series[pair].frequency, inverse) for pair, inverse in route]
        return worth_on(when or self.when, amount, legs) if legs else amount

    def cost(self, lot: Lot) -> float:
        """What a unit of a lot cost in the base, at the rate of the day it was bought; NaN where that is not known."""
        if self.money.route(lot.currency) == ():
            return lot.cost
        unit = self.worth(lot.cost, lot.currency, lot.acquired) if lot.acquired else None
        return math.nan if unit is None else unit


def rates(db: Database, base_ccy: str, currencies: Iterable[str], when: date) -> Rates:
    """The rates that bring these currencies into the base on a day."""
    series = exchange_rates(prices.coverage(db))
    money = Money(base_ccy, frozenset(series))
    pairs = sorted({leg.pair for currency in set(currencies) for leg in money.route(currency) or ()})
    lines = {pair: prices.series(db, [pair], CURRENCIES_DATASET).line(pair) for pair in pairs}
    return Rates(money, when, series, lines)


def quoted(db: Database, instrument_ids: Collection[str], as_of: date | None = None) -> dict[str, Quote]:
    """The close that values each instrument, by id; those without a stored close are left out."""
    last = quotes.last_closes(db, instrument_ids, as_of)
    return {id: best for id, many in last.items() if (best := best_quote(many)) is not None}


def priced(
    db: Database, held: Sequence[Stored], base_ccy: str, as_of: date | None, today: date
) -> tuple[date, tuple[Holding, ...]]:
    """The day, and what is held at its price in the base currency; a price that was given wins.

    Without ``as_of`` the day is that of the freshest close among them, today where there is none. The price that a list
    of holdings states serves until a close is as fresh, that of the last trade where there is no close at all.
    """
    found = quoted(db, {one.instrument_id for one in held}, as_of)
    own = {i.id: i.currency for i in instruments.of_ids(db, [one.instrument_id for one in held])}
    told = [one.priced_on for one in held if one.priced_on and not (one.traded and one.instrument_id in found)]
    when = as_of or max([*(quote.date for quote in found.values()), *told], default=today)
    lots = {lot.currency for one in held for lot in one.position.lots}
    currencies = {*own.values(), *(one.position.currency for one in held), *lots}
    exchange = rates(db, base_ccy, currencies, when)
    lines = [_holding(one, found.get(one.instrument_id), own.get(one.instrument_id, ""), exchange) for one in held]
    return when, tuple(lines)


def in_base(holding: Holding) -> Position:
    """A position as a report takes it: its price and costs in the base currency, and cash as an amount of it."""
    position = holding.stored.position
    if position.symbol != CASH:
        return replace(position, price=holding.price, lots=holding.lots)
    if holding.value is None:
        return replace(position, symbol=f"{CASH} {position.currency}", price=None)  # no rate: it lies outside the value
    return replace(position, quantity=holding.value, price=None)


def base_closes(db: Database, instrument_ids: Sequence[str], base_ccy: str, when: date) -> dict[str, float]:
    """Symbol → the close of the day in the base currency, for instruments that may not be held."""
    found = quoted(db, instrument_ids, when)
    own = {i.id: i for i in instruments.of_ids(db, list(found))}
    exchange = rates(db, base_ccy, {i.currency for i in own.values()}, when)
    worth = {id: exchange.worth(quote.close, own[id].currency if id in own else "") for id, quote in found.items()}
    return {found[id].series.symbol: close for id, close in worth.items() if close is not None}


def _holding(one: Stored, quote: Quote | None, currency: str, exchange: Rates) -> Holding:
    """A position at the price that counts, in the base currency."""
    position = one.position
    if position.symbol == CASH:
        unit = exchange.worth(1.0, position.currency)
        return Holding(one, unit, None if unit is None else unit * position.quantity)
    stated = _wins(one, quote)
    if stated and position.price is not None:
        unit, when = exchange.worth(position.price, position.currency), one.priced_on
    elif quote is not None:
        unit, when = exchange.worth(quote.close, currency), quote.date
    else:
        unit, when = None, None
    lots = tuple(replace(lot, cost=exchange.cost(lot), currency=exchange.money.base) for lot in position.lots)
    value = None if unit is None else unit * position.quantity
    return Holding(one, unit, value, when, one.traded and stated, lots)


def _wins(one: Stored, quote: Quote | None) -> bool:
    """Whether the price beside a position counts and not the close: one that was given, or that is fresher."""
    if one.position.price is None or quote is None:
        return one.position.price is not None
    return one.priced_on is None or (not one.traded and one.priced_on > quote.date)


def said(holdings: Iterable[Holding]) -> tuple[str, ...]:
    """Sentences on prices of a last trade."""
    told: dict[date, list[str]] = {}
    for holding in holdings:
        if holding.traded and holding.priced_on and holding.stored.position.quantity:
            told.setdefault(holding.priced_on, []).append(holding.stored.position.symbol)
    return tuple(
        f"No close, valued at the last trade of {day(on)}: {some(list(dict.fromkeys(many)))}."
        for on, many in sorted(told.items())
    )


def old(holdings: Iterable[Holding], on: date) -> tuple[Finding, ...]:
    """What makes the value doubtful on a day: prices more than five sessions old; none where all are newer."""
    return old_closes(
        {
            holding.stored.position.symbol: holding.priced_on
            for holding in holdings
            if holding.priced_on and holding.stored.position.quantity and holding.stored.position.symbol != CASH
        },
        on,
    )
