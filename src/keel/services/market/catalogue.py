"""What the database knows of products and prices: tags, coverage by dataset, and data health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keel.domain.issue import Finding, Severity, rows
from keel.domain.market import health
from keel.domain.market.availability import availability
from keel.domain.market.choice import CURRENCIES_DATASET, PUBLIC_DATASET, by_symbol
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.portfolio.records import Portfolio
from keel.sources.embedded.sample import DATASETS
from keel.store import instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.market import bars
from keel.store.memory import Memory
from keel.store.values import now
from keel.vocabulary import NOBODY

BOUGHT = (InstrumentType.etf, InstrumentType.stock, InstrumentType.fund)
FETCHED = {
    PUBLIC_DATASET: ("Public prices, daily", "Yahoo"),
    CURRENCIES_DATASET: ("Exchange rates, daily", "Yahoo"),
}


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
    known = {dataset.id: (dataset.label, dataset.source) for dataset in DATASETS} | FETCHED
    label, source = known.get(name, (name, "your files"))
    return Dataset(name, label, source, series[0].frequency, kind, first, last, prices.updated_at(db, name), series)


def used(db: Database) -> frozenset[str]:
    """The symbols whose prices the portfolios rest on: what they hold, and the series that may stand in for it."""
    symbols = portfolios.symbols_held(db)
    return symbols | {i.proxy for i in instruments.universe(db) if i.symbol in symbols and i.proxy}


def fetchable(db: Database, symbols: Sequence[str]) -> tuple[str, ...]:
    """Those of the symbols that public sources may know: what can be bought, and what was fetched before."""
    bought = {i.symbol for i in instruments.find_many(db, symbols) if i.type in BOUGHT}
    held = {series.symbol for series in prices.coverage(db) if series.dataset in FETCHED}
    return tuple(symbol for symbol in symbols if symbol in bought | held)


def holder(db: Database, symbols: Sequence[str]) -> Portfolio | None:
    """A portfolio that holds one of the symbols, the last edited of those with the first that any holds."""
    held = portfolios.symbols_held(db)
    return next((portfolios.holding(db, symbol) for symbol in symbols if symbol in held), None)


def findings(db: Database, dataset: str) -> tuple[Finding, ...]:
    """What is wrong with the series of a dataset, grave ones first; all its prices are read, once until one changes."""
    held = tuple(series for series in prices.coverage(db) if series.dataset == dataset)
    own = any(series.owner != "sample" for series in held)
    teller = db if own else db.of(NOBODY)  # one's own prices change nothing in the sample's
    about = instruments.of_ids(db, [series.instrument_id for series in held])
    key = (held, about, prices.revision(teller), now().date())
    return _findings.recall(teller, key, lambda: _find(teller, held, {i.symbol: i for i in about}))


_findings: Memory[tuple[Finding, ...]] = Memory(32)


def _find(db: Database, held: Sequence[Coverage], known: Mapping[str, Instrument]) -> tuple[Finding, ...]:
    if not held:
        return ()
    dataset, index = held[0].dataset, by_symbol(held)
    newest = now().date() if dataset == PUBLIC_DATASET else max(series.last for series in held)
    matrix = prices.series(db, [series.symbol for series in held], dataset)
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


def status(db: Database) -> dict[str, Any]:
    """Every stored series by dataset, as JSON values: its dates, where it came from and what is wrong with it."""
    provenance = bars.provenance(db)
    return {"datasets": [_status(db, dataset, provenance) for dataset in datasets(db)]}


def data_health(db: Database) -> dict[str, Any]:
    """What is wrong with the series of every dataset, the grave ones first, as JSON values."""
    return {"datasets": [_health(dataset, findings(db, dataset.id)) for dataset in datasets(db)]}


def _health(dataset: Dataset, found: Sequence[Finding]) -> dict[str, Any]:
    return {"id": dataset.id, "owner": dataset.series[0].owner, "findings": _finding_rows(found)}


def _finding_rows(found: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"severity": finding.severity.value, **row} for finding, row in zip(found, rows(found), strict=True)]


def _status(db: Database, dataset: Dataset, provenance: Mapping[tuple[str, str], bars.Provenance]) -> dict[str, Any]:
    found: dict[str, list[Finding]] = {}
    for finding in findings(db, dataset.id):
        found.setdefault(finding.subject, []).append(finding)
    symbols = [
        _series_status(dataset, series, provenance[dataset.id, series.instrument_id], found.get(series.symbol, []))
        for series in dataset.series
    ]
    return {
        "id": dataset.id,
        "owner": dataset.series[0].owner,
        "frequency": dataset.frequency,
        "price_kind": dataset.price_kind,
        "symbols": symbols,
    }


def _series_status(
    dataset: Dataset, series: Coverage, own: bars.Provenance, found: Sequence[Finding]
) -> dict[str, Any]:
    fetched_at = own.fetched_at or dataset.updated_at
    return {
        "symbol": series.symbol,
        "first": series.first.isoformat(),
        "last": series.last.isoformat(),
        "rows": series.sessions,
        "source": own.source or dataset.source,
        "fetched_at": fetched_at.isoformat() if fetched_at else None,
        "findings": _finding_rows(found),
    }
