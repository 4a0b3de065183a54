from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.rules import Rules, kind
from keel.domain.mapping.scoring import SLICES, codes, fit_codes, narrowings, percentiles, score
from keel.domain.mapping.screening import tags_of
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.score_weights import USUAL

BROAD = Instrument("1", "VT", "World", InstrumentType.etf, "Equity", "Global", "", "World", "Core")
EQUITY = Rules(include_tags=("asset_class:equity",))
FACTS = st.lists(st.just(np.nan) | st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0]), min_size=1, max_size=20)


def ranked(facts: Sequence[float]) -> list[float]:
    places = codes(np.array(facts))
    return percentiles(places, places).tolist()


def fits(products: Sequence[Instrument], rules: Rules) -> list[int]:
    ways = [narrowings(product, tags_of(product)) for product in products]
    slices = {name: np.array([name in narrower for narrower in ways]) for name in SLICES}
    return fit_codes(slices, {kind(tag) for tag in rules.include_tags}).tolist()


@given(FACTS)
def test_percentiles_lie_in_zero_to_one_and_keep_the_order(facts: list[float]) -> None:
    parts = ranked(facts)
    known = [(fact, part) for fact, part in zip(facts, parts, strict=True) if not np.isnan(part)]
    assert len(known) == sum(not np.isnan(fact) for fact in facts)
    assert all(0 <= part <= 1 for _, part in known)
    assert [part for _, part in sorted(known)] == sorted(part for _, part in known)
    if known:
        assert max(known)[1] == 1


@given(FACTS)
def test_a_percentile_is_the_share_of_those_that_differ_and_are_smaller(facts: list[float]) -> None:
    known = [fact for fact in facts if not np.isnan(fact)]
    for fact, part in zip(facts, ranked(facts), strict=True):
        if not np.isnan(fact):
            smaller, differ = sum(other < fact for other in known), sum(other != fact for other in known)
            assert part == (smaller / differ if differ else 1.0)


@given(FACTS, st.integers(9, 10_000))
def test_percentiles_do_not_depend_on_how_far_apart_the_codes_are(facts: list[float], times: int) -> None:
    places = codes(np.array(facts))
    spread = np.where(places < 0, places, places * times)
    assert np.array_equal(percentiles(spread, spread), percentiles(places, places), equal_nan=True)


def test_the_score_by_hand() -> None:
    full = {"cost": 1.0, "liquidity": 0.5, "history": 0.0, "fit": 1.0, "size": 0.5}
    without = full | {"size": np.nan}
    columns = {name: np.array([full[name], without[name], np.nan]) for name in full}
    scores = score(columns, USUAL.of_parts())
    assert scores[0] == pytest.approx(0.3 + 0.1 + 0.0 + 0.2 + 0.05)
    assert scores[1] == pytest.approx(0.6 / 0.9)  # the other weights are scaled up
    assert scores[2] == 0
    assert sum(USUAL.of_parts().values()) == pytest.approx(1)


def test_a_product_that_is_exactly_the_bucket_fits_better_than_a_slice_of_it() -> None:
    regional = replace(BROAD, region="US", subclass="Total Market")
    sector = replace(BROAD, region="US", sector="Energy", subclass="Sector", sleeve="Satellite")
    company = replace(BROAD, region="US", sector="Energy", subclass="", sleeve="Satellite", type=InstrumentType.stock)
    every = sum(SLICES.values())
    assert fits([BROAD, regional, sector, company], EQUITY) == [every, every - 1, every - 4, every - 5]
    energy = Rules(include_tags=("asset_class:equity", "region:us", "sector:energy", "sleeve:satellite"))
    assert fits([replace(sector, subclass="")], energy) == [every]
