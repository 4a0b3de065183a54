"""What the portfolio held."""

from __future__ import annotations

import numpy as np

from keel.ui.charts.tokens import QUIET, SLOTS
from keel.ui.charts.weights import held_and_targeted, weights_over_time

DATES = np.arange("2000-01-31", "2004-01-31", dtype="datetime64[D]")
WEIGHTS = np.tile([0.6, 0.3, 0.1], (len(DATES), 1))


def test_weights_are_stacked_to_the_whole() -> None:
    fig = weights_over_time(DATES, ["A", "B", "C"], WEIGHTS, [0, 1, 2])
    assert list(fig.layout.yaxis.range) == [0, 1]
    assert fig.layout.yaxis.tickformat == ".0%"
    assert {trace.stackgroup for trace in fig.data} == {"one"}
    assert len(fig.data[0].x) <= 400


def test_the_first_bucket_is_on_top_in_its_own_colour() -> None:
    fig = weights_over_time(DATES, ["A", "B", "C"], WEIGHTS, [4, 1, 2])
    assert [trace.name for trace in fig.data] == ["C", "B", "A"]
    assert fig.data[-1].fillcolor == SLOTS[4]
    assert [a.text for a in fig.layout.annotations] == ["A", "B", "C"]
    assert [a.font.color for a in fig.layout.annotations] == [SLOTS[4], SLOTS[1], SLOTS[2]]


def test_the_first_and_the_last_day_are_drawn() -> None:
    fig = weights_over_time(DATES, ["A", "B", "C"], WEIGHTS, [0, 1, 2])
    assert (fig.data[0].x[0], fig.data[0].x[-1]) == ("2000-01-31", "2004-01-30")


def test_names_do_not_lie_on_each_other() -> None:
    thin = np.tile([0.98, 0.01, 0.01], (len(DATES), 1))
    heights = [a.y for a in weights_over_time(DATES, ["A", "B", "C"], thin, [0, 1, 2]).layout.annotations]
    assert min(abs(a - b) for i, a in enumerate(heights) for b in heights[:i]) > 0.06


def test_what_is_held_is_a_bar_and_a_target_a_tick() -> None:
    fig = held_and_targeted(["US", "Not <known>"], [0.6, 0.4], [0.5, None], [False, True])
    bar, ticks = fig.data
    assert list(bar.x) == [0.6, 0.4]
    assert list(bar.marker.color) == [SLOTS[0], QUIET]
    assert (list(ticks.x), list(ticks.y)) == ([0.5], ["US"])
    assert [a.text for a in fig.layout.annotations] == ["60.0%", "40.0%"]
    assert "<known>" not in str(fig.to_dict())
