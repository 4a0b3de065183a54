"""How alike products and the series that stand in for them are, measured once until a price changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keel.domain.market.choice import Basis
from keel.domain.market.instrument import Instrument
from keel.domain.market.lines.likeness import Likeness
from keel.domain.market.resolution import assemble, resolve
from keel.store import instruments as known
from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory

_recent: Memory[Mapping[str, Likeness]] = Memory(8)


def measured(db: Database, instruments: Sequence[Instrument], basis: Basis) -> Mapping[str, Likeness]:
    """How alike each of the products that a proxy fills on that basis is to it, by symbol."""
    proxied = tuple(i for i in instruments if i.proxy)
    key = (proxied, basis, prices.revision(db))
    return _recent.recall(db, key, lambda: _measure(db, proxied, basis))


def _measure(db: Database, proxied: Sequence[Instrument], basis: Basis) -> Mapping[str, Likeness]:
    found: dict[str, Likeness] = {}
    series = {i.symbol: i for i in known.find_many(db, [i.proxy for i in proxied])}
    for currency in dict.fromkeys(i.currency for i in proxied):
        resolution = resolve(
            _of(proxied, currency), prices.coverage(db), basis, base_ccy=currency or "USD", stand_ins=series
        )
        wrong = {finding.subject for finding in resolution.issues}
        filled = [s.instrument for s in resolution.sources if s.proxy and s.proxy.symbol not in wrong]
        resolution = resolve(filled, prices.coverage(db), basis, base_ccy=currency or "USD", stand_ins=series)
        matrices = {name: prices.series(db, symbols, name) for name, symbols in resolution.wanted().items()}
        found |= {each.symbol: each for each in assemble(matrices, resolution).likenesses}
    return found


def _of(instruments: Sequence[Instrument], currency: str) -> list[Instrument]:
    return [i for i in instruments if i.currency == currency]
