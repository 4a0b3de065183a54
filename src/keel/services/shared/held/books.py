"""A portfolio's records, and the positions that they add up to: written together, or not at all."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.market.prices import CASH
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.held.ledger import Books
from keel.domain.portfolio.held.statement import Statement, standing
from keel.store import names
from keel.store.connection import Cursor, Database
from keel.store.holdings import imports, positions
from keel.store.holdings.imports import Import
from keel.store.holdings.positions import Stored


def record(db: Database, made: Import, statement: Statement, held_in: tuple[Account, ...] = ()) -> Import:
    """The import as stored, and what its portfolio holds with it.

    In the statement a symbol is the id of an instrument, or the symbol of one that nobody knows, which is then known by
    that name only.
    """

    def work(cursor: Cursor) -> Import:
        db.touch("instruments")
        stored = imports.add(db, made, identified(cursor, statement), held_in)
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


def add_up(db: Database, portfolio_id: str) -> Books:
    """What the records of a portfolio come to by ids of instruments, written in place of what it held."""
    books = standing(imports.statements(db, portfolio_id))
    positions.replace_all(db, portfolio_id, stored_of(books))
    return books


def stored_of(books: Books) -> list[Stored]:
    """The positions of books whose symbols are ids of instruments."""
    keys = [(p.account, p.symbol) for p in books.positions]
    return [
        Stored(p, p.symbol, books.priced_on.get(key), key in books.traded)
        for p, key in zip(books.positions, keys, strict=True)
    ]


def identified(cursor: Cursor, statement: Statement) -> Statement:
    """The statement with an instrument's id for every symbol; one that is no id is resolved as a symbol."""
    symbols = {a.symbol for a in statement.activities} | {p.symbol for p in statement.stated}
    ids = names.known_ids(cursor, symbols) | {CASH: CASH}
    ids |= names.resolve(cursor, sorted(symbols - ids.keys()))
    return Statement(
        tuple(replace(a, symbol=ids[a.symbol]) for a in statement.activities),
        tuple(replace(p, symbol=ids[p.symbol]) for p in statement.stated),
    )
