"""What a split is asked within, and what it says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.portfolio.split import (
    Method,
    Part,
    Split,
    read_bounds,
    read_method,
    require_room,
    split_json,
    within,
)
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError, InputError

HERE = Place("it")


def test_bounds_are_pairs_of_shares_and_a_method_has_a_name() -> None:
    assert read_bounds({"VT": [0, "40%"]}, HERE) == {"VT": (0.0, 0.4)}
    assert read_method("hrp", HERE) is Method.hrp
    for wrong in ({"VT": [0.5]}, {"VT": [0.5, 0.2]}, {"VT": [0, 1.5]}):
        with pytest.raises(InputError, match="VT: is a least and a most share"):
            read_bounds(wrong, HERE)
    for odd in ("best", None, 3):
        with pytest.raises(ImportFormatError, match="must be one of equal"):
            read_method(odd, HERE)


def test_bounds_that_leave_no_room_are_refused_in_a_sentence() -> None:
    low, high = require_room(["A", "B"], {"A": (0.2, 0.9)}, 0.7)
    assert (low.tolist(), high.tolist()) == ([0.2, 0.0], [0.7, 0.7])
    with pytest.raises(InputError, match=r"may hold 80\.0. of the bucket at most"):
        require_room(["A", "B"], {}, 0.4)
    with pytest.raises(InputError, match="least shares are more"):
        require_room(["A", "B"], {"A": (0.6, 1.0), "B": (0.6, 1.0)}, 1.0)
    with pytest.raises(InputError, match="C is not among the products"):
        require_room(["A", "B"], {"C": (0.0, 1.0)}, 1.0)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_scaled_shares_sum_to_one_inside_their_bounds_and_keep_their_order(rows: list[tuple[float, ...]]) -> None:
    raw, first, second = (np.array(column) for column in zip(*rows, strict=True))
    low, high = np.minimum(first, second), np.maximum(first, second)
    if low.sum() > 1 or high.sum() < 1:
        return
    found = within(raw / raw.sum(), low, high)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= low - 1e-6).all()
    assert (found <= high + 1e-6).all()
    free = (found > low + 1e-6) & (found < high - 1e-6)
    ratios = found[free] / raw[free]
    assert np.ptp(ratios) < 1e-5 * ratios.max() if free.any() else True


def test_a_split_says_its_reasons() -> None:
    parts = (Part("A", 0.25, 0.2, 0.5), Part("B", 0.75, 0.1, 0.5))
    split = Split(
        "P/X", Method.risk_parity, parts, 0.12, date(2008, 1, 31), date(2016, 6, 30), 102, "monthly", ("So.",)
    )
    assert split.reasons == (
        "Equal risk: every product contributes the same risk.",
        "Measured on 102 monthly closes, Jan 2008 – Jun 2016; together they varied by 12.0% a year.",
        "So.",
    )
    document = split_json(split)
    assert document["parts"][0] == {"symbol": "A", "share": 0.25, "volatility": 0.2, "risk": 0.5}  # type: ignore[index]
    assert document["reasons"] == list(split.reasons)
