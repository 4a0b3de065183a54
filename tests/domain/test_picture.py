"""Arrays prepared for a picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.picture import form, iso, percent_ticks, set_apart, thin


def test_thinning_keeps_the_ends_and_the_extremes() -> None:
    path = np.sin(np.arange(9_000) / 300)
    path[4321] = 7.0
    keep = thin(path, 900)
    assert keep[0] == 0
    assert keep[-1] == 8_999
    assert 4321 in keep
    assert len(keep) <= 900


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_labels_are_set_apart_in_their_order_below_the_top(values: list[float]) -> None:
    placed = set_apart(values, gap=0.1, high=1.0)
    ordered = [placed[i] for i in np.argsort(values, kind="stable")]
    assert all(b - a >= 0.1 - 1e-9 for a, b in pairwise(ordered))
    assert max(placed) <= 1.0 + 1e-9


def test_labels_that_do_not_touch_stay() -> None:
    assert set_apart([0.9, 0.1, 0.5], gap=0.1, high=1.0) == [0.9, 0.1, 0.5]


def test_ticks_are_round_signed_where_asked_and_hold_zero() -> None:
    assert percent_ticks(np.array([-0.1, 0.1]), signed=True) == {
        "tickvals": [-0.1, -0.05, 0.0, 0.05, 0.1],
        "ticktext": ["−10%", "−5%", "0%", "+5%", "+10%"],
    }
    assert percent_ticks(np.array([0.2, 0.4]))["tickvals"][0] == 0.0


def test_dates_are_days_whatever_their_unit() -> None:
    assert iso(np.array(["2020-01", "2020-02"], dtype="datetime64[M]")) == ["2020-01-01", "2020-02-01"]


def test_a_number_has_a_true_minus() -> None:
    assert form(-0.5, ".1f") == "−0.5"
