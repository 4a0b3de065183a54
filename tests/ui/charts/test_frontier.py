"""What each of many policies gives against the trading it takes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keel import units
from keel.ui.charts.frontier import best, drawn, frontier, ticks
from keel.ui.charts.tokens import SLOTS

NAMES = ["a", "b", "c"]

POINTS = st.lists(st.tuples(st.floats(0, 1), st.floats(-1, 1)), min_size=1, max_size=40)


@given(POINTS, st.booleans())
def test_no_policy_of_the_frontier_is_beaten_and_every_other_is(
    points: list[tuple[float, float]], higher: bool
) -> None:
    turnover, value = (np.array(column) for column in zip(*points, strict=True))
    on = best(turnover, value, higher=higher)
    gain = value if higher else -value
    for i in range(len(points)):
        beaten = [
            turnover[j] <= turnover[i] and gain[j] >= gain[i] and (turnover[j] < turnover[i] or gain[j] > gain[i])
            for j in range(len(points))
        ]
        if on[i]:
            assert not any(beaten)
        else:
            twin = any(on[j] and turnover[j] == turnover[i] and gain[j] == gain[i] for j in range(len(points)))
            assert any(beaten) or twin


def test_of_ten_thousand_dots_those_are_drawn_that_can_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    turnover, value = rng.random(10_000), rng.normal(size=10_000)
    rows = drawn(turnover, value)
    assert len(rows) < 7_500
    assert set(np.flatnonzero(best(turnover, value))) <= set(rows.tolist())


def test_dominated_policies_are_grey() -> None:
    rows = np.arange(3)
    fig = frontier(np.array([0.1, 0.2, 0.3]), np.array([1.0, 0.5, 2.0]), rows, NAMES, metric="Return", form=units.pct)
    dots = fig.data[1]
    colour = {data[3]: c for data, c in zip(dots.customdata, dots.marker.color, strict=True)}
    assert colour == {0: SLOTS[0], 1: SLOTS[6], 2: SLOTS[0]}
    assert [list(axis) for axis in (fig.data[0].x, fig.data[0].y)] == [[0.1, 0.3], [1.0, 2.0]]


def test_the_axes_are_turnover_and_the_metric() -> None:
    fig = frontier(
        np.array([0.1, 0.2, 0.3]), np.array([0.01, 0.02, 0.03]), np.arange(3), NAMES, metric="Return", form=units.pct
    )
    assert (fig.layout.xaxis.title.text, fig.layout.xaxis.tickformat) == ("Turnover a year", ".0%")
    assert all(text.endswith("%") for text in fig.layout.yaxis.ticktext)
    assert list(fig.data[1].customdata[0][:3]) == ["a", "1.0%", "10.0%"]


def test_less_is_better_where_it_is_said() -> None:
    turnover, error = np.array([0.1, 0.2, 0.3]), np.array([0.03, 0.04, 0.01])
    assert best(turnover, error, higher=False).tolist() == [True, False, True]


def test_what_is_undefined_is_not_drawn() -> None:
    nan = float("nan")
    assert drawn(np.array([0.1, nan]), np.array([1.0, 2.0])).tolist() == [0]
    assert drawn(np.array([nan]), np.array([nan])).tolist() == []


def test_ticks_are_round_and_lie_within() -> None:
    assert ticks(np.array([0.0123, 0.0377]), units.pct) == {
        "tickvals": [0.015, 0.02, 0.025, 0.03, 0.035],
        "ticktext": ["1.5%", "2.0%", "2.5%", "3.0%", "3.5%"],
    }
    assert ticks(np.array([np.nan]), units.pct) == {"tickvals": [], "ticktext": []}
