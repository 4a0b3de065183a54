"""How alike products and the series that stand in for them are, measured once until a price changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from keel.domain.market.choice import CURRENCIES_DATASET, Basis
from keel.domain.market.instrument import Instrument
from keel.domain.market.lines.likeness import Likeness
from keel.domain.market.resolution import DOLLARS, assemble, resolve
from keel.services.shared.universe import told_by
from keel.store import instruments as known
from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory

_recent: Memory[Mapping[str, Likeness]] = Memory(8)


def measured(db: Database, instruments: Sequence[Instrument], basis: Basis) -> Mapping[str, Likeness]:
    """How alike each of the products that a proxy fills on that basis is to it, by symbol."""
    proxied = tuple(i for i in instruments if i.proxy)
    teller = told_by(db)
    key = (proxied, basis, db.revision("instruments"), prices.revision(teller))
    return _recent.recall(teller, key, lambda: _measure(teller, proxied, basis))


def _measure(db: Database, proxied: Sequence[Instrument], basis: Basis) -> Mapping[str, Likeness]:
    wanted = {name for i in proxied for name in (i.symbol, i.proxy)}  # a few hundred, of maybe 50,000
    coverage = [c for c in prices.coverage(db) if c.symbol in wanted or c.dataset == CURRENCIES_DATASET]
    series = {i.symbol: i for i in known.find_many(db, [i.proxy for i in proxied])}
    found: dict[str, Likeness] = {}
    for currency in dict.fromkeys(i.currency for i in proxied):
        resolved = partial(resolve, coverage=coverage, basis=basis, base_ccy=currency or DOLLARS.base, stand_ins=series)
        first = resolved([i for i in proxied if i.currency == currency])
        wrong = {finding.subject for finding in first.issues}
        filled = resolved([s.instrument for s in first.sources if s.proxy and s.proxy.symbol not in wrong])
        matrices = {name: prices.series(db, symbols, name) for name, symbols in filled.wanted().items()}
        found |= {each.symbol: each for each in assemble(matrices, filled).likenesses}
    return found
