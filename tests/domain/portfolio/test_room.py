"""Room for shares: bounds, and limits on what they cost together; held to hand-made numbers and to random ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.issue import Severity
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.room import (
    Limits,
    Mean,
    Room,
    fitted,
    least,
    limits_of,
    reachable,
    require_room,
    said_of,
    within,
)
from keel.errors import InputError

HALF = Bucket("A/Stocks", "Stocks", 0.5)
FREE = Room(np.zeros(3), np.ones(3))


def fee(*values: float, most: float) -> Mean:
    return Mean("max_expense_ratio", np.array(values), most)


def test_bounds_that_leave_no_room_are_refused_in_a_sentence() -> None:
    room = require_room(["A", "B"], {"A": (0.2, 0.9)}, Limits(0.7))
    assert (room.low.tolist(), room.high.tolist()) == ([0.2, 0.0], [0.7, 0.7])
    with pytest.raises(InputError, match=r"may hold 80\.0. of the bucket at most"):
        require_room(["A", "B"], {}, Limits(0.4))
    with pytest.raises(InputError, match="least shares are more"):
        require_room(["A", "B"], {"A": (0.6, 1.0), "B": (0.6, 1.0)}, Limits())
    with pytest.raises(InputError, match="C is not among the products"):
        require_room(["A", "B"], {"C": (0.0, 1.0)}, Limits())


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_scaled_shares_sum_to_one_inside_their_bounds_and_keep_their_order(rows: list[tuple[float, ...]]) -> None:
    raw, first, second = (np.array(column) for column in zip(*rows, strict=True))
    low, high = np.minimum(first, second), np.maximum(first, second)
    if low.sum() > 1 or high.sum() < 1:
        return
    found = within(raw / raw.sum(), Room(low, high))
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= low - 1e-6).all()
    assert (found <= high + 1e-6).all()
    free = (found > low + 1e-6) & (found < high - 1e-6)
    ratios = found[free] / raw[free]
    assert np.ptp(ratios) < 1e-5 * ratios.max() if free.any() else True


def test_limits_leave_a_bucket_what_the_rest_of_the_portfolio_cannot_use() -> None:
    limits = (
        Constraint("max_single_product", 20),
        Constraint("max_expense_ratio", 0.1),
        Constraint("max_leverage", 1.5, "fraction"),
    )
    framework = Framework("F", (HALF, Bucket("A/Bonds", "Bonds", 0.5)), constraints=limits)
    cheap = Instrument("1", "CHEAP", "Cheap", InstrumentType.etf, expense_ratio=0.001)
    geared = Instrument("2", "TWICE", "Twice", InstrumentType.etf, leverage=-2.0)
    found = limits_of(framework, HALF, ["CHEAP", "TWICE", "NOBODY"], [geared, cheap])
    assert found.most == pytest.approx(0.4)
    assert {mean.type: mean.most for mean in found.means} == pytest.approx(
        {"max_expense_ratio": 0.002, "max_leverage": 2.0}
    )
    fees, gears = found.means
    assert (fees.values.tolist(), fees.unknown) == ([0.001, 0.0, 0.0], ("TWICE", "NOBODY"))
    assert (gears.values.tolist(), gears.unknown) == ([1.0, 2.0, 0.0], ("NOBODY",))
    assert said_of(Room(np.zeros(3), np.ones(3), (fees,)), np.array([1.0, 0.0, 0.0])) == (
        "Not known, and counted as none in the weighted expense ratio: TWICE, NOBODY.",
    )


def test_shares_are_tilted_to_the_cheaper_just_so_far_that_the_limit_holds() -> None:
    room = Room(FREE.low, FREE.high, (fee(0.001, 0.001, 0.007, most=0.002),))
    shares = fitted(np.array([0.2, 0.4, 0.4]), room)
    assert shares.tolist() == pytest.approx([1 / 3 * 5 / 6, 2 / 3 * 5 / 6, 1 / 6], abs=1e-5)
    assert said_of(room, shares) == ("Held to a weighted expense ratio of 0.20% in this bucket by the limits.",)
    assert fitted(np.array([0.5, 0.4, 0.1]), room).tolist() == pytest.approx([0.5, 0.4, 0.1])


def test_a_limit_that_no_shares_can_meet_is_a_finding_and_left_out() -> None:
    bounded = Room(np.array([0.0, 0.0, 0.5]), np.ones(3), (fee(0.001, 0.002, 0.007, most=0.003),))
    assert least(bounded, bounded.means[0]) == pytest.approx(0.004)
    room, (finding,) = reachable(bounded)
    assert room.means == ()
    assert (finding.code, finding.severity, finding.subject) == ("limit_unmet", Severity.warning, "max_expense_ratio")
    assert finding.message == (
        "The limits leave this bucket a weighted expense ratio of 0.30%; its products come to 0.40% at least. "
        "The shares are without this limit."
    )


COLUMN = st.tuples(st.floats(0.01, 1), st.floats(0, 0.01), st.floats(0.2, 1), st.floats(0, 0.2), st.floats(0, 3))


@settings(max_examples=40)
@given(st.lists(COLUMN, min_size=2, max_size=5), st.floats(0.05, 1))
def test_shares_that_can_meet_the_limits_do_inside_their_bounds(rows: list[tuple[float, ...]], part: float) -> None:
    raw, fees, high, low, gear = (np.array(column) for column in zip(*rows, strict=True))
    if high.sum() < 1 or low.sum() > 1:
        return
    bounds = Room(low, high)
    lowest = least(bounds, fee(*fees, most=0))
    corners = [np.array(c) for c in product(*zip(low, high, strict=True)) if abs(sum(c) - 1) < 1e-9]
    assert all(lowest <= c @ fees + 1e-9 for c in corners)
    limit = lowest + part * (fees.max() - lowest)
    found = fitted(raw / raw.sum(), Room(low, high, (fee(*fees, most=limit),)))
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= low - 1e-6).all()
    assert (found <= high + 1e-6).all()
    assert found @ fees <= limit + 2e-5
    both = fitted(raw / raw.sum(), Room(low, high, (fee(*fees, most=limit), Mean("max_leverage", gear, gear.max()))))
    assert both.tolist() == pytest.approx(found.tolist(), abs=1e-9)
