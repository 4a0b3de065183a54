"""The universe as columns: each fact an array over all instruments, so that a rule is one pass over it.

A *place* is the position of an instrument in the universe; a mask has one truth value a place, a code is the place of a
fact among the distinct ones, the better the higher.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.constraints.exposures import fee_of
from keel.domain.mapping.scoring import SLICES, codes, fit_codes, narrowings
from keel.domain.mapping.screening import EXPECTED, history_years, tags_of
from keel.domain.market.choice import Basis, Index, by_symbol, exchange_rates, source_of, spans, tier
from keel.domain.market.instrument import Coverage, Instrument

Places = Mapping[str, Ints]
Value = TypeVar("Value")
NOWHERE: Ints = np.empty(0, dtype=np.int64)
MOST_ANSWERS = 512  # of up to 100 kB for 50,000 products


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The universe and its price series, the best dataset first, as arrays of one length (n,).

    ``tags``, ``types``, ``currencies`` and ``symbols`` have the places of each value, types and currencies in lower
    case, symbols in upper, and ``money`` those of each currency as it is written. ``caveats`` are those of symbols that
    have one. ``facts`` are NaN where not known, ``codes`` those of the score's parts. ``expected`` is
    where a product has a tag of a kind that all have, ``slices`` where it is narrower in some way. ``tiers`` are those
    of products with prices. ``by_symbol`` and ``by_volume`` are ranks, the latter of the most traded first.
    ``pairs`` are the exchange rates there are.
    """

    universe: tuple[Instrument, ...]
    index: Index
    spans: tuple[Coverage, ...]
    as_of: date
    caveats: Mapping[str, str]
    tags: Places
    types: Places
    currencies: Places
    money: Places
    symbols: Places
    facts: Mapping[str, Floats]
    codes: Mapping[str, Ints]
    expected: Mapping[str, Mask]
    slices: Mapping[str, Mask]
    tiers: Ints
    by_symbol: Ints
    by_volume: Ints
    pairs: frozenset[str] = frozenset()
    _sources: dict[Basis, tuple[Mask, Mask]] = field(default_factory=dict, repr=False)
    _recalled: dict[Hashable, object] = field(default_factory=dict, repr=False)

    def where(self, places: Places, values: Iterable[str]) -> Mask:
        """Where any of the values stands."""
        mask = self.nowhere()
        for value in values:
            mask[places.get(value, NOWHERE)] = True
        return mask

    def tagged(self, tag: str) -> Mask:
        """Where a product carries a tag."""
        return self.recall(("tag", tag), lambda: self.where(self.tags, [tag]))

    def recall(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What ``compute`` gives, remembered for the few questions that buckets repeat: do not change it."""
        answer = self._recalled.get(key)
        if answer is None:
            answer = compute()
            if len(self._recalled) >= MOST_ANSWERS:
                self._recalled.clear()
            self._recalled[key] = answer
        return cast("Value", answer)

    def nowhere(self) -> Mask:
        """A mask that is true at no place."""
        return np.zeros(len(self.universe), dtype=bool)

    def unknown(self, tag: str) -> Mask:
        """Where a tag is absent because the whole fact is: a product without a region may be anywhere."""
        name = tag.split(":")[0]
        return ~self.expected[name] if name in self.expected else self.nowhere()

    def missing(self, fact: str) -> Mask:
        """Where a fact is not known."""
        return self.recall(("missing", fact), lambda: np.isnan(self.facts[fact]))

    def fit(self, kinds: frozenset[str]) -> Ints:
        """The codes of how closely each product is what tags of these kinds ask for."""
        return self.recall(("fit", kinds), lambda: fit_codes(self.slices, kinds))

    def sources(self, basis: Basis) -> tuple[Mask, Mask]:
        """Where a product has a series of its own that the basis takes, and where it has that or its proxy's."""
        if basis not in self._sources:
            self._sources[basis] = _sources(self, basis)
        return self._sources[basis]


def columns_of(universe: Sequence[Instrument], coverage: Sequence[Coverage], as_of: date | None = None) -> Columns:
    """Universe and prices made ready for many questions; histories count to ``as_of``, by default the newest price."""
    products, index = tuple(universe), by_symbol(coverage)
    begun = [i.inception for i in products if i.inception]
    newest = as_of or max((series.last for series in coverage), default=None) or max(begun, default=date(2000, 1, 1))
    tags = [tags_of(i) for i in products]
    facts = _facts(products, [history_years(i, index.get(i.symbol, ()), newest) for i in products])
    order = _rank(sorted(range(len(products)), key=lambda place: products[place].symbol))
    return Columns(
        universe=products,
        index=index,
        spans=spans(coverage),
        as_of=newest,
        caveats={i.symbol: i.caveat for i in products if i.caveat},
        tags=_places(tags),
        types=_places([i.type.lower()] for i in products),
        currencies=_places([i.currency.lower()] for i in products),
        money=_places([i.currency] for i in products),
        symbols=_places([i.symbol.upper()] for i in products),
        facts=facts,
        codes=_codes(facts),
        expected={name: _mask(any(tag.startswith(f"{name}:") for tag in own) for own in tags) for name in EXPECTED},
        slices=_slices([narrowings(i, own) for i, own in zip(products, tags, strict=True)]),
        tiers=np.array([tier(i, usable=True) for i in products], dtype=np.int64),
        by_symbol=order,
        by_volume=_rank(np.lexsort((order, -np.nan_to_num(facts["adv_usd"]))).tolist()),
        pairs=frozenset(exchange_rates(coverage)),
    )


def _sources(columns: Columns, basis: Basis) -> tuple[Mask, Mask]:
    """One look at each product that has a series anywhere, itself or its proxy: others have none in any basis."""
    own, either = columns.nowhere(), columns.nowhere()
    for place, product in enumerate(columns.universe):
        if product.symbol in columns.index or product.proxy in columns.index:
            source = source_of(product, columns.index, basis)
            own[place], either[place] = source.own is not None, source.main is not None
    return own, either


def _places(values: Iterable[Iterable[str]]) -> Places:
    """Where each value stands, in ascending order."""
    places: dict[str, list[int]] = {}
    for place, several in enumerate(values):
        for value in several:
            places.setdefault(value, []).append(place)
    return {value: np.array(where, dtype=np.int64) for value, where in places.items()}


def _rank(order: Sequence[int]) -> Ints:
    """The position of each place in an order of places."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _mask(truths: Iterable[bool]) -> Mask:
    return np.fromiter(truths, dtype=bool)


def _column(facts: Iterable[float | None]) -> Floats:
    return np.array([np.nan if fact is None else fact for fact in facts], dtype=np.float64)


def _facts(products: Sequence[Instrument], years: Sequence[float | None]) -> Mapping[str, Floats]:
    return {
        "expense_ratio": _column(i.expense_ratio for i in products),
        "adv_usd": _column(i.adv_usd for i in products),
        "aum_usd": _column(i.aum_usd for i in products),
        "years": _column(years),
        "leverage": _column(abs(i.leverage) for i in products),
        "fee": _column(fee_of(i) for i in products),
    }


def _codes(facts: Mapping[str, Floats]) -> Mapping[str, Ints]:
    """Of each part of the score but fit, which depends on what is asked."""
    return {
        "cost": codes(-facts["expense_ratio"]),
        "liquidity": codes(facts["adv_usd"]),
        "history": codes(facts["years"]),
        "size": codes(facts["aum_usd"]),
    }


def _slices(narrower: Sequence[frozenset[str]]) -> Mapping[str, Mask]:
    return {name: _mask(name in ways for ways in narrower) for name in SLICES}
