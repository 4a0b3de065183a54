"""A framework out of holdings: whole percents of classes and regions, which what is held already meets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.validation import check
from keel.domain.portfolio.held.classify import Fact, classified, percents

HELD = (
    Fact("VTI", 500, "Equity", "US"),
    Fact("SPY", 250, "Equity", "US"),
    Fact("VEA", 100, "Equity", "International"),
    Fact("BND", 100, "Bonds", "US"),
    Fact("ODD", 30),
    Fact("CASH", 20),
)


def test_classes_with_several_regions_have_a_bucket_for_each() -> None:
    made = classified(HELD, "Mine", "EUR")
    assert {b.path: b.target_weight for b in made.buckets} == {
        "AssetClass/Equity": 0.85,
        "AssetClass/Equity/US": 0.75,
        "AssetClass/Equity/International": 0.1,
        "AssetClass/Bonds": 0.1,
        "AssetClass/Unclassified": 0.03,
        "AssetClass/Cash": 0.02,
    }
    us = next(b for b in made.buckets if b.path == "AssetClass/Equity/US")
    assert [(h.symbol, round(h.share, 6)) for h in us.holdings] == [("VTI", 0.666667), ("SPY", 0.333333)]
    assert (made.base_ccy, [i.code for i in check(made) if i.severity == "error"]) == ("EUR", [])


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=60))
def test_percents_are_whole_and_make_a_hundred(values: list[float]) -> None:
    found = percents(values)
    assert sum(found) == 100
    assert min(found) >= 1
