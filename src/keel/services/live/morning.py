"""Every portfolio that holds something, judged in one call: the furthest off its targets first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.drift.goal import still_leaves
from keel.domain.drift.held import Held, by_leaf, lay_out
from keel.domain.drift.many import DriftOfMany, Shelf, drift_of_many
from keel.domain.drift.measure import leaf_widths
from keel.domain.framework.records import Framework
from keel.domain.portfolio.book import Book, book, with_assigned
from keel.domain.portfolio.records import Pick, Portfolio, holdings
from keel.errors import KeelError
from keel.services.shared.held.together import Together, together
from keel.services.shared.held.worth import in_base
from keel.store import portfolios, prices
from keel.store.connection import Database
from keel.store.memory import Memory


@dataclass(frozen=True, slots=True)
class Line:
    """One portfolio: its value in ``currency``, its drift, the bucket that is furthest off and by how much (signed).

    ``out_of_band`` counts buckets, and what lies outside the framework as one. ``trouble`` says why it cannot be
    judged, and then the figures are 0.
    """

    portfolio: Portfolio
    currency: str
    value: float
    total_drift: float
    largest: str
    drift: float
    out_of_band: int
    rebalance_needed: bool
    trouble: str = ""


def morning(db: Database, today: date) -> tuple[Line, ...]:
    """The portfolios that would trade first, then by total drift; those that cannot be judged last."""
    mine = portfolios.list_held(db)
    changes = (db.revision("holdings"), db.revision("instruments"), prices.revision(db))
    return _recent.recall(db, (mine, *changes, today), lambda: _morning(db, mine, today))


_recent: Memory[tuple[Line, ...]] = Memory(2)


class _Laid(NamedTuple):
    portfolio: Portfolio
    framework: Framework
    book: Book
    held: Held


def _morning(db: Database, mine: Sequence[Portfolio], today: date) -> tuple[Line, ...]:
    laid: list[_Laid] = []
    lines: list[Line] = []
    books: Books = {}
    for one in together(db, mine, today):
        found = _lay(one, books)
        laid.append(found) if isinstance(found, _Laid) else lines.append(found)
    return (*_judged(laid), *lines)


Books = dict[tuple[str, int, tuple[Pick, ...]], Book]  # clients of one framework mostly have the same products


def _lay(one: Together, books: Books) -> _Laid | Line:
    """What is held laid over the book, or the line that says why it cannot be."""
    portfolio, framework = one.portfolio, one.framework
    held = [in_base(holding) for holding in one.holdings]
    key = portfolio.framework_id, portfolio.framework_version, portfolio.picks
    try:
        if key not in books:
            books[key] = book(framework, holdings(portfolio))
        made = with_assigned(books[key], [(p.symbol, p.bucket) for p in held])
        laid = lay_out(made, held, {})
    except KeelError as error:
        return _unjudged(portfolio, framework, error.message)
    if not laid.total > 0:
        return _unjudged(portfolio, framework, "What it holds has no price.")
    return _Laid(portfolio, framework, made, laid)


def _unjudged(portfolio: Portfolio, framework: Framework, why: str) -> Line:
    return Line(portfolio, framework.base_ccy, 0.0, 0.0, "", 0.0, 0, rebalance_needed=False, trouble=why)


def _judged(laid: Sequence[_Laid]) -> tuple[Line, ...]:
    if not laid:
        return ()
    found = drift_of_many(_shelf(laid))
    return tuple(_line(laid[n], found, n) for n in found.worst_first())


def _shelf(laid: Sequence[_Laid]) -> Shelf:
    widest = max(len(one.book.paths) for one in laid)

    def rows(of: Sequence[Floats]) -> Floats:
        padded = np.zeros((len(of), widest))
        for n, row in enumerate(of):
            padded[n, : len(row)] = row
        return padded

    widths = [leaf_widths(one.book, one.framework.rebalancing) for one in laid]
    return Shelf(
        values=rows([by_leaf(one.book, one.held.value) for one in laid]),
        targets=rows([one.book.targets for one in laid]),
        below=rows([below for below, _ in widths]),
        above=rows([above for _, above in widths]),
        outside=np.array([one.held.strange for one in laid]),
        idle=np.array([one.held.idle for one in laid]),
        frozen=rows([still_leaves(one.book, one.held).astype(np.float64) for one in laid]) > 0,
    )


def _line(one: _Laid, found: DriftOfMany, n: int) -> Line:
    largest = int(found.largest[n])
    return Line(
        portfolio=one.portfolio,
        currency=one.framework.base_ccy,
        value=float(found.value[n]),
        total_drift=float(found.total_drift[n]),
        largest=one.book.labels[largest],
        drift=float(found.drift[n, largest]),
        out_of_band=int(found.out_of_band[n]),
        rebalance_needed=bool(found.rebalance_needed[n]),
    )


def document(lines: Sequence[Line]) -> dict[str, object]:
    """The list as the command line prints it and REST answers it."""
    return {"portfolios": [row(line) for line in lines]}


def row(line: Line) -> dict[str, object]:
    """One portfolio as plain values; figures are null where it cannot be judged."""
    judged = not line.trouble
    return {
        "id": line.portfolio.id,
        "name": line.portfolio.name,
        "framework_id": line.portfolio.framework_id,
        "framework_version": line.portfolio.framework_version,
        "currency": line.currency,
        "value": line.value if judged else None,
        "total_drift": line.total_drift if judged else None,
        "largest": line.largest,
        "drift": line.drift if judged else None,
        "out_of_band": line.out_of_band,
        "rebalance_needed": line.rebalance_needed,
        "trouble": line.trouble,
    }
