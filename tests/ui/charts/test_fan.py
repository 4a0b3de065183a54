"""Timing luck: one policy on every day it could have looked."""

from __future__ import annotations

import numpy as np

from keel import units
from keel.ui.charts.fan import OWN, PARTS, by_day, timing_fan
from keel.ui.charts.tokens import REFERENCE, SHADE

DATES = np.arange("2020-01-01", "2022-01-01", dtype="datetime64[D]")
MIDDLE = np.linspace(1, 2, len(DATES))
BAND = MIDDLE[:, None] * np.array([0.9, 0.95, 1.0, 1.05, 1.1])


def test_a_fan_names_its_lines_at_their_ends() -> None:
    fig = timing_fan(DATES, BAND, MIDDLE * 1.02, MIDDLE, 4)
    assert {a.text for a in fig.layout.annotations} == {"This policy", "In 4 tranches"}
    assert {trace.name: trace.line.color for trace in fig.data if trace.name} == {
        "This policy": OWN,
        "In 4 tranches": PARTS,
    }
    alone = timing_fan(DATES, BAND, MIDDLE, None, 1)
    assert [a.text for a in alone.layout.annotations] == ["This policy"]


def test_everything_is_measured_from_the_median_day() -> None:
    fig = timing_fan(DATES, BAND, MIDDLE * 1.02, None, 1)
    low, high, quarter, three_quarters, own = (trace.y[-1] for trace in fig.data)
    assert np.allclose([low, high, quarter, three_quarters, own], [-0.1, 0.1, -0.05, 0.05, 0.02])
    assert [trace.fillcolor for trace in fig.data if trace.fill] == [SHADE, SHADE]
    assert fig.data[-1].customdata[0] == "+2.00%"


def test_the_axis_is_in_signed_percent() -> None:
    text = timing_fan(DATES, BAND, MIDDLE, None, 1).layout.yaxis.ticktext
    assert {"0%", "+10%", "−10%"} <= set(text)


def by_three_days(**options: object):  # type: ignore[no-untyped-def]
    values = np.array([0.06, 0.07, 0.05])
    usual: dict[str, object] = {"own": 1, "tranched": 0.06, "tranches": 3}
    return by_day(np.arange(3), values, metric="return", form=units.pct2, noun="session", **usual | options)  # type: ignore[arg-type]


def test_the_policy_as_it_stands_is_ringed_among_its_days() -> None:
    fig = by_three_days()
    assert [list(trace.x) for trace in fig.data[1:]] == [[1], [1]]
    assert fig.data[0].marker.color == REFERENCE
    assert len(by_three_days(own=9).data) == 1


def test_days_are_counted_and_the_tranches_are_a_line() -> None:
    fig = by_three_days()
    assert fig.layout.xaxis.title.text == "Sessions later"
    assert list(fig.data[0].customdata) == ["6.00%", "7.00%", "5.00%"]
    assert [a.text for a in fig.layout.annotations] == ["In 3 tranches"]
    assert fig.layout.shapes[0].y0 == 0.06
    assert not by_three_days(tranched=None).layout.shapes
