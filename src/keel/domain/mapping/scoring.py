"""Scoring: how the eligible products of a bucket compare.

Each part is a percentile among the eligible products that have the fact: of the others that differ, the share that are
worse. So it lies in [0, 1], the best have 1, the worst 0, ties do not count, and where all are equal all have 1. The
score is the weighted mean of the parts a product has; a missing part is NaN, left out, and the other weights are scaled
up.

| part | fact | better |
|---|---|---|
| cost | expense ratio | lower |
| liquidity | average daily dollar volume | higher |
| history | years since inception, else since the first own price | higher |
| fit | see ``fit_codes`` | higher |
| size | assets under management | higher |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.text import slug

BROAD = frozenset(
    {
        "total_market",
        "world",
        "total_international",
        "developed_ex_us_large_blend",
        "emerging_markets",
        "aggregate",
        "broad_commodities",
    }
)
MOST_SPREAD = 8  # codes a product: sorting a few is faster than counting all that there are
COMPANY = "company"  # a single one, whatever is asked
SLICES: Mapping[str, int] = {"sector": 1, "factor": 1, "region": 1, "subclass": 1, "sleeve": 1, COMPANY: 2}


def codes(facts: Floats) -> Ints:
    """The place of each fact (n,) among the distinct ones, from 0 for the lowest; -1 for NaN.

    >>> codes(np.array([3.0, 1.0, np.nan, 3.0])).tolist()
    [1, 0, -1, 1]
    """
    known = ~np.isnan(facts)
    places = np.full(len(facts), -1, dtype=np.int64)
    places[known] = np.unique(facts[known], return_inverse=True)[1]
    return places


def percentiles(places: Ints) -> Floats:
    """For each code (n,), of the other known ones that differ, the share that are lower; 1 when none differs.

    NaN where the code is -1. Counting the codes takes one pass, where sorting the facts of each bucket took most of the
    time.

    >>> percentiles(np.array([2, 0, -1, 2, 1])).tolist()
    [1.0, 0.0, nan, 1.0, 0.3333333333333333]
    """
    known = places >= 0
    shares = np.full(len(places), np.nan)
    shares[known] = _shares(places[known])
    return shares


def _shares(places: Ints) -> Floats:
    if len(places) < places.max(initial=0) / MOST_SPREAD:
        places = np.unique(places, return_inverse=True)[1]
    count = np.bincount(places, minlength=1)
    lower = np.cumsum(count) - count
    differ = len(places) - count
    share: Floats = np.divide(lower, differ, out=np.ones(len(count)), where=differ > 0)
    return share[places]


def score(parts: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """The weighted mean of the parts present (n,); 0 when none is.

    >>> score({"cost": np.array([1.0, np.nan]), "history": np.array([0.5, np.nan])}, {"cost": 3, "history": 2}).tolist()
    [0.8, 0.0]
    """
    length = len(next(iter(parts.values())))
    total, weighted = np.zeros(length), np.zeros(length)
    for name, part in parts.items():
        present = ~np.isnan(part)
        total += np.where(present, weights.get(name, 0.0), 0.0)
        weighted += np.where(present, weights.get(name, 0.0) * part, 0.0)
    return np.divide(weighted, total, out=np.zeros(length), where=total > 0)


def fit_codes(slices: Mapping[str, Mask], asked: Collection[str]) -> Ints:
    """How closely products are what tags ask for: the higher, the fewer ways in which one is a slice of it.

    A sector, a factor, a region other than global, a subclass that is not the broad market or a sleeve other than core
    counts where its kind is not asked for; a single company counts twice. So a total-market fund fits "equity" better
    than a sector fund, and a sector fund fits "sector:energy" better than a stock.
    """
    kinds = {tag.split(":")[0] for tag in asked}
    counted = [mask * SLICES[name] for name, mask in slices.items() if name == COMPANY or name not in kinds]
    most = sum(SLICES.values())
    return np.subtract(most, np.sum(counted, axis=0, dtype=np.int64), dtype=np.int64)


def narrowings(instrument: Instrument, tags: Collection[str]) -> frozenset[str]:
    """In which of the ways of ``SLICES`` a product with these tags is a part of its market.

    >>> sorted(narrowings(Instrument("1", "XLE", "", InstrumentType.etf, "Equity", "US"), {"sector:energy"}))
    ['region', 'sector']
    """
    kinds = {tag.split(":")[0] for tag in tags}
    ways = {
        "sector": "sector" in kinds,
        "factor": "factor" in kinds,
        "region": instrument.region not in ("", "Global"),
        "subclass": bool(instrument.subclass) and slug(instrument.subclass) not in BROAD,
        "sleeve": instrument.sleeve not in ("", "Core"),
        COMPANY: instrument.type is InstrumentType.stock,
    }
    return frozenset(name for name, narrower in ways.items() if narrower)
