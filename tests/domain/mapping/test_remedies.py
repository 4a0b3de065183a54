"""The single clicks that give a bucket a product: other prices, or one rule less."""

from __future__ import annotations

from datetime import date

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import leaves
from keel.domain.mapping.remedies import remedies, widened
from keel.domain.mapping.universe import market_of
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

FUND = Instrument("1", "SPY", "S&P 500", InstrumentType.etf, expense_ratio=0.01, tags=("region:us",))
SERIES = Coverage("SPY", date(2000, 1, 3), date(2026, 1, 2), 6500, "daily", "total_return", "a")


def by_path(framework: Framework) -> dict[str, Bucket]:
    return {bucket.path: bucket for bucket in framework.buckets}


def offered(rules: Rules, dataset: str) -> list[tuple[str, int]]:
    framework = Framework("F", (Bucket("A/B", "B", 1.0, rules=rules),))
    market = market_of(framework, (FUND,), (SERIES,))
    return [(r.label, r.admits) for r in remedies(by_path(framework), leaves(framework)[0], market, dataset)]


def test_other_prices_are_offered_where_they_serve_a_product_that_passes() -> None:
    assert offered(Rules(), "b") == [("Use prices daily 2000–2026", 1)]
    assert offered(Rules(), "a") == []


def test_one_rule_less_is_offered_where_that_admits_a_product() -> None:
    assert offered(Rules(max_expense_ratio=0.005), "a") == [("Drop the fee limit of 0.50%", 1)]
    assert offered(Rules(max_expense_ratio=0.005, currencies=("EUR",)), "a") == []  # two rules stand in the way


def test_a_widened_framework_differs_in_that_bucket_alone() -> None:
    rules = Rules(max_expense_ratio=0.005)
    framework = Framework("F", (Bucket("A/B", "B", 0.5, rules=rules), Bucket("A/C", "C", 0.5, rules=rules)))
    market = market_of(framework, (FUND,), (SERIES,))
    remedy = remedies(by_path(framework), leaves(framework)[0], market, "a")[0]
    first, second = widened(framework, remedy).buckets
    assert (first.rules, second) == (Rules(), framework.buckets[1])
