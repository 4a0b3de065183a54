"""How a template would have done on the stored prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keel.domain.framework.groups import alone
from keel.domain.framework.records import Framework, Holding
from keel.domain.mapping.matching import rank_in
from keel.domain.mapping.universe import market_in
from keel.domain.market.choice import Basis
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import Cadence, Policy, RunSettings
from keel.domain.portfolio.book import book
from keel.errors import MarketDataError
from keel.services.shared.closes import closes
from keel.services.shared.universe import columns, told_by
from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory

if TYPE_CHECKING:
    from keel.domain.exchange.templates import Template

YEARLY = Policy(Trigger.calendar, Cadence.annual)


@dataclass(frozen=True, slots=True)
class Record:
    """How a template did, rebalanced yearly without costs; ``series`` maps a bucket's label to what filled it.

    ``metrics`` is empty, and the dates None, when it has no record; ``gaps`` are the labels of buckets left in cash.
    """

    metrics: Mapping[str, object]
    first: date | None
    last: date | None
    frequency: str
    price_kind: str
    series: Mapping[str, str]
    gaps: tuple[str, ...]
    note: str


_records: Memory[Record] = Memory(32)


def template_record(db: Database, template: Template) -> Record:
    """How a template did on the stored prices with the best products mapping finds, yearly, without costs."""
    teller = told_by(db)
    key = (template.framework, prices.revision(teller), db.revision("instruments"))
    return _records.recall(teller, key, lambda: _record(teller, template.framework))


def _record(db: Database, framework: Framework) -> Record:
    from keel.backtest.run import run

    ranked = rank_in(market_in(framework, columns(db)), framework) if framework.buckets else ()
    best = {b.path: next((s.instrument for s in b.suggestions if s.usable), None) for b in ranked}
    labels = {b.path: b.label for b in ranked}
    chosen = {path: instrument for path, instrument in best.items() if instrument is not None}
    gaps = tuple(labels[path] for path in best if path not in chosen)
    series = {labels[path]: instrument.symbol for path, instrument in chosen.items()}
    single = alone(framework, {path: [instrument.symbol] for path, instrument in chosen.items()}).values()
    note = " ".join([*([f"In cash for want of prices: {', '.join(gaps)}."] if gaps else []), *single])
    if not chosen:
        return Record({}, None, None, "", "", {}, gaps, note)
    data = closes(db, list(chosen.values()), Basis(ranked[0].dataset), base_ccy=framework.base_ccy)
    filled = book(framework, {path: (Holding(i.symbol, 1.0),) for path, i in chosen.items()})
    try:
        result = run(data.prices, filled, {"Yearly": YEARLY}, RunSettings(), framework=framework)[0]
    except MarketDataError as error:
        return Record({}, None, None, "", "", series, gaps, error.message)
    meta = result.meta
    return Record(result.metrics, meta.first, meta.last, meta.frequency, meta.price_kind, series, gaps, note)
