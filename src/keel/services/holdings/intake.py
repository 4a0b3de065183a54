"""Files of holdings and of records: looked at, taken in as one transaction, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from keel.domain.issue import Finding, rows
from keel.domain.market.prices import CASH
from keel.domain.plan.execution import Executed, again_finding, told_again
from keel.domain.portfolio.held.ledger import DUST, Books
from keel.domain.portfolio.held.matching import Called
from keel.domain.portfolio.held.statement import Statement, standing
from keel.domain.portfolio.position import Position
from keel.domain.text import plain
from keel.errors import ImportNotFoundError, InputError
from keel.services.shared.held import books
from keel.services.shared.held.reading import File, Read, read_file, remember_said
from keel.store import frameworks, portfolios
from keel.store.connection import Cursor, Database
from keel.store.holdings import accounts, imports, positions
from keel.store.holdings.imports import Import


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what an import changes: quantities before and after."""

    account: str
    symbol: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would come to; ``same`` is the import that brought the same content before, None mostly.

    ``matched`` counts the names of products that are known here, ``unknown`` are the others. ``planned`` are the
    symbols of trades that an executed plan counts already.
    """

    format: str
    records: int
    matched: int
    unknown: tuple[Called, ...]
    complaints: tuple[Finding, ...]
    positions: tuple[Position, ...]
    changes: tuple[Change, ...]
    same: Import | None = None
    planned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """An import and what it came to."""

    made: Import
    preview: Preview


def read(db: Database, portfolio_id: str, file: File) -> Preview:
    """What a file would come to, stored nowhere. Raises ImportFormatError, PortfolioNotFoundError."""
    same = imports.find_same(db, portfolio_id, sha256(file.data).hexdigest())
    return _preview(db, _read(db, portfolio_id, file), _made(portfolio_id, file), same)


def record(db: Database, portfolio_id: str, file: File) -> Taken:
    """The import of a file, all or nothing; the same content a second time changes nothing.

    What nobody knows is held under its own name, without a price unless the file has one; what a person chose for a
    name, and what its columns are, is remembered. Raises ImportFormatError, PortfolioNotFoundError.
    """
    sha = sha256(file.data).hexdigest()

    def work(cursor: Cursor) -> Taken:
        same = imports.find_same(db, portfolio_id, sha)
        known = _read(db, portfolio_id, file)
        preview = _preview(db, known, _made(portfolio_id, file), same)
        if same is not None:
            return Taken(same, preview)
        remember_said(db, cursor, file, known)
        made = replace(_made(portfolio_id, file), format=known.reading.format, content_sha256=sha)
        return Taken(books.record(db, made, known.statement, known.accounts), preview)

    return db.transact(work)


def undo(db: Database, id: str, portfolio_id: str = "") -> Import:
    """The import, of that portfolio where one is named, undone: it holds what it would without it.

    Raises ImportNotFoundError.
    """
    known = imports.get(db, id)
    if portfolio_id not in ("", known.portfolio_id):
        raise ImportNotFoundError(f"There is no import {id} of portfolio {portfolio_id}.", subject=id)
    return books.undo(db, id)


def history(db: Database, portfolio_id: str) -> tuple[Import, ...]:
    """The imports of a portfolio that hold, the newest first. Raises PortfolioNotFoundError."""
    portfolios.get(db, portfolio_id)
    return imports.active(db, portfolio_id)[::-1]


def read_choice(text: str) -> tuple[str, str]:
    """A name and the symbol that it means. Raises InputError.

    >>> read_choice("Total market=VTI")
    ('Total market', 'VTI')
    """
    name, mark, symbol = (part.strip() for part in text.rpartition("="))
    if not mark or not name or not symbol:
        raise InputError(f"{plain(text)} is no choice.", hint="Write it as NAME=SYMBOL.", subject="choose")
    return name, symbol


def document(taken: Taken) -> dict[str, object]:
    """An import as the command line prints it and REST answers it."""
    preview = taken.preview
    return {
        "import": taken.made.id,
        "format": preview.format,
        "matched": preview.matched,
        "unknown": [_called(one) for one in preview.unknown],
        "positions": len(preview.positions),
        "changed": 0 if preview.same else len(preview.changes),
        "planned": list(preview.planned),
        "complaints": rows(preview.complaints),
    }


def preview_json(preview: Preview) -> dict[str, object]:
    """What a file would come to, with every line that it changes."""
    return {
        "format": preview.format,
        "records": preview.records,
        "matched": preview.matched,
        "unknown": [_called(one) for one in preview.unknown],
        "positions": len(preview.positions),
        "changes": [
            {"account": c.account, "symbol": c.symbol, "before": c.before, "after": c.after} for c in preview.changes
        ],
        "planned": list(preview.planned),
        "complaints": rows(preview.complaints),
        "same": preview.same.id if preview.same else None,
    }


def import_json(made: Import) -> dict[str, object]:
    """An import that is listed or was taken back."""
    return {
        "import": made.id,
        "portfolio": made.portfolio_id,
        "format": made.format,
        "file": made.name,
        "records": made.records,
        "created_at": made.created_at.isoformat() if made.created_at else None,
        "undone": made.undone_at is not None,
    }


def _called(one: Called) -> dict[str, str]:
    return {"symbol": one.symbol, "isin": one.isin, "name": one.name}


def _read(db: Database, portfolio_id: str, file: File) -> Read:
    portfolio = portfolios.get(db, portfolio_id)
    base_ccy = frameworks.get(db, portfolio.framework_id, portfolio.framework_version).base_ccy
    return read_file(db, file, base_ccy, accounts.list_for(db, portfolio_id))


def _made(portfolio_id: str, file: File) -> Import:
    return Import(portfolio_id, "", file.name, again=file.again)


def _preview(db: Database, known: Read, made: Import, same: Import | None) -> Preview:
    """What the statement comes to beside those that are stored; a content that is stored already changes nothing."""
    stored = imports.told(db, made.portfolio_id)
    with_it = [*stored, imports.Told(made, known.statement)]
    done = books.executed(db, made.portfolio_id, with_it)
    display = {**_display(db, made.portfolio_id), **known.names}
    before = standing(books.counted(stored, done), display)
    after = before if same else standing(books.counted(with_it, done), display)
    new = [c for c in after.complaints if c not in before.complaints]
    planned = {} if same else _planned(known.statement, done, display)
    twice = [again_finding(when, symbols, again=made.again) for when, symbols in planned.items()]
    return Preview(
        known.reading.format,
        len(known.statement.activities),
        len(known.known),
        known.unknown,
        (*known.reading.complaints, *new, *twice),
        _shown(after, display),
        _changes(_shown(before, display), _shown(after, display)),
        same,
        tuple(symbol for symbols in planned.values() for symbol in symbols),
    )


def _planned(statement: Statement, done: Sequence[Executed], display: Mapping[str, str]) -> dict[date, list[str]]:
    """The symbols of trades that an executed plan counts already, by its day."""
    left, found = list(statement.activities), dict[date, list[str]]()
    for plan in done:
        for fill, trade in told_again(plan, left):
            left.remove(trade)
            found.setdefault(plan.day, []).append(display.get(fill.symbol, fill.symbol))
    return found


def _display(db: Database, portfolio_id: str) -> dict[str, str]:
    """Id → symbol of what a portfolio holds."""
    return {one.instrument_id: one.position.symbol for one in positions.list_for(db, portfolio_id)}


def _shown(found: Books, display: Mapping[str, str]) -> tuple[Position, ...]:
    return tuple(replace(p, symbol=display.get(p.symbol, p.symbol)) for p in found.positions)


def _changes(before: Sequence[Position], after: Sequence[Position]) -> tuple[Change, ...]:
    """The lines whose quantity is another, by account and symbol."""
    was, will = _quantities(before), _quantities(after)
    keys = sorted({*was, *will})
    changes = (Change(*key, was.get(key, 0.0), will.get(key, 0.0)) for key in keys)
    return tuple(change for change in changes if abs(change.after - change.before) > DUST)


def _quantities(found: Iterable[Position]) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for p in found:
        name = f"{CASH} {p.currency}" if p.symbol == CASH else p.symbol
        sums[p.account, name] = sums.get((p.account, name), 0.0) + p.quantity
    return sums
