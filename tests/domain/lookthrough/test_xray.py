"""A portfolio seen through its products, by hand, by its properties, and by pandas."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.constraints.exposures import UNKNOWN, Composition, Exposure, Line, of_lines, of_picks
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.lookthrough.xray import Dimension, XRay, xray, xray_of
from keel.domain.market.instrument import Instrument, InstrumentType


def shares(region: str) -> Rules:
    return Rules(include_tags=("asset_class:equity", f"region:{region}"))


WORLD = Framework(
    "World",
    (
        Bucket("A/US", "US", 0.5, rules=shares("us")),
        Bucket("A/Intl", "International", 0.3, rules=shares("international")),
        Bucket("A/Bonds", "Bonds", 0.2, rules=Rules(include_tags=("asset_class:bonds",))),
    ),
)
VT = Instrument("vt", "VT", "World", InstrumentType.etf, tags=("asset_class:equity", "region:global"))
BND = Instrument("bnd", "BND", "Bonds", InstrumentType.etf, tags=("asset_class:bonds", "region:us"))
AAPL = Instrument(
    "aapl", "AAPL", "Apple", InstrumentType.stock, tags=("asset_class:equity", "region:us", "sector:technology")
)
PARTS: dict[str, Composition] = {
    "vt": {
        "region": {"region:us": 0.6, "region:international": 0.25, "region:emerging": 0.1},
        "company": {"AAPL": 0.05, "MSFT": 0.04},
    }
}


def through(framework: Framework, *lines: Line, made_of: dict[str, Composition] = PARTS) -> XRay:
    return xray(framework, of_lines(lines, {i.symbol: i for i in (VT, BND, AAPL)}, made_of))


def cut(found: XRay, name: str) -> dict[str, tuple[float | None, float]]:
    dimension = next(d for d in found if d.name == name)
    return {s.label: (s.target, pytest.approx(s.held)) for s in dimension.slices}


def test_a_world_fund_counts_in_every_region_it_is_in() -> None:
    found = through(WORLD, Line("A/US", "US", "VT", 0.8), Line("A/Bonds", "Bonds", "BND", 0.2))
    assert cut(found, "asset_class") == {"Shares": (0.8, 0.8), "Bonds": (0.2, 0.2)}
    assert cut(found, "region") == {
        "US": (0.5, 0.8 * 0.6 + 0.2),
        "International": (0.3, 0.8 * 0.25),
        "Emerging markets": (0.0, 0.08),
        "Not known": (0.2, 0.8 * 0.05),
    }
    assert cut(found, "bucket") == {
        "US": (0.5, 0.48),
        "International": (0.3, 0.2),
        "Bonds": (0.2, 0.2),
        "In no bucket": (0.0, 0.08),
        "Not known": (0.0, 0.04),
    }


def test_companies_are_seen_through_funds_and_directly() -> None:
    found = through(WORLD, Line("A/US", "US", "VT", 0.6), Line("A/US", "US", "AAPL", 0.1), Line("", "", "CASH", 0.3))
    assert cut(found, "company") == {
        "AAPL": (None, 0.6 * 0.05 + 0.1),
        "MSFT": (None, 0.024),
        "Cash": (None, 0.3),
        "Not known": (None, 0.6 * 0.91),
    }


def test_what_is_no_share_has_no_sector_and_what_nobody_knows_is_not_known() -> None:
    found = through(WORLD, Line("A/Bonds", "Bonds", "BND", 0.5), Line("", "Outside", "ODD", 0.5))
    assert cut(found, "sector")["No sector (not shares)"] == (pytest.approx(0.2), 0.5)
    assert cut(found, "sector")["Not known"][1] == 0.5
    assert cut(found, "bucket")["Bonds"] == (0.2, 0.5)


def test_a_balanced_fund_is_in_both_of_its_classes() -> None:
    balanced = Framework("B", (Bucket("AssetClass/Equity", "Equity", 0.6), Bucket("AssetClass/Bonds", "Bonds", 0.4)))
    mix: dict[str, Composition] = {"vt": {"asset_class": {"asset_class:equity": 0.7, "asset_class:bonds": 0.25}}}
    found = through(balanced, Line("AssetClass/Equity", "Equity", "VT", 1.0), made_of=mix)
    assert cut(found, "bucket") == {
        "Equity": (0.6, 0.7),
        "Bonds": (0.4, 0.25),
        "Not known": (0.0, 0.05),
    }


def test_two_kinds_known_in_part_leave_what_they_have_in_common_open() -> None:
    """Half shares and half in the US: between nothing and half of it is US shares."""
    half: dict[str, Composition] = {
        "vt": {
            "asset_class": {"asset_class:equity": 0.5, "asset_class:other": 0.5},
            "region": {"region:us": 0.5, "region:emerging": 0.5},
        }
    }
    found = through(WORLD, Line("A/US", "US", "VT", 1.0), made_of=half)
    assert cut(found, "bucket")["US"] == (0.5, 0.0)
    assert cut(found, "bucket")["Not known"] == (0.0, 0.5)


def test_buckets_that_ask_for_the_same_do_not_share_out_what_could_be_in_each() -> None:
    twins = replace(WORLD, buckets=(*WORLD.buckets[:2], replace(WORLD.buckets[1], path="A/More", label="More")))
    found = through(twins, Line("A/US", "US", "VT", 1.0))
    assert cut(found, "bucket")["International"] == (0.3, 0.0)
    assert cut(found, "bucket")["Not known"] == (0.0, 0.4)


def test_a_bucket_without_a_target_may_have_a_product() -> None:
    empty = replace(WORLD, buckets=(replace(WORLD.buckets[0], target_weight=0.0), *WORLD.buckets[1:]))
    found = xray(empty, of_picks(empty, {b.path: [(VT, 1.0)] for b in empty.buckets}, PARTS))
    assert cut(found, "bucket")["US"] == (0.0, 0.5 * 0.6)


def test_a_group_of_sectors_is_its_members() -> None:
    sectors = Framework("S", (Bucket("Sector/Defensive", "Defensive", 1.0),))
    staples: dict[str, Composition] = {"vt": {"sector": {"sector:consumer_staples": 0.3, "sector:energy": 0.7}}}
    found = through(sectors, Line("Sector/Defensive", "Defensive", "VT", 1.0), made_of=staples)
    assert cut(found, "bucket") == {"Defensive": (1.0, 0.3), "In no bucket": (0.0, 0.7)}


def test_one_product_is_seen_by_its_parts_and_by_the_buckets_of_a_framework() -> None:
    (line,) = of_lines([Line("", "World", "VT", 1.0)], {"VT": VT}, PARTS)
    assert [d.name for d in xray_of(line)] == ["asset_class", "region", "sector", "company"]
    found = xray_of(line, WORLD)
    assert cut(found, "bucket") == {
        "US": (None, 0.6),
        "International": (None, 0.25),
        "In no bucket": (None, 0.1),
        "Not known": (None, 0.05),
    }
    assert cut(found, "company") == {"AAPL": (None, 0.05), "MSFT": (None, 0.04), "Not known": (None, 0.91)}


FRACTIONS = st.lists(st.integers(0, 10), min_size=3, max_size=3).map(lambda n: [x / max(10, sum(n)) for x in n])
REGIONS = ("region:us", "region:international", "region:emerging")


@given(FRACTIONS, FRACTIONS, st.floats(0.01, 1.0))
def test_the_slices_of_every_dimension_are_the_whole(regions: list[float], classes: list[float], part: float) -> None:
    names = ("asset_class:equity", "asset_class:bonds", "asset_class:cash")
    mix: dict[str, Composition] = {
        "vt": {
            "region": dict(zip(REGIONS, regions, strict=True)),
            "asset_class": dict(zip(names, classes, strict=True)),
        }
    }
    lines = [Line("A/US", "US", "VT", part), Line("A/Bonds", "Bonds", "BND", (1 - part) / 2)]
    found = through(WORLD, *lines, Line("", "Idle cash", "CASH", (1 - part) / 2), made_of=mix)
    for dimension in found:
        assert sum(s.held for s in dimension.slices) == pytest.approx(1.0), dimension.name
        assert all(s.held >= -1e-12 for s in dimension.slices)
        if dimension.name != "company":
            assert sum(s.target or 0.0 for s in dimension.slices) == pytest.approx(1.0)


@given(FRACTIONS, FRACTIONS, st.floats(0.1, 0.9))
def test_pandas_says_the_same_of_regions(first: list[float], second: list[float], part: float) -> None:
    made = {"vt": {"region": dict(zip(REGIONS, first, strict=True))}}
    made["bnd"] = {"region": dict(zip(REGIONS, second, strict=True))}
    picks = {"A/US": [(VT, part), (BND, 1 - part)]}
    one = Framework("One", (Bucket("A/US", "US", 1.0),))
    found = {s.member: s.held for s in _of("region", xray(one, of_picks(one, picks, made))).slices}
    frame = pd.DataFrame({"vt": made["vt"]["region"], "bnd": made["bnd"]["region"]})
    expected = frame @ pd.Series({"vt": part, "bnd": 1 - part})
    for tag, held in expected.items():
        assert found.get(str(tag), 0.0) == pytest.approx(held)
    assert found.get(UNKNOWN, 0.0) == pytest.approx(1 - expected.sum(), abs=1e-9)


def _of(name: str, found: XRay) -> Dimension:
    return next(d for d in found if d.name == name)


def test_an_exposure_of_a_symbol_alone_is_not_known() -> None:
    assert of_lines([Line("A/X", "X", "ODD", 0.5)], {}) == (Exposure("A/X", "X", 0.5, "ODD"),)
