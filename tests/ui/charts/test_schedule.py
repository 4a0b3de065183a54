"""The picture of deposits that come again."""

from __future__ import annotations

from keel.ui.charts.schedule import in_band_after


def test_every_deposit_has_its_part_and_prices_that_stay_their_place() -> None:
    fig = in_band_after([0.0, 0.25, 0.9], "month", 12, 2)
    assert (list(fig.data[0].x), list(fig.data[0].customdata)) == ([1, 2, 3], ["0%", "25%", "90%"])
    assert fig.layout.shapes[0].x0 == 2
    assert fig.layout.xaxis.title.text == "Months"


def test_without_such_a_place_there_is_no_line() -> None:
    assert not in_band_after([0.1] * 60, "week", 52, None).layout.shapes
    assert not in_band_after([0.1], "week", 52, 41).layout.shapes
