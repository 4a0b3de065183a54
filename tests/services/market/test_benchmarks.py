"""What can stand beside a study."""

from __future__ import annotations

from keel.services.market.benchmarks import benchmarks
from keel.store.connection import Database


def test_benchmarks_are_series_then_funds_with_prices_and_no_single_stock(db: Database) -> None:
    found = benchmarks(db)
    assert found.index("MSCI US") < found.index("SPY")
    assert "AAPL" not in found
    assert "VTI" not in found
