"""How the best products would meet the limits together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.constraints.evaluation import Status
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.mapping.limits import verdicts
from keel.domain.mapping.matching import rank
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

LIMITS = (Constraint("max_expense_ratio", 0.2), Constraint("min_cash", 30))
HALVES = Framework(
    "F",
    (Bucket("AssetClass/Equity", "Equity", 0.6), Bucket("AssetClass/Bonds", "Bonds", 0.4)),
    constraints=LIMITS,
)
STOCKS = Instrument("1", "VTI", "US", InstrumentType.etf, "Equity", "US", expense_ratio=0.003)
PRICES = Coverage("VTI", date(2010, 1, 1), date(2026, 1, 1), 4_000, "daily", "total_return", "own")


def test_a_bucket_without_a_product_that_has_prices_is_cash() -> None:
    found = verdicts(HALVES, rank(HALVES, (STOCKS,), (PRICES,)))
    assert [(v.status, v.observed) for v in found] == [(Status.passed, 0.0018), (Status.passed, 0.4)]


def test_a_bucket_that_names_its_products_is_judged_by_them() -> None:
    dear = replace(STOCKS, id="2", symbol="DEAR", expense_ratio=0.01)
    stocks, bonds = HALVES.buckets
    named = replace(stocks, holdings=(Holding("DEAR", 0.5), Holding("VTI", 0.5)))
    lost = replace(bonds, holdings=(Holding("NOBODY", 1.0),))
    framework = replace(HALVES, buckets=(named, lost))
    found = verdicts(framework, rank(framework, (STOCKS, dear), (PRICES,)), (STOCKS, dear))
    assert [(v.status, v.observed) for v in found] == [(Status.failed, 0.0039), (Status.passed, 0.4)]
