"""One product in several buckets is a warning with its fixes."""

from __future__ import annotations

from datetime import date

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping.duplicates import Swap, shared
from keel.domain.mapping.matching import BucketSuggestions, best_picks, rank
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType


def product(symbol: str, fee: float) -> Instrument:
    return Instrument(symbol, symbol, symbol, InstrumentType.etf, "Equity", "US", expense_ratio=fee)


UNIVERSE = (product("AAA", 0.001), product("BBB", 0.002), product("CCC", 0.003))
PRICES = tuple(
    Coverage(i.symbol, date(2010, 1, 1), date(2020, 1, 1), 2500, "daily", "total_return", "d") for i in UNIVERSE
)
EQUITY = Rules(include_tags=("asset_class:equity",))


def ranked(*targets: float) -> tuple[BucketSuggestions, ...]:
    buckets = (Bucket(f"A/{n}", f"Part {n}", target, rules=EQUITY) for n, target in enumerate(targets))
    return rank(Framework("F", tuple(buckets)), UNIVERSE, PRICES)


def test_all_but_the_largest_bucket_are_offered_another_product() -> None:
    buckets = ranked(0.2, 0.5, 0.3)
    (finding,) = shared(buckets, best_picks(buckets))
    assert finding.message == '"AAA" fills 3 buckets: Part 0, Part 1, Part 2.'
    assert [fix.label for fix in finding.fixes] == ["Use BBB for Part 0", "Use CCC for Part 2"]
    first = finding.fixes[0]
    assert isinstance(first, Swap)
    assert (first.path, first.instrument.symbol) == ("A/0", "BBB")


def test_different_products_are_no_concern() -> None:
    (one,) = ranked(1.0)
    assert shared((one,), best_picks((one,))) == ()
