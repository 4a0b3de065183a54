"""Which choice matters: what passed no test is not claimed."""

from __future__ import annotations

import numpy as np

from keel.backtest.metrics.table import row
from keel.domain.study.axis_effects import (
    AxisEffect,
    axis_effects,
    claim,
    decision_sentence,
    measured_sentence,
)

CAGR = row("cagr").words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def said(*effects: AxisEffect) -> str:
    return plain(decision_sentence(effects, CAGR))


def bands(effect: float, p_value: float = 0.3) -> AxisEffect:
    return AxisEffect("band.width_bps", effect, 800.0, p_value)


def look(effect: float, p_value: float = 0.3) -> AxisEffect:
    return AxisEffect("look", effect, None, p_value)


def cost(effect: float, p_value: float = 0.005, certain: bool = True) -> AxisEffect:
    return AxisEffect("cost_bps", effect, 50.0, p_value, certain)


def test_the_effect_of_an_axis_is_between_its_means_with_the_others_averaged_out() -> None:
    axes = {"cost_bps": [0, 10], "band.width_bps": [100, 500], "lag": [1]}
    effects = axis_effects(axes, np.array([[[0.070], [0.071]], [[0.060], [0.063]]]))
    assert [(e.axis, round(e.effect, 12), e.span) for e in effects] == [
        ("cost_bps", 0.009, 10.0),
        ("band.width_bps", 0.002, 400.0),
    ]
    holes = axis_effects({"look": ["daily", "monthly"], "lag": [0, 1]}, np.array([[1.0, np.nan], [2.0, 5.0]]))
    assert [(e.axis, e.effect) for e in holes] == [("lag", 3.0), ("look", 1.0)]  # where both ends are known


def test_until_it_is_tested_nothing_is_claimed_of_the_largest_effect() -> None:
    effects = [AxisEffect("band.width_bps", 0.0025), AxisEffect("look", 0.0004)]
    assert plain(measured_sentence(effects, CAGR)) == (
        "Measured here, in yearly return: band width 0.2 pp, how often you check 4.0 bp."
    )
    assert claim(effects, CAGR) == ""
    assert measured_sentence([], CAGR) == "Only one choice was tried, so there is nothing to compare."


def test_what_passes_no_test_cannot_be_told_apart_however_far_it_lies_apart() -> None:
    assert said(bands(0.025), look(0.001)) == (
        "These policies cannot be told apart here: "
        "luck alone moves the yearly return as far as band width and how often you check do."
    )
    assert said(bands(0.025)).endswith("as far as band width does.")
    assert said(bands(0.025, 0.051)).startswith("These policies cannot be told apart here")


def test_what_passes_matters_and_the_rest_may_be_luck() -> None:
    assert said(bands(0.004, 0.05), look(0.006), cost(0.001, 0.2, certain=False)) == (
        "Band width matters here: 0.4 pp in yearly return. "
        "How often you check and 50 bps of cost cannot be told from luck."
    )


def test_the_largest_of_what_matters_is_named_first() -> None:
    assert said(bands(0.004, 0.01), look(0.001, 0.01)) == (
        "Band width matters most here: 0.4 pp in yearly return; how often you check matters less."
    )
    assert said(bands(0.004, 0.01), look(0.003, 0.01)) == (
        "Band width and how often you check matter alike here: 0.4 pp and 0.3 pp in yearly return."
    )


def test_what_is_certain_and_small_is_said_as_that() -> None:
    assert said(cost(0.00035)) == "50 bps of cost matters here: 3.5 bp in yearly return, certain but small."
    assert said(cost(0.0001), bands(0.0025)) == (
        "50 bps of cost matters here: 1.0 bp in yearly return, certain but small. Band width cannot be told from luck."
    )
    assert said(cost(0.004)) == "50 bps of cost matters here: 0.4 pp in yearly return, certain."
    assert said(bands(0.0004, 0.02)) == "Band width matters here: 4.0 bp in yearly return, small."


def test_what_nobody_could_see_matters_to_nobody_even_when_it_is_certain() -> None:
    assert said(cost(0.000001)).startswith("These policies cannot be told apart here")


def test_a_bands_kind_and_width_are_one_choice() -> None:
    kind = AxisEffect("band.kind", 0.010, None, 0.4)
    assert said(kind, bands(0.009, 0.01)) == "Band width matters here: 0.9 pp in yearly return."
