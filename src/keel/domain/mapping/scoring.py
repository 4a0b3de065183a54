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


def percentiles(places: Ints, wanted: Ints) -> Floats:
    """For each code of ``wanted`` (m,), of the known ones of ``places`` (n,) that differ, the share that are lower.

    1 when none differs, NaN where the code is -1. Codes are counted in one pass, and shares are taken of those wanted
    alone: sorting the facts of each bucket, or dividing for every code there is, took most of the time.

    >>> places = np.array([2, 0, -1, 2, 1])
    >>> percentiles(places, places).tolist(), percentiles(places, places[3:]).tolist()
    ([1.0, 0.0, nan, 1.0, 0.3333333333333333], [1.0, 0.3333333333333333])
    """
    before = np.cumsum(np.bincount(places + 1, minlength=1))  # how many codes are lower than 0, 1, 2, …
    lower, same = before[wanted] - before[0], before[wanted + 1] - before[wanted]
    differ = len(places) - before[0] - same
    shares: Floats = np.divide(lower, differ, out=np.ones(len(wanted)), where=differ > 0)
    shares[wanted < 0] = np.nan
    return shares


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


def fit_codes(slices: Mapping[str, Mask], kinds: Collection[str]) -> Ints:
    """How closely products are what tags of these kinds ask for: the higher, the fewer ways in which one is a slice.

    A sector, a factor, a region other than global, a subclass that is not the broad market or a sleeve other than core
    counts where its kind is not asked for; a single company counts twice. So a total-market fund fits "equity" better
    than a sector fund, and a sector fund fits "sector:energy" better than a stock.
    """
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
