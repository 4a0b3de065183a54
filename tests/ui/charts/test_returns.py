"""Months by year, rolling returns and the parts of a score."""

from __future__ import annotations

import numpy as np

from keel.ui.charts.returns import GAIN, LOSS, MONTHS, monthly_returns, rolling, score_bars
from keel.ui.charts.tokens import DIVERGING, PAPER, REFERENCE, SEQUENTIAL, SLOTS

DATES = np.arange("2000-01-31", "2004-01-31", dtype="datetime64[D]")


def test_months_diverge_only_when_both_signs_occur() -> None:
    mixed = monthly_returns([(2020, 1, 0.02), (2020, 2, -0.03)]).data[0]
    rising = monthly_returns([(2020, 1, 0.02), (2020, 2, 0.03)]).data[0]
    assert [colour for _, colour in mixed.colorscale] == [LOSS, PAPER, GAIN]
    assert not {LOSS, GAIN} & set(DIVERGING)
    assert mixed.zmin == -mixed.zmax
    assert rising.colorscale[0][1] == SEQUENTIAL[0]


def test_a_month_without_data_is_empty_and_others_carry_their_number() -> None:
    heat = monthly_returns([(2020, 1, 0.0216), (2021, 12, -0.03)]).data[0]
    assert (list(heat.x), list(heat.y)) == (list(MONTHS), ["2020", "2021"])
    assert heat.text[0][0] == "2.2"
    assert heat.text[0][1] == ""
    assert heat.text[1][11] == "−3.0"


def test_rolling_returns_have_a_line_a_policy_with_its_name_at_the_end() -> None:
    values = np.linspace(0.01, 0.08, len(DATES))
    fig = rolling({"Yearly": (DATES, values * 1.1), "Never": (DATES, values)}, {"Yearly": 0}, reference="Never")
    assert [trace.name for trace in fig.data] == ["Never", "Yearly"]
    assert [trace.line.color for trace in fig.data] == [REFERENCE, SLOTS[0]]
    assert [trace.line.dash for trace in fig.data] == ["dot", "solid"]
    assert {a.text for a in fig.layout.annotations} == {"Never", "Yearly"}


def test_the_axis_of_rolling_returns_is_in_percent() -> None:
    fig = rolling({"Never": (DATES, np.linspace(-0.02, 0.08, len(DATES)))}, {}, reference="Never")
    assert all(text.endswith("%") for text in fig.layout.yaxis.ticktext)
    assert 0.0 in fig.layout.yaxis.tickvals


def test_a_missing_part_of_a_score_is_a_dash_not_a_zero() -> None:
    fig = score_bars({"Cost": 0.9, "Size": None})
    assert [a.text for a in fig.layout.annotations] == ["90", "–"]
    assert list(fig.data[0].x) == [1.0, 1.0]
    assert list(fig.data[1].x) == [0.9, 0.0]
