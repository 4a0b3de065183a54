"""Holdings as a person types them: a table over what there was, and the kinds of its accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.framework.records import Framework
from keel.domain.framework.targets import with_class
from keel.domain.framework.validation import require_valid
from keel.domain.mapping.moving import moved, onto
from keel.domain.market.prices import CASH
from keel.domain.portfolio.account import Account, account_of
from keel.domain.portfolio.held.statement import Statement, typed
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.errors import InputError
from keel.services.shared.held import books
from keel.services.shared.held.directory import by_symbol
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Cursor, Database
from keel.store.holdings import accounts, positions
from keel.store.holdings.imports import Import
from keel.store.holdings.positions import Stored

FORMAT = "Typed"


def put(
    db: Database, portfolio_id: str, table: Sequence[Position], today: date, held_in: Sequence[Account] = ()
) -> Import | None:
    """The change that a table makes of all that a portfolio holds, to be undone like an import; None for no change.

    Rows of one symbol and account are one position. ``held_in`` sets kind and currency of accounts; any other new one
    is taxed as its name says. Raises PortfolioNotFoundError, and InputError for rows that contradict each other or a
    bucket that there is none of.
    """
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    return _typed_over(db, portfolio_id, framework, table, today, held_in)


@dataclass(frozen=True, slots=True)
class Addition:
    """One more bucket at the top of a framework, for which the others make room in proportion."""

    label: str
    target: float


def put_in_new_bucket(db: Database, seen: Portfolio, bucket: Addition, held: Stored, today: date) -> Portfolio:
    """The portfolio on a version of its framework with that bucket as its last, which takes what is ``held``.

    Framework, portfolio and holding change together, or not at all. Raises InputError, InvalidFrameworkError,
    LockedHoldingError, and EditConflictError where either has a newer version than was ``seen``.
    """
    before = frameworks.get(db, seen.framework_id, seen.framework_version)
    known = instruments.universe(db)
    grown = with_class(before, bucket.label, bucket.target)
    require_valid(grown)

    def work(_cursor: Cursor) -> Portfolio:
        framework = frameworks.save_version(db, grown)
        picks = moved(seen, before, framework, known).picks
        after = portfolios.save(db, onto(seen, framework, picks, known))
        path, stored = framework.buckets[-1].path, positions.list_for(db, seen.id)
        table = [replace(one.position, bucket=path) if _same(one, held) else one.position for one in stored]
        _typed_over(db, seen.id, framework, table, today)
        return after

    return db.transact(work)


def _same(one: Stored, other: Stored) -> bool:
    """Whether they are one instrument in one account."""
    return (one.instrument_id, one.position.account) == (other.instrument_id, other.position.account)


def _typed_over(
    db: Database,
    portfolio_id: str,
    framework: Framework,
    table: Sequence[Position],
    today: date,
    held_in: Sequence[Account] = (),
) -> Import | None:
    """The change that a table makes of a portfolio on that version of its framework, as ``put``."""
    _require_buckets(table, {bucket.path for bucket in framework.buckets})

    def work(_cursor: Cursor) -> Import | None:
        stored = positions.list_for(db, portfolio_id)
        ids = {one.position.symbol: one.instrument_id for one in stored if one.position.symbol != CASH}
        ids |= by_symbol(db, {p.symbol for p in table} - ids.keys() - {CASH})
        accounts.change(db, portfolio_id, held_in)
        money = {account.name: account.currency for account in accounts.list_for(db, portfolio_id)}
        rows = [
            _in_money(replace(p, symbol=ids.get(p.symbol, p.symbol)), money.get(p.account, framework.base_ccy))
            for p in _merged(table)
        ]
        before = [_by_id(one) for one in stored]
        change = _paid_in(typed(before, rows, today), money, framework.base_ccy)
        if not change.activities and not change.stated:
            return None
        fresh = tuple(account_of(name, framework.base_ccy) for name in dict.fromkeys(p.account for p in rows))
        return books.record(db, Import(portfolio_id, FORMAT, "", ""), change, fresh)

    return db.transact(work)


def _in_money(p: Position, currency: str) -> Position:
    """A row whose cash, price and costs have the currency of its account where they say none."""
    lots = tuple(replace(lot, currency=lot.currency or currency) for lot in p.lots)
    return replace(p, lots=lots, currency=p.currency or (currency if p.symbol == CASH or p.price is not None else ""))


def _paid_in(change: Statement, money: Mapping[str, str], base_ccy: str) -> Statement:
    paid = (replace(a, currency=a.currency or money.get(a.account, base_ccy)) for a in change.activities)
    return replace(change, activities=tuple(paid))


def _by_id(one: Stored) -> Position:
    symbol = CASH if one.position.symbol == CASH else one.instrument_id
    return replace(one.position, symbol=symbol, price=None if one.priced_on else one.position.price)


def _merged(table: Iterable[Position]) -> list[Position]:
    """One position an account, symbol and currency of cash. Raises InputError where rows say different things."""
    whole: dict[tuple[str, str, str], Position] = {}
    for row in table:
        key = row.account, row.symbol, row.currency if row.symbol == CASH else ""
        before = whole.get(key)
        if before is not None and replace(before, quantity=0.0, lots=()) != replace(row, quantity=0.0, lots=()):
            message = f"Two rows of {row.symbol} in {row.account} say different things."
            raise InputError(message, hint="Give both the same role, price and limits.", subject=row.symbol)
        quantity = row.quantity + (before.quantity if before else 0.0)
        whole[key] = replace(row, quantity=quantity, lots=((*before.lots, *row.lots) if before else row.lots))
    return list(whole.values())


def _require_buckets(table: Iterable[Position], paths: set[str]) -> None:
    for row in table:
        if row.bucket and row.bucket not in paths:
            message = f"{row.symbol} is assigned to {row.bucket}, which is no bucket of the framework."
            raise InputError(message, hint="Choose one of its buckets.", subject=row.bucket)
