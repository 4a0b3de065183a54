"""From when to when each series has prices."""

from __future__ import annotations

import json
from datetime import date

from keel.ui.charts.coverage import DAY_MS, coverage_bars
from keel.ui.charts.tokens import SLOTS

FIRST, LAST = [date(2000, 1, 31), date(2010, 1, 31)], [date(2020, 1, 31)] * 2


def test_coverage_has_a_bar_per_series_from_its_first_to_its_last_day() -> None:
    fig = coverage_bars(["Old", "New"], FIRST, LAST)
    bars = json.loads(fig.to_json())["data"][0]
    assert bars["base"] == ["2000-01-31", "2010-01-31"]
    assert bars["customdata"] == ["Jan 2000 – Jan 2020", "Jan 2010 – Jan 2020"]
    assert list(fig.data[0].x) == [(b - a).days * DAY_MS for a, b in zip(FIRST, LAST, strict=True)]


def test_the_axis_is_of_dates_and_the_first_series_is_on_top() -> None:
    fig = coverage_bars(["Old", "New"], FIRST, LAST, slot=2)
    assert (fig.layout.xaxis.type, fig.layout.yaxis.autorange) == ("date", "reversed")
    assert list(fig.data[0].y) == ["Old", "New"]
    assert fig.data[0].marker.color == SLOTS[2]


def test_every_series_makes_the_picture_taller() -> None:
    assert (
        coverage_bars(["a", "b"], FIRST, LAST).layout.height - coverage_bars(["a"], FIRST[:1], LAST[:1]).layout.height
        == 22
    )
