"""The health of the very series that a study stands on, product by product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keel.domain.issue import Finding
from keel.domain.market.availability import of_source
from keel.domain.market.choice import PUBLIC_DATASET, Source
from keel.domain.market.health import check
from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory
from keel.store.values import now

Health = Mapping[str, tuple[Finding, ...]]

_recent: Memory[Health] = Memory(16)


def of_products(db: Database, sources: Sequence[Source]) -> Health:
    """What is wrong with the series of each product, by symbol, the grave ones first."""
    today = now().date()
    teller = prices.told_by(db)
    key = (tuple(sources), prices.revision(teller), today)
    return _recent.recall(teller, key, lambda: {s.instrument.symbol: _of(teller, s, today) for s in sources})


def _of(db: Database, source: Source, today: date) -> tuple[Finding, ...]:
    series = source.main
    if series is None:
        return check(source.instrument, of_source(source))
    line = prices.series(db, [series.symbol], series.dataset)
    newest = today if series.dataset == PUBLIC_DATASET else _newest(db, series.dataset)
    return check(source.instrument, of_source(source), newest, dates=line.dates, closes=line.closes[:, 0])


def _newest(db: Database, dataset: str) -> date:
    return max(series.last for series in prices.coverage(db) if series.dataset == dataset)
