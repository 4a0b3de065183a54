"""The drift grid centres on zero, marks breaches and takes clicks."""

import numpy as np
import pytest

from keel.ui.charts import drift as chart
from keel.ui.charts.tokens import CLEAR, QUIET

DATES = np.array(["2020-01-31", "2020-02-29", "2020-03-31"], dtype="datetime64[D]")
DRIFT = np.array([[0.01, 0.03, -0.09], [-0.01, -0.03, 0.09]])
BAND = np.array([0.05, 0.05])
BREACH = np.abs(DRIFT) > 0.05


def grid(chosen: int | None = None):
    return chart.drift_grid(DATES, ["Equity", "Bonds"], DRIFT, BAND, BAND, BREACH, chosen=chosen)


def test_colour_is_drift_over_band_centred_on_zero() -> None:
    heat = grid().data[0]
    assert (heat.zmin, heat.zmid, heat.zmax) == (-2, 0, 2)
    assert heat.z[0][1] == pytest.approx(0.6)


def test_each_side_is_measured_by_its_own_band() -> None:
    ratio = chart.relative_to_band(DRIFT, np.array([0.09, 0.09]), np.array([0.05, 0.05]))
    assert ratio[0].tolist() == pytest.approx([0.2, 0.6, -1.0])


def test_a_band_of_zero_uses_the_whole_scale_and_no_drift_stays_zero() -> None:
    ratio = chart.relative_to_band(np.array([[0.001, 0.0, -0.001]]), np.zeros(1), np.zeros(1))
    assert ratio.tolist() == [[2.0, 0.0, -2.0]]


def test_a_breach_has_a_dot() -> None:
    dots = grid().data[1]
    assert list(zip(dots.x, dots.y, strict=True)) == [("2020-03-31", "Equity"), ("2020-03-31", "Bonds")]


def test_every_cell_takes_a_click_with_its_date_and_bucket() -> None:
    cells = grid().data[2]
    assert len(cells.x) == DRIFT.size
    assert cells.marker.color == CLEAR
    assert (cells.x[3], cells.y[3], cells.customdata[5][1]) == ("2020-01-31", "Bonds", "breach")


def test_the_chosen_date_is_outlined() -> None:
    assert len(grid(chosen=1).layout.shapes) == 1
    assert not grid().layout.shapes


def test_bullets_show_a_breach_by_shape_as_well_as_colour() -> None:
    fig = chart.drift_bullets(["Equity", "Bonds"], np.array([0.6, 0.4]), np.array([0.7, 0.39]), BAND, BAND)
    dots = fig.data[-1].marker
    assert list(dots.symbol) == ["diamond", "circle"]
    assert dots.color[1] == QUIET
