"""What two products hold in common, by hand, by its properties, and by pandas."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.lookthrough.overlap import Common, in_words, overlap

HOLDINGS = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(1, 20), max_size=8).map(
    lambda counts: {name: n / 160 for name, n in counts.items()}
)


def complete(holdings: dict[str, float]) -> dict[str, float]:
    total = sum(holdings.values())
    return {name: weight / total for name, weight in holdings.items()}


def test_the_overlap_is_the_sum_of_the_smaller_weights() -> None:
    found = overlap({"AAPL": 0.5, "MSFT": 0.3, "XOM": 0.2}, {"AAPL": 0.25, "MSFT": 0.35, "JNJ": 0.4})
    assert found.least == pytest.approx(0.55)
    assert found.most == pytest.approx(0.55)
    assert found.common == (Common("MSFT", 0.3, 0.35), Common("AAPL", 0.5, 0.25))


def test_what_is_not_known_makes_it_a_range_and_nothing_known_no_number() -> None:
    half = overlap({"AAPL": 0.5}, {"AAPL": 0.25, "JNJ": 0.75})
    assert (half.least, half.most, half.known) == (0.25, 0.75, (0.5, 1.0))
    assert in_words(("A", "B"), half) == (
        "A and B have at least 25.0% in common: 50.0% and 100.0% of what they hold is known."
    )
    none = overlap({}, {"AAPL": 1.0})
    assert (none.least, none.most) == (None, None)
    assert in_words(("A", "B"), overlap({}, {})) == "What A and B hold is not known."


@given(HOLDINGS, HOLDINGS)
def test_it_is_the_same_both_ways_and_at_most_one(first: dict[str, float], second: dict[str, float]) -> None:
    there, back = overlap(first, second), overlap(second, first)
    if there.least is None or there.most is None:
        assert not first or not second
        return
    assert there.least == pytest.approx(back.least)
    assert there.most == pytest.approx(back.most)
    assert 0 <= there.least <= there.most + 1e-12 <= 1 + 1e-9


@given(HOLDINGS.filter(bool))
def test_a_product_has_all_in_common_with_itself_when_complete(holdings: dict[str, float]) -> None:
    whole = complete(holdings)
    assert overlap(whole, whole).least == pytest.approx(1.0)


@given(HOLDINGS.filter(bool), HOLDINGS.filter(bool), HOLDINGS, HOLDINGS)
def test_more_that_is_known_stays_in_the_range(
    first: dict[str, float], second: dict[str, float], more: dict[str, float], other: dict[str, float]
) -> None:
    """Whatever the unknown rests turn out to be, companies known already or new ones."""
    partial = overlap({k: v / 2 for k, v in complete(first).items()}, {k: v / 2 for k, v in complete(second).items()})
    halves = [complete(more or {"Z": 1.0}), complete(other or {"Z": 1.0})]
    told = [
        {k: a.get(k, 0.0) / 2 + b.get(k, 0.0) / 2 for k in {*a, *b}}
        for a, b in zip((complete(first), complete(second)), halves, strict=True)
    ]
    found = overlap(*told).least
    assert partial.least is not None
    assert partial.most is not None
    assert found is not None
    assert partial.least - 1e-9 <= found <= partial.most + 1e-9


@given(HOLDINGS.filter(bool), HOLDINGS.filter(bool))
def test_pandas_says_the_same(first: dict[str, float], second: dict[str, float]) -> None:
    frame = pd.DataFrame({"a": pd.Series(first), "b": pd.Series(second)}).fillna(0.0)
    assert overlap(first, second).least == pytest.approx(frame.min(axis=1).sum())
