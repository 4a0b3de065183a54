"""How the best products would meet the limits together."""

from __future__ import annotations

from datetime import date

from keel.domain.constraints.evaluation import Status
from keel.domain.framework.records import Bucket, Constraint, Framework
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
