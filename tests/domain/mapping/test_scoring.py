from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.rules import Rules
from keel.domain.mapping.scoring import DEFAULT, fit, parts, percentiles, score
from keel.domain.market.instrument import Instrument, InstrumentType

BROAD = Instrument("1", "VT", "World", InstrumentType.etf, "Equity", "Global", "", "World", "Core")
EQUITY = Rules(include_tags=("asset_class:equity",))
FACTS = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=20)


@given(FACTS)
def test_percentiles_lie_in_zero_to_one_and_keep_the_order(facts: list[float | None]) -> None:
    found = percentiles(facts)
    known = [(fact, part) for fact, part in zip(facts, found, strict=True) if fact is not None and part is not None]
    assert len(known) == sum(fact is not None for fact in facts)
    assert all(0 <= part <= 1 for _, part in known)
    assert [part for _, part in sorted(known)] == sorted(part for _, part in known)
    if known:
        assert max(known)[1] == 1


def test_the_score_by_hand() -> None:
    full = {"cost": 1.0, "liquidity": 0.5, "history": 0.0, "fit": 1.0, "size": 0.5}
    assert score(full) == pytest.approx(0.3 + 0.1 + 0.0 + 0.2 + 0.05)
    assert score(full | {"size": None}) == pytest.approx(0.6 / 0.9)  # the other weights are scaled up
    assert score(dict.fromkeys(full)) == 0
    assert sum(DEFAULT.values()) == pytest.approx(1)


def test_a_product_that_is_exactly_the_bucket_fits_better_than_a_slice_of_it() -> None:
    regional = replace(BROAD, region="US", subclass="Total Market")
    sector = replace(BROAD, region="US", sector="Energy", subclass="Sector", sleeve="Satellite")
    company = replace(BROAD, region="US", sector="Energy", subclass="", sleeve="Satellite", type=InstrumentType.stock)
    fits = [fit(product, EQUITY) for product in (BROAD, regional, sector, company)]
    assert fits == [1, 1 / 2, 1 / 5, 1 / 6]
    energy = Rules(include_tags=("asset_class:equity", "region:us", "sector:energy", "sleeve:satellite"))
    assert fit(replace(sector, subclass=""), energy) == 1


def test_a_missing_fact_is_none_and_a_product_alone_is_best() -> None:
    found = parts([BROAD], [None], EQUITY)[0]
    assert found == {"cost": None, "liquidity": None, "history": None, "fit": 1.0, "size": None}


@given(st.lists(st.none() | st.floats(-3, 3) | st.sampled_from([0.0, 1.0]), max_size=30))
def test_a_percentile_is_the_share_of_those_that_differ_and_are_smaller(facts: list[float | None]) -> None:
    known = [fact for fact in facts if fact is not None]
    for fact, part in zip(facts, percentiles(facts), strict=True):
        if fact is not None:
            smaller, differ = sum(other < fact for other in known), sum(other != fact for other in known)
            assert part == (smaller / differ if differ else 1.0)


def test_fifty_thousand_products_are_compared_without_a_pass_over_all_for_each() -> None:
    class Counted(float):
        seen = 0

        def __lt__(self, other: float) -> bool:
            Counted.seen += 1
            return float(self) < float(other)

    percentiles([Counted(n * 7 % 50_000) for n in range(50_000)])
    assert Counted.seen < 50_000 * 60
