"""How the leaves moved together, and what each added."""

from __future__ import annotations

import numpy as np
import pytest

from keel.ui.charts.matrix import contribution, correlation
from keel.ui.charts.tokens import DIVERGING, SEQUENTIAL, SLOTS


def test_correlation_shows_each_pair_once() -> None:
    matrix = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    fig = correlation(["A", "B", "C"], matrix)
    heat = fig.data[0]
    shown = [cell for row in heat.text for cell in row if cell]
    assert shown == ["0.50", "−0.20", "0.10"]
    assert (list(heat.x), list(heat.y)) == (["A", "B"], ["A", "B", "C"])
    assert list(fig.layout.xaxis.ticktext) == ["<b>1</b>", "<b>2</b>"]  # names side by side would not fit on a phone
    assert list(fig.layout.yaxis.ticktext)[1] == "B  <b>2</b>"


def test_correlation_diverges_round_zero_only_when_some_are_negative() -> None:
    mixed = correlation(["A", "B"], np.array([[1.0, -0.2], [-0.2, 1.0]])).data[0]
    alike = correlation(["A", "B"], np.array([[1.0, 0.2], [0.2, 1.0]])).data[0]
    assert (mixed.zmin, mixed.zmax, mixed.colorscale[0][1]) == (-1, 1, DIVERGING[3])
    assert (alike.zmin, alike.zmax, alike.colorscale[0][1]) == (0, 1, SEQUENTIAL[0])


def test_a_bucket_that_never_moves_has_no_correlation() -> None:
    nan = float("nan")
    heat = correlation(["A", "Cash"], np.array([[1.0, nan], [nan, nan]])).data[0]
    assert heat.text[1][0] == "–"


def test_contribution_writes_each_number_beside_its_bar() -> None:
    fig = contribution(["A", "B"], np.array([1.2, -0.1]), [0, 1])
    assert {a.text for a in fig.layout.annotations} >= {"120.0%", "−10.0%"}
    assert list(fig.data[0].marker.color) == [SLOTS[0], SLOTS[1]]


def test_contribution_is_in_percent_around_zero() -> None:
    fig = contribution(["A", "B"], np.array([1.2, -0.1]), [0, 1])
    assert list(fig.layout.xaxis.range) == pytest.approx([-0.11, 1.26])
    assert fig.layout.xaxis.tickformat == ".0%"
    assert fig.layout.shapes[0].x0 == fig.layout.shapes[0].x1 == 0
