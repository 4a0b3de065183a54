"""Whole percents over parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.domain.proposal.shares import LEAST, divided


@given(st.integers(5, 100), st.lists(st.floats(0.5, 90), min_size=1, max_size=8))
def test_they_sum_to_the_whole_and_none_is_too_small(total: int, weights: list[float]) -> None:
    percents = divided(total, {str(n): weight for n, weight in enumerate(weights)})
    assert sum(percents.values()) == total
    assert min(percents.values()) >= min(LEAST, total)


def test_nothing_is_divided_over_nothing() -> None:
    assert divided(50, {}) == {}
