"""The datasets that a portfolio can be studied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keel.domain.market.choice import Basis, Index, by_symbol, source_of, spans
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.filling import filling
from keel.domain.portfolio.records import Portfolio
from keel.services.shared.subject import held
from keel.sources.embedded.sample import DATASETS
from keel.store import frameworks, prices
from keel.store.connection import Database


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """A dataset a portfolio can be studied on: the time its covered products share, and how many of them it covers."""

    id: str
    label: str
    first: date
    last: date
    frequency: str
    price_kind: str
    covers: int
    of: int


def datasets(db: Database, portfolio: Portfolio) -> tuple[DatasetChoice, ...]:
    """The datasets that hold any of the portfolio's products or their proxies, those that cover most first."""
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    products = held(db, portfolio, framework, filling(portfolio, framework))
    coverage = prices.coverage(db)
    index = by_symbol(coverage)
    choices = [c for span in spans(coverage) if (c := _choice(span.dataset, products, index)) is not None]
    return tuple(sorted(choices, key=lambda c: -c.covers))


def _choice(name: str, products: Sequence[Instrument], index: Index) -> DatasetChoice | None:
    """The dataset as these products see it; None when it has none of them."""
    covered = [s for i in products if (s := source_of(i, index, Basis(name, named=True)).main) is not None]
    if not covered:
        return None
    first, last = max(s.first for s in covered), min(s.last for s in covered)
    kind = "price_return" if any(s.price_kind == "price_return" for s in covered) else covered[0].price_kind
    label = next((dataset.label for dataset in DATASETS if dataset.id == name), name)
    return DatasetChoice(name, label, first, last, covered[0].frequency, kind, len(covered), len(products))
