"""A portfolio's records, and the positions that they add up to: written together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keel.domain.market.prices import CASH
from keel.domain.plan.execution import (
    Executed,
    Fill,
    executed_of,
    fills_of,
    told_again,
    told_before,
    told_in_lists,
    told_once,
)
from keel.domain.plan.record import PlanRecord
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.activity import ActivityKind
from keel.domain.portfolio.held.ledger import Books, distinct
from keel.domain.portfolio.held.statement import Statement, standing
from keel.store import frameworks, names, portfolios
from keel.store.connection import Cursor, Database
from keel.store.holdings import imports, plans, positions
from keel.store.holdings.imports import Import, Told
from keel.store.holdings.positions import Stored

EXECUTED = "Executed plan"  # the format of the import that an executed plan is


def record(db: Database, made: Import, statement: Statement, held_in: tuple[Account, ...] = ()) -> Import:
    """The import as stored, and what its portfolio holds with it.

    In the statement a symbol is the id of an instrument, or the symbol of one that nobody knows, which is then known by
    that name only.
    """

    def work(cursor: Cursor) -> Import:
        stored = imports.add(db, made, identified(db, cursor, statement), held_in)
        add_up(db, made.portfolio_id)
        return stored

    return db.transact(work)


def undo(db: Database, id: str) -> Import:
    """The import, undone: its portfolio holds what it would without it. Raises ImportNotFoundError."""

    def work(_cursor: Cursor) -> Import:
        undone = imports.undo(db, id)
        add_up(db, undone.portfolio_id)
        return undone

    return db.transact(work)


def executed(db: Database, portfolio_id: str, every: Sequence[Told]) -> tuple[Executed, ...]:
    """The executed plans that count among what is told.

    Where it tells an order again they are without those that it told before: these count by that.
    """
    counted = {one.made.name for one in every if one.made.format == EXECUTED}
    if not counted:
        return ()
    portfolio = portfolios.get(db, portfolio_id)
    currency = frameworks.get(db, portfolio.framework_id, portfolio.framework_version).base_ccy
    found = [plan for plan in plans.list_for(db, portfolio_id) if plan.id in counted]
    symbols = sorted({fill.symbol for plan in found for fill in fills_of(plan)})
    with db.joined() as cursor:
        ids = names.bearers(cursor, symbols) | {pick.symbol: pick.instrument_id for pick in portfolio.picks}
    records = [record for one in every for record in one.statement.activities]
    earlier: list[Executed] = []
    for plan in reversed(found):  # the oldest first: what one leaves is what the next begins with
        if plan.executed_at is not None:
            done = executed_of(plan, plan.executed_at, ids, currency)
            before = before_it(plan, done, every, earlier).fills if told_again(done, records) else ()
            earlier.append(replace(done, fills=tuple(fill for fill in done.fills if fill not in before)))
    return tuple(reversed(earlier))


@dataclass(frozen=True, slots=True)
class Before:
    """What was told from when a plan was accepted, so without it, until it was executed.

    Its orders that count by that, and the accounts of which all that they hold was ``listed``.
    """

    fills: tuple[Fill, ...] = ()
    listed: frozenset[str] = frozenset()


def before_it(plan: PlanRecord, done: Executed, every: Sequence[Told], earlier: Sequence[Executed]) -> Before:
    """What was told before a plan was executed; ``earlier`` are the plans executed before it."""
    if plan.accepted_at is None or plan.executed_at is None:
        return Before()
    known = _until(every, plan.executed_at)
    first = _until(known, plan.accepted_at)
    between = [one for one in known[len(first) :] if one.made.format != EXECUTED and not one.made.again]
    told = told_before(done, distinct([one.statement.activities for one in between]))
    opened = (a for one in between for a in one.statement.activities if a.kind is ActivityKind.opening)
    listed = frozenset(a.account for a in opened)
    if not listed:
        return Before(told)
    begun, now = (standing(counted(some, earlier)).positions for some in (first, known))
    more = told_in_lists(done, begun, now, listed)
    return Before((*told, *(fill for fill in more if fill not in told)), listed)


def _until(every: Sequence[Told], when: datetime) -> list[Told]:
    """What was told before a moment; the oldest comes first."""
    return [one for one in every if one.made.created_at is not None and one.made.created_at < when]


def counted(every: Iterable[Told], done: Sequence[Executed]) -> list[Statement]:
    """The statements, without the trades that an executed plan counts already unless they count again."""
    return [one.statement if one.made.again else _once(one.statement, done) for one in every]


def _once(statement: Statement, done: Sequence[Executed]) -> Statement:
    activities = statement.activities
    for plan in done:
        activities = told_once(plan, activities)
    return replace(statement, activities=activities)


def statements(db: Database, portfolio_id: str) -> list[Statement]:
    """What is told of a portfolio, each trade once."""
    every = imports.told(db, portfolio_id)
    return counted(every, executed(db, portfolio_id, every))


def add_up(db: Database, portfolio_id: str) -> Books:
    """What the records of a portfolio come to by ids of instruments, written in place of what it held."""
    books = standing(statements(db, portfolio_id))
    positions.replace_all(db, portfolio_id, stored_of(books))
    return books


def stored_of(books: Books) -> list[Stored]:
    """The positions of books whose symbols are ids of instruments."""
    keys = [(p.account, p.symbol) for p in books.positions]
    return [
        Stored(p, p.symbol, books.priced_on.get(key), key in books.traded)
        for p, key in zip(books.positions, keys, strict=True)
    ]


def identified(db: Database, cursor: Cursor, statement: Statement) -> Statement:
    """The statement with an instrument's id for every symbol; one that is no id is resolved as a symbol."""
    symbols = {a.symbol for a in statement.activities} | {p.symbol for p in statement.stated}
    ids = names.known_ids(cursor, symbols) | {CASH: CASH}
    ids |= names.bearers(cursor, sorted(symbols - ids.keys()))
    if fresh := sorted(symbols - ids.keys()):
        db.touch("instruments")
        ids |= names.resolve(cursor, fresh)
    return Statement(
        tuple(replace(a, symbol=ids[a.symbol]) for a in statement.activities),
        tuple(replace(p, symbol=ids[p.symbol]) for p in statement.stated),
    )
