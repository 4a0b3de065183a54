"""Returns, weights, correlation, contribution and score bars."""

import numpy as np

from keel.ui.charts.matrix import contribution, correlation
from keel.ui.charts.returns import monthly_returns, rolling, score_bars
from keel.ui.charts.series import thin
from keel.ui.charts.tokens import DIVERGING, SEQUENTIAL
from keel.ui.charts.weights import weights_over_time

DATES = np.arange("2000-01-31", "2004-01-31", dtype="datetime64[D]")


def test_months_diverge_only_when_both_signs_occur() -> None:
    mixed = monthly_returns([(2020, 1, 0.02), (2020, 2, -0.03)]).data[0]
    rising = monthly_returns([(2020, 1, 0.02), (2020, 2, 0.03)]).data[0]
    assert mixed.colorscale[0][1] == DIVERGING[3]
    assert mixed.zmin == -mixed.zmax
    assert rising.colorscale[0][1] == SEQUENTIAL[0]


def test_a_month_without_data_is_empty_and_others_carry_their_number() -> None:
    text = monthly_returns([(2020, 1, 0.0215), (2021, 12, -0.03)]).data[0].text
    assert text[0][0] == "2.1" or text[0][0] == "2.2"
    assert text[0][1] == ""
    assert text[1][11] == "−3.0"


def test_rolling_returns_have_a_line_a_policy_with_its_name_at_the_end() -> None:
    values = np.linspace(0.01, 0.08, len(DATES))
    fig = rolling({"Never": (DATES, values), "Yearly": (DATES, values * 1.1)}, {"Yearly": 0}, reference="Never")
    assert [trace.name for trace in fig.data] == ["Never", "Yearly"]
    assert {a.text for a in fig.layout.annotations} == {"Never", "Yearly"}


def test_weights_are_stacked_to_the_whole() -> None:
    weights = np.tile([0.6, 0.3, 0.1], (len(DATES), 1))
    fig = weights_over_time(DATES, ["A", "B", "C"], weights, [0, 1, 2])
    assert list(fig.layout.yaxis.range) == [0, 1]
    assert {trace.stackgroup for trace in fig.data} == {"one"}
    assert len(fig.data[0].x) <= 400


def test_correlation_shows_each_pair_once() -> None:
    matrix = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    heat = correlation(["A", "B", "C"], matrix).data[0]
    shown = [cell for row in heat.text for cell in row if cell]
    assert shown == ["0.50", "−0.20", "0.10"]
    assert heat.zmin == -1


def test_a_bucket_that_never_moves_has_no_correlation() -> None:
    nan = float("nan")
    heat = correlation(["A", "Cash"], np.array([[1.0, nan], [nan, nan]])).data[0]
    assert heat.text[0][0] == "–"


def test_contribution_writes_each_number_beside_its_bar() -> None:
    fig = contribution(["A", "B"], np.array([1.2, -0.1]), [0, 1])
    assert {a.text for a in fig.layout.annotations} >= {"120.0%", "−10.0%"}


def test_a_missing_part_of_a_score_is_a_dash_not_a_zero() -> None:
    fig = score_bars({"Cost": 0.9, "Size": None})
    assert [a.text for a in fig.layout.annotations] == ["90", "–"]


def test_thinning_keeps_the_ends_and_the_extremes() -> None:
    path = np.sin(np.arange(9_000) / 300)
    path[4321] = 7.0
    keep = thin(path, 900)
    assert keep[0] == 0
    assert keep[-1] == 8_999
    assert 4321 in keep
    assert len(keep) <= 900
