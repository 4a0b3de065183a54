"""What a portfolio holds, laid beside the book of a framework: as a report and a plan take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keel.domain.framework.records import Framework
from keel.domain.portfolio.book import Book, book, with_assigned
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio, holdings
from keel.errors import InputError
from keel.services.shared.held.worth import Holding, base_closes, in_base, priced
from keel.store.connection import Database
from keel.store.holdings import positions


@dataclass(frozen=True, slots=True)
class Laid:
    """Holdings at their prices of a day, the same as positions in the base ``currency``, the book, and its closes."""

    when: date
    currency: str
    holdings: tuple[Holding, ...]
    positions: tuple[Position, ...]
    book: Book
    closes: dict[str, float]


def laid(
    db: Database, portfolio: Portfolio, framework: Framework, today: date, as_of: date | None = None
) -> Laid | None:
    """What is held by the portfolio's id, for its picks on a version of the framework; None where nothing is.

    Neither that version of the portfolio nor of the framework need be stored.
    """
    stored = positions.list_for(db, portfolio.id)
    if not stored:
        return None
    when, held = priced(db, stored, framework.base_ccy, as_of, today)
    lines = tuple(in_base(holding) for holding in held)
    made = with_assigned(book(framework, holdings(portfolio)), [(p.symbol, p.bucket) for p in lines])
    closes = base_closes(db, [pick.instrument_id for pick in portfolio.picks], framework.base_ccy, when)
    return Laid(when, framework.base_ccy, held, lines, made, closes)


def require_laid(
    db: Database, portfolio: Portfolio, framework: Framework, today: date, as_of: date | None = None
) -> Laid:
    """What is held, as ``laid``. Raises InputError where nothing is."""
    held = laid(db, portfolio, framework, today, as_of)
    if held is None:
        message = f"{portfolio.name} holds nothing yet."
        raise InputError(message, hint="Type or import what is held.", subject=portfolio.id)
    return held
