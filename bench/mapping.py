"""How long products take to be found for every bucket of a large tree in a large universe, against one at a time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tests.domain.mapping import plain

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping.columns import columns_of
from keel.domain.mapping.matching import rank, rank_in
from keel.domain.mapping.universe import market_in
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.portfolio.score_weights import USUAL

CLASSES = ("Equity", "Bonds", "Alternatives", "")
SECTORS = ("", "", "Energy", "Utilities", "Health Care", "Financials")
SUBCLASSES = ("", "Total Market", "Large Blend", "Small Value", "Treasury Long", "Gold", "Aggregate", "High Yield")
TIMES = 3  # of which the least counts


def main() -> None:
    """Print a markdown table of CPU seconds: cold, warm, and the plain twin on a small size."""
    print("### Mapping: every bucket with rules of its own, CPU seconds, least of 3\n")
    print("| buckets | products | cold | warm | one product and rule at a time |")
    print("|---:|---:|---:|---:|---:|")
    print(line(200, 50_000))
    print(line(2_000, 200))
    print(line(2_000, 50_000))
    print(line(20, 500, twin=True))
    print("\nAim for 200 buckets and 50,000 products: 2 s cold, 0.3 s warm; for 2,000 buckets 3 s warm.")
    print("Cold makes the columns ready first.\n")


def line(buckets: int, products: int, *, twin: bool = False) -> str:
    """One row of the table."""
    universe, framework = products_of(products), framework_of(buckets)
    coverage = coverage_of(universe)
    columns = columns_of(universe, coverage)
    cold = least(lambda: rank(framework, universe, coverage))
    warm = least(lambda: rank_in(market_in(framework, columns), framework))
    plainly = least(lambda: plain.rank(framework, universe, coverage, None, USUAL.of_parts())) if twin else 0.0
    compared = f"{plainly:.3f} ({plainly / cold:.0f} ×)" if twin else "–"
    return f"| {buckets:,} | {products:,} | {cold:.3f} | {warm:.3f} | {compared} |"


def least(work: Callable[[], object]) -> float:
    """The least of several CPU times: others use the machine too."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(TIMES))


def products_of(count: int) -> tuple[Instrument, ...]:
    """Products with facts at random, some of them missing."""
    draw = random.Random(1)
    return tuple(_product(draw, n) for n in range(count))


def _product(draw: random.Random, n: int) -> Instrument:
    return Instrument(
        id=f"id-{n}",
        symbol=f"S{n:05d}",
        name=f"Product {n}",
        type=draw.choice((InstrumentType.etf, InstrumentType.fund, InstrumentType.stock)),
        asset_class=draw.choice(CLASSES),
        region=draw.choice(("US", "International", "Emerging", "Global", "")),
        sector=draw.choice(SECTORS),
        subclass=draw.choice(SUBCLASSES),
        sleeve=draw.choice(("", "Core", "Satellite")),
        currency=draw.choice(("USD", "USD", "EUR")),
        expense_ratio=draw.choice((None, draw.uniform(0, 0.02))),
        aum_usd=draw.choice((None, draw.uniform(1e6, 1e11))),
        adv_usd=draw.choice((None, draw.uniform(1e3, 1e9))),
        inception=draw.choice((None, date(1990, 1, 1) + timedelta(days=draw.randrange(12_000)))),
        leverage=draw.choice((1.0,) * 20 + (2.0, -1.0)),
    )


def coverage_of(universe: Sequence[Instrument]) -> tuple[Coverage, ...]:
    """Prices of each seventh product, in three datasets."""
    first, last = date(2000, 1, 3), date(2026, 1, 2)
    return tuple(
        Coverage(product.symbol, first, last, 6_500, "daily", "total_return", f"set {n % 3}")
        for n, product in enumerate(universe[::7])
    )


def framework_of(buckets: int) -> Framework:
    """Buckets that all ask for something else."""
    return Framework("Many", tuple(Bucket(f"A/B{n}", f"B{n}", 1 / buckets, rules=_rules(n)) for n in range(buckets)))


def _rules(n: int) -> Rules:
    return Rules(
        include_tags=(f"asset_class:{CLASSES[n % 3].lower()}",),
        exclude_tags=("slice:issuer", "slice:term") if n % 2 else (),
        max_expense_ratio=0.004 + 0.0001 * n,
        min_adv_usd=1e5 * n,
        min_history_years=float(n % 10),
    )


if __name__ == "__main__":
    main()
