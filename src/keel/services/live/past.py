"""The drift of what a portfolio held, day by day, from its records and raw closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.drift.past import Era, Past, past
from keel.domain.market.lines.conversion import converted
from keel.domain.market.prices import CASH
from keel.domain.market.series import Line
from keel.domain.portfolio.book import book, with_assigned
from keel.domain.portfolio.held.statement import Statement, standing
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import holdings
from keel.services.shared.held import books
from keel.services.shared.held.worth import Rates, quoted, rates
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import positions
from keel.store.market import quotes
from keel.store.memory import Memory

MOST_ERAS = 200  # days with records that are told apart; of more, the older ones by month
LEAST_DAYS = 2


@dataclass(frozen=True, slots=True)
class History:
    """What was held, from the first record on; ``assumed``: before it as if what it says had been held all along."""

    past: Past
    began: date
    assumed: bool


def history(db: Database, portfolio_id: str, *, assumed: bool = False) -> History | None:
    """The weights of a portfolio's leaves on every day with a close, judged by the targets of its version.

    None where there are fewer than two such days. Raises PortfolioNotFoundError.
    """
    key = (portfolio_id, assumed, *(db.revision(noun) for noun in ("holdings", "portfolios", "instruments")))
    return _recent.recall(db, (*key, prices.revision(db)), lambda: _history(db, portfolio_id, assumed))


_recent: Memory[History | None] = Memory(8)


def _history(db: Database, portfolio_id: str, assumed: bool) -> History | None:
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    eras = _eras(books.statements(db, portfolio_id))
    ids = {p.symbol for era in eras for p in era.positions} - {CASH}
    lines, exchange = _lines(db, ids, framework.base_ccy, eras)
    if not lines:
        return None
    symbols = {one.instrument_id: one.position.symbol for one in positions.list_for(db, portfolio_id)}
    symbols |= {i.id: i.symbol for i in instruments.of_ids(db, sorted(ids))}
    began = eras[0].first
    first = replace(eras[0], first=min(lines[id][0][0] for id in lines).item()) if assumed else eras[0]
    named = [_named(era, symbols, exchange) for era in (first, *eras[1:])]
    assigned = [(p.symbol, p.bucket) for p in named[-1].positions]
    made = with_assigned(book(framework, holdings(portfolio)), assigned)
    dates, closes = _matrix({symbols.get(id, id): line for id, line in lines.items()}, named[0].first)
    seen = past(made, named, dates, closes)
    return History(seen, began, assumed) if len(seen.dates) >= LEAST_DAYS else None


def _eras(statements: Sequence[Statement]) -> list[Era]:
    """What was held after each day with records, by ids of instruments."""
    days = sorted({a.date for statement in statements for a in statement.activities})
    ends = {(day.year, day.month): day for day in days[:-MOST_ERAS]}
    chosen = [*ends.values(), *days[-MOST_ERAS:]]
    return [Era(day, standing([_until(statement, day) for statement in statements]).positions) for day in chosen]


def _until(statement: Statement, day: date) -> Statement:
    return replace(statement, activities=tuple(a for a in statement.activities if a.date <= day))


def _lines(db: Database, ids: set[str], base_ccy: str, eras: Sequence[Era]) -> tuple[dict[str, Line], Rates]:
    """The raw closes of instruments in a currency, by id, and the rates that made them so."""
    series = {id: quote.series for id, quote in quoted(db, ids).items()}
    own = {i.id: i.currency for i in instruments.of_ids(db, sorted(ids))}
    cash = {p.currency for era in eras for p in era.positions}
    exchange = rates(db, base_ccy, {*own.values(), *cash}, date.max)
    lines = {id: _converted(line, own.get(id, ""), exchange) for id, line in quotes.raw_lines(db, series).items()}
    return {id: line for id, line in lines.items() if line is not None and len(line[0])}, exchange


def _converted(line: Line, currency: str, exchange: Rates) -> Line | None:
    route = exchange.money.route(currency)
    if route is None:
        return None
    return converted(line, [(exchange.lines[p], exchange.series[p].frequency, inverse) for p, inverse in route])


def _named(era: Era, symbols: Mapping[str, str], exchange: Rates) -> Era:
    """The era by symbols; cash of other currencies as an amount of the base, at the rate of its first day."""
    on = replace(exchange, when=era.first)
    return replace(era, positions=tuple(_in_base(position, symbols, on) for position in era.positions))


def _in_base(position: Position, symbols: Mapping[str, str], exchange: Rates) -> Position:
    unit = exchange.worth(1.0, position.currency) or 0.0
    if position.symbol == CASH:
        return replace(position, quantity=position.quantity * unit)
    price = None if position.price is None else position.price * unit
    return replace(position, symbol=symbols.get(position.symbol, position.symbol), price=price)


def _matrix(lines: Mapping[str, Line], first: date) -> tuple[Days, dict[str, Floats]]:
    """The dates from the first one on, and on each the last close of every symbol, NaN before there is one."""
    dates = np.unique(np.concatenate([line[0] for line in lines.values()]))
    dates = dates[dates >= np.datetime64(first, "D")]
    closes = {}
    for symbol, (own, values) in lines.items():
        last = np.searchsorted(own, dates, side="right") - 1
        closes[symbol] = np.where(last >= 0, values[np.maximum(last, 0)], np.nan)
    return dates, closes
