"""The first few of many places: exactly those that sorting them all would give."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keel.domain.mapping.order import best, nearest

TIERS = st.integers(0, 5)
SCORES = st.sampled_from((0.0, 0.25, 0.25 + 4e-13, 0.25 - 6e-13, 0.7)) | st.floats(0, 1)
PRODUCTS = st.lists(st.tuples(TIERS, SCORES), max_size=30)


@settings(max_examples=40)
@given(PRODUCTS, st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_best_are_those_of_a_full_sort(products: list[tuple[int, float]], random: object, most: int) -> None:
    ranks = list(range(len(products)))
    random.shuffle(ranks)  # type: ignore[attr-defined]
    tiers, scores = [tier for tier, _ in products], [points for _, points in products]
    order = sorted(range(len(products)), key=lambda n: (tiers[n], -round(scores[n], 12), ranks[n]))
    found = best(np.array(tiers, dtype=np.int64), np.array(scores), np.array(ranks, dtype=np.int64), most)
    assert found.tolist() == order[:most]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 7), max_size=30), st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_nearest_are_those_of_a_full_sort(classes: list[int], random: object, most: int) -> None:
    ranks = list(range(len(classes)))
    random.shuffle(ranks)  # type: ignore[attr-defined]
    order = sorted(range(len(classes)), key=lambda n: (classes[n], ranks[n]))
    assert nearest(np.array(classes, dtype=np.int64), np.array(ranks, dtype=np.int64), most).tolist() == order[:most]
