"""How sure a difference between two policies is."""

from __future__ import annotations

import numpy as np

from keel import units
from keel.ui.charts.confidence import by_start, differences
from keel.ui.charts.tokens import INK, QUIET, REFERENCE, SHADE, SLOTS

DRAWS = np.array([-0.01, 0.0, 0.01, 0.02, np.nan])


def points(x: float | None) -> str:
    return units.pp(x, 2)


def test_a_difference_shows_nothing_and_what_was_seen() -> None:
    fig = differences(DRAWS, seen=0.004, low=-0.01, high=0.02, metric="return", form=points)
    assert sum(fig.data[0].y) == 4
    assert {a.text: a.font.color for a in fig.layout.annotations} == {
        "no difference": QUIET,
        f"seen +0.40{units.SPACE}pp": INK,
    }


def test_the_interval_is_shaded_and_the_axes_say_what_they_count() -> None:
    fig = differences(DRAWS, seen=0.004, low=-0.01, high=0.02, metric="return", form=points)
    band = next(shape for shape in fig.layout.shapes if shape.type == "rect")
    assert (band.x0, band.x1, band.fillcolor) == (-0.01, 0.02, SHADE)
    assert fig.layout.yaxis.title.text == "Histories"
    assert all(text.endswith("pp") for text in fig.layout.xaxis.ticktext)


def test_histories_ahead_and_behind_have_their_own_colour() -> None:
    bars = differences(DRAWS, seen=None, low=None, high=None, metric="return", form=points).data[0]
    assert {c for x, c in zip(bars.x, bars.marker.color, strict=True) if x > 0} == {SLOTS[0]}
    assert {c for x, c in zip(bars.x, bars.marker.color, strict=True) if x <= 0} == {REFERENCE}


def test_one_and_the_same_difference_is_a_picture_too() -> None:
    fig = differences(np.zeros(3), seen=0.0, low=0.0, high=0.0, metric="return", form=points)
    assert sum(fig.data[0].y) == 3


def test_starts_ahead_and_behind_have_their_own_colour() -> None:
    starts = np.array(["2020-01-31", "2020-02-29"], dtype="datetime64[D]")
    fig = by_start(starts, np.array([0.01, -0.02]), metric="return", form=units.pct2)
    assert [list(trace.y) for trace in fig.data] == [[0.01, 0.0], [0.0, -0.02]]
    assert [trace.marker.color for trace in fig.data] == [SLOTS[0], REFERENCE]
    assert fig.layout.xaxis.title.text == "Bought on"
    assert all(text.endswith("%") for text in fig.layout.yaxis.ticktext)
