"""Parts by the tags that buckets ask for, and weights as parts of one whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.rules import word_tags
from keel.domain.lookthrough.members import COUNTRIES, member, whole


@pytest.mark.parametrize(
    ("dimension", "name", "tag"),
    [
        ("asset_class", "Equity", "asset_class:equity"),
        ("asset_class", "Preferred shares", "asset_class:preferred_shares"),
        ("region", "usa", "region:us"),
        ("region", "Emerging Markets", "region:emerging"),
        ("region", "Taiwan", "region:emerging"),
        ("region", "Europe", "region:europe"),
        ("sector", "Healthcare", "sector:health_care"),
        ("sector", "Oil/Gas", "sector:oil_gas"),
        ("company", "brk.b", "BRK.B"),
    ],
)
def test_a_part_is_called_by_the_tag_that_buckets_ask_for(dimension: str, name: str, tag: str) -> None:
    assert member(dimension, name) == tag


def test_no_country_is_a_word_that_paths_know() -> None:
    assert [country for country in COUNTRIES if word_tags(f"region/{country}")] == []


@pytest.mark.parametrize(("total", "sum_after"), [(0.989, 0.989), (0.99, 1.0), (1.0, 1.0), (1.01, 1.0)])
def test_99_to_101_percent_are_the_whole(total: float, sum_after: float) -> None:
    scaled = whole({"a": total * 0.75, "b": total * 0.25})
    assert scaled is not None
    assert sum(scaled.values()) == pytest.approx(sum_after, abs=1e-12)


def test_more_than_the_whole_less_than_nothing_and_nothing_are_no_parts() -> None:
    assert whole({"a": 0.8, "b": 0.22}) is None
    assert whole({"a": 1.1, "b": -0.1}) is None
    assert whole({}) is None


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0.001, 0.2), min_size=1, max_size=6))
def test_parts_keep_their_proportions_and_never_exceed_the_whole(weights: dict[str, float]) -> None:
    scaled = whole(weights)
    if scaled is not None:
        assert sum(scaled.values()) <= 1 + 1e-9
        first = next(iter(weights))
        assert all(scaled[k] * weights[first] == pytest.approx(scaled[first] * weights[k]) for k in weights)
