"""Scoring: how the eligible products of a bucket compare.

Each part is a percentile among the eligible products that have the fact: of the others that differ, the share that are
worse. So it lies in [0, 1], the best have 1, the worst 0, ties do not count, and where all are equal all have 1. The
score is the weighted mean of the
parts a product has; a missing part is None, left out, and the other weights are scaled up.

| part | fact | better |
|---|---|---|
| cost | expense ratio | lower |
| liquidity | average daily dollar volume | higher |
| history | years since inception, else since the first own price | higher |
| fit | see ``fit`` | higher |
| size | assets under management | higher |
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from keel.domain.framework.rules import Rules
from keel.domain.mapping.screening import canonical, tags_of
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.text import slug

Parts = Mapping[str, float | None]

DEFAULT: Mapping[str, float] = {"cost": 0.3, "liquidity": 0.2, "history": 0.2, "fit": 0.2, "size": 0.1}

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


def parts(eligible: Sequence[Instrument], years: Sequence[float | None], rules: Rules) -> tuple[Parts, ...]:
    """The parts of each eligible product, in their order; ``years`` are their histories."""
    columns = {
        "cost": percentiles([None if i.expense_ratio is None else -i.expense_ratio for i in eligible]),
        "liquidity": percentiles([i.adv_usd for i in eligible]),
        "history": percentiles(years),
        "fit": percentiles([fit(i, rules) for i in eligible]),
        "size": percentiles([i.aum_usd for i in eligible]),
    }
    return tuple({name: column[n] for name, column in columns.items()} for n in range(len(eligible)))


def percentiles(facts: Sequence[float | None]) -> tuple[float | None, ...]:
    """For each fact, of the other known ones that differ, the share that are smaller; 1 when none differs.

    None stays None.

    >>> percentiles([3.0, 1.0, None, 3.0, 2.0])
    (1.0, 0.0, None, 1.0, 0.3333333333333333)
    """
    known = sorted(fact for fact in facts if fact is not None)
    return tuple(None if fact is None else _percentile(fact, known) for fact in facts)


def _percentile(fact: float, known: Sequence[float]) -> float:
    """The share for one of the facts in ``known``, which are sorted: a pass over all for each is 50,000 passes."""
    smaller = bisect_left(known, fact)
    differ = len(known) - (bisect_right(known, fact) - smaller)
    return smaller / differ if differ else 1.0


def score(found: Parts, weights: Mapping[str, float] = DEFAULT) -> float:
    """The weighted mean of the parts present; 0 when none is.

    >>> round(score({"cost": 1.0, "liquidity": None, "history": 0.5, "fit": None, "size": None}), 4)
    0.8
    """
    present = [(weights.get(name, 0.0), part) for name, part in found.items() if part is not None]
    total = sum(weight for weight, _ in present)
    return sum(weight * part for weight, part in present) / total if total > 0 else 0.0


def fit(instrument: Instrument, rules: Rules) -> float:
    """How closely a product is what the bucket asks: asked / (asked + narrower), in (0, 1].

    *asked* counts the bucket's include tags (at least 1); an eligible product carries them all. *narrower* counts the
    ways in which the product is a slice of what was asked: a sector, a factor or a region (other than global) that the
    bucket did not ask for; a subclass that is not the broad market; a sleeve other than core; a single company counts
    twice. So a total-market fund fits "equity" better than a sector fund, and a sector fund fits "sector:energy" better
    than a stock.
    """
    asked = {canonical(tag) for tag in rules.include_tags}
    return max(1, len(asked)) / (max(1, len(asked)) + _narrower(instrument, asked))


def _narrower(instrument: Instrument, asked: set[str]) -> int:
    tags = tags_of(instrument)
    asked_names = {tag.split(":")[0] for tag in asked}
    kinds = {tag.split(":")[0] for tag in tags}
    slices = [
        "sector" in kinds and "sector" not in asked_names,
        "factor" in kinds and "factor" not in asked_names,
        "region" not in asked_names and instrument.region not in ("", "Global"),
        "subclass" not in asked_names and bool(instrument.subclass) and slug(instrument.subclass) not in BROAD,
        "sleeve" not in asked_names and instrument.sleeve not in ("", "Core"),
    ]
    return sum(slices) + 2 * (instrument.type is InstrumentType.stock)
