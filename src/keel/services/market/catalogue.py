"""What the database knows of products and prices: tags, coverage by dataset, and data health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from keel.domain.issue import Finding, Severity
from keel.domain.market import health
from keel.domain.market.availability import availability
from keel.domain.market.choice import by_symbol
from keel.domain.market.instrument import Coverage, Instrument
from keel.sources.embedded.sample import DATASETS
from keel.store import instruments, portfolios, prices
from keel.store.connection import Database


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set of price series: its name and origin, from when to when it reaches, and when it was stored."""

    id: str
    label: str
    source: str
    frequency: str
    price_kind: str
    first: date
    last: date
    updated_at: datetime | None
    series: tuple[Coverage, ...]


def tags(db: Database) -> tuple[str, ...]:
    """Every tag that a product carries, in order."""
    return tuple(sorted({tag for instrument in instruments.universe(db) for tag in instrument.tags}))


def universe(db: Database) -> tuple[Instrument, ...]:
    """Every instrument."""
    return instruments.universe(db)


def datasets(db: Database) -> tuple[Dataset, ...]:
    """The stored datasets with their series, those of the sample first and in its order."""
    held: dict[str, list[Coverage]] = {}
    for series in prices.coverage(db):
        held.setdefault(series.dataset, []).append(series)
    known = [dataset.id for dataset in DATASETS]
    order = sorted(held, key=lambda name: (known.index(name) if name in known else len(known), name))
    return tuple(_dataset(db, name, tuple(held[name])) for name in order)


def _dataset(db: Database, name: str, series: tuple[Coverage, ...]) -> Dataset:
    first, last = min(s.first for s in series), max(s.last for s in series)
    kinds = {s.price_kind for s in series}
    kind = series[0].price_kind if len(kinds) == 1 else "mixed"
    known = {dataset.id: (dataset.label, dataset.source) for dataset in DATASETS}
    label, source = known.get(name, (name, "imported"))
    return Dataset(name, label, source, series[0].frequency, kind, first, last, prices.updated_at(db, name), series)


def used(db: Database) -> frozenset[str]:
    """The symbols whose prices the portfolios rest on: what they hold, and the series that may stand in for it."""
    symbols = portfolios.symbols_held(db)
    return symbols | {i.proxy for i in instruments.universe(db) if i.symbol in symbols and i.proxy}


def findings(db: Database, dataset: str) -> tuple[Finding, ...]:
    """What is wrong with the series of a dataset, the grave ones first; reads every price of it."""
    held = [series for series in prices.coverage(db) if series.dataset == dataset]
    if not held:
        return ()
    index = by_symbol(held)
    newest = max(series.last for series in held)
    matrix = prices.series(db, [series.symbol for series in held], dataset)
    known = {i.symbol: i for i in instruments.find_many(db, matrix.symbols)}
    found = [
        finding
        for column, symbol in enumerate(matrix.symbols)
        if symbol in known
        for finding in health.check(
            known[symbol],
            availability(known[symbol], index),
            newest,
            dates=matrix.dates,
            closes=matrix.closes[:, column],
        )
    ]
    return tuple(sorted(found, key=lambda f: (list(Severity).index(f.severity), f.subject)))
