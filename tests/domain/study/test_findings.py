"""Verdicts: the numbers decide the words."""

from __future__ import annotations

import numpy as np
import pytest

from keel.backtest.metrics.table import row
from keel.domain.study.findings import (
    AxisEffect,
    Words,
    axis_effects,
    decision_sentence,
    difference_sentence,
    fan_sentence,
    rolling_sentence,
    skill_sentence,
)
from keel.units import times

CAGR = row("cagr").words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def quarterly(otherwise: int, defined: int = 1000, seen: float = 0.003) -> str:
    return plain(difference_sentence("Quarterly", "Never", row("cagr").words, seen, otherwise, defined, -1.0, 1.0))


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        (410, ", but 41 of 100 resampled histories say otherwise: it may be luck."),
        (101, ", but 10 of 100 resampled histories say otherwise: it may be luck."),
        (100, "; 10 of 100 resampled histories say otherwise: it leans that way, no more."),
        (26, "; 3 of 100 resampled histories say otherwise: it leans that way, no more."),
        (25, "; 2 of 100 resampled histories say otherwise: hard to put down to luck alone."),
        (10, "; 1 of 100 resampled histories says otherwise: hard to put down to luck alone."),
        (3, "; 3 of 1,000 resampled histories say otherwise: hard to put down to luck alone."),
        (0, "; none of 1,000 resampled histories say otherwise: hard to put down to luck alone."),
        (999, ", but 999 of 1,000 resampled histories say otherwise: it may be luck."),
    ],
)
def test_the_share_that_says_otherwise_decides_how_sure_it_sounds(otherwise: int, words: str) -> None:
    assert quarterly(otherwise) == f"Quarterly beat Never by 0.3 pp a year here{words}"


def test_few_histories_are_counted_as_they_are() -> None:
    assert "but 3 of 20 resampled histories say" in quarterly(3, 20)


def test_the_better_policy_comes_first_whichever_was_asked() -> None:
    assert quarterly(0, seen=-0.003).startswith("Never beat Quarterly by 0.3 pp a year here;")


@pytest.mark.parametrize(
    ("metric", "seen", "claim"),
    [
        ("volatility", 0.012, "B swung 1.2 pp less a year than A here"),
        ("max_drawdown", 0.021, "A fell 2.1 pp less at worst than B here"),
        ("sharpe", -0.05, "B had a Sharpe ratio 0.05 above that of A here"),
        ("turnover_per_year", -0.12, "A traded 12.0 pp less a year than B here"),
        ("tracking_error", -0.0015, "A kept 0.15 pp closer to target than B here"),
    ],
)
def test_each_figure_is_said_in_its_own_words(metric: str, seen: float, claim: str) -> None:
    assert plain(difference_sentence("A", "B", row(metric).words, seen, 50, 100, -1.0, 1.0)).startswith(claim)


def test_a_difference_that_rounds_to_nothing_is_none() -> None:
    assert (
        quarterly(0, seen=0.0004)
        == "Quarterly and Never do not differ in yearly return by anything one could see here."
    )
    same = difference_sentence("A", "B", row("cagr").words, 0.0, 500, 500, 0.0, 0.0)
    assert same.endswith("by anything one could see here, nor in the resampled histories.")


def test_what_is_undefined_is_not_judged() -> None:
    for seen, defined in ((None, 10), (0.1, 0)):
        text = difference_sentence("A", "B", row("calmar").words, seen, 0, defined, None, None)
        assert text.startswith("Nothing can be said of the Calmar ratio of A and B")


def test_a_difference_outside_the_histories_owes_itself_to_the_order_of_returns() -> None:
    text = difference_sentence("A", "B", row("cagr").words, 0.02, 300, 500, -0.01, 0.01)
    assert text.endswith("it came from the order of returns in this one history.")


def test_rolling_starts_say_how_few_are_separate() -> None:
    said = rolling_sentence("A", "B", row("max_drawdown").words, 10, 90, 100, 10, 2.6)
    assert said == (
        "By deepest fall B did better than A in 90 of 100 stretches of 10 years; only 2 of them do not overlap."
    )
    assert rolling_sentence("A", "B", row("volatility").words, 10, 90, 100, 1, 9.0).startswith(
        "By volatility A did better than B in"
    )
    assert rolling_sentence("A", "B", row("cagr").words, 3, 4, 7, None, 1.0) == (
        "By yearly return B did better than A in 4 of 7 starts held to the end; they all share their last years."
    )
    assert rolling_sentence("A", "B", row("cagr").words, 0, 0, 7, 5, 1.2) == (
        "A and B did the same by yearly return in all of 7 stretches of 5 years."
    )
    assert rolling_sentence("A", "B", row("cagr").words, 4, 3, 7, 5, 1.2).endswith("they all overlap.")
    assert rolling_sentence("A", "B", row("cagr").words, 0, 0, 0, 5, 0.4).startswith("No stretch is long enough")


def test_the_fan_says_what_the_day_was_worth() -> None:
    assert fan_sentence(row("max_drawdown").words, -0.32, -0.301, 12, 4, -0.31) == (
        "The day of the look alone moved the deepest fall from −32.0% to −30.1% (12 days tried); "
        "in 4 tranches it is −31.0%."
    )
    assert fan_sentence(Words("wealth at the end", "", times), 5.8, 6.3, 12, 1, None) == (
        "The day of the look alone moved the wealth at the end from 5.80× to 6.30× (12 days tried)."
    )
    assert fan_sentence(row("cagr").words, 0.07, 0.07, 3, 3, 0.07).startswith("The day of the look made no difference")
    assert fan_sentence(row("cagr").words, 0.07, 0.07, 1, 1, None).endswith("there is no timing luck in it.")
    assert fan_sentence(row("sharpe").words, None, None, 3, 3, None).startswith("The Sharpe ratio is undefined")


@pytest.mark.parametrize(
    ("p_value", "better", "words"),
    [
        (0.43, 0, ", but so large a lead comes by luck 43 times in 100 among so many: this is no evidence of skill."),
        (0.43, 1, ", but so large a lead comes by luck 43 times in 100 among so many: this is no evidence of skill, "
                  "though 1 leads Yearly steadily."),
        (0.10, 0, "; so large a lead comes by luck 10 times in 100 among so many: weak evidence of skill."),
        (0.05, 2, "; so large a lead comes by luck 5 times in 100 among so many: hard to put down to luck alone."),
        (0.01, 0, "; so large a lead comes by luck 1 time in 100 among so many: hard to put down to luck alone."),
        (0.004, 0, "; so large a lead comes by luck fewer than 1 times in 100 among so many: hard to put down to luck"),
    ],
)  # fmt: skip
def test_the_best_of_many_is_told_what_luck_gives_the_best_of_many(p_value: float, better: int, words: str) -> None:
    said = plain(skill_sentence("±5 pp band", "Yearly", 0.005, p_value, 10_000, 200, 143, better))
    assert said.startswith(f"The best of 10,000, ±5 pp band, beat Yearly by 0.5 pp a year{words}")
    assert said.endswith("143 of the 201 compared cannot be told from the best.")


def test_a_best_that_is_not_better_is_said_to_be_none() -> None:
    assert skill_sentence("X", "Yearly", -0.001, 0.9, 12, 12, 13, 0) == "None of 12 policies beat Yearly."
    assert skill_sentence("X", "Yearly", 0.0, 1.0, 1, 0, 1, 0) == "All of 1 policy follow the very path of Yearly."
    assert "by less than 0.1\u00a0pp a year" in skill_sentence("X", "Yearly", 0.0001, 0.9, 12, 12, 13, 0)


def test_the_effect_of_an_axis_is_between_its_means_with_the_others_averaged_out() -> None:
    axes = {"cost_bps": [0, 10], "band.width_bps": [100, 500], "lag": [1]}
    effects = axis_effects(axes, np.array([[[0.070], [0.071]], [[0.060], [0.063]]]))
    assert [(e.axis, round(e.effect, 12), e.span) for e in effects] == [
        ("cost_bps", 0.009, 10.0),
        ("band.width_bps", 0.002, 400.0),
    ]
    holes = axis_effects({"look": ["daily", "monthly"], "lag": [0, 1]}, np.array([[1.0, np.nan], [2.0, 5.0]]))
    assert [(e.axis, e.effect) for e in holes] == [("lag", 3.0), ("look", 1.0)]  # where both ends are known


def test_the_largest_effect_decides_when_it_is_twice_every_other() -> None:
    cost, band, look = (
        AxisEffect("cost_bps", 0.010, 10.0),
        AxisEffect("band.width_bps", 0.005),
        AxisEffect("look", 0.001),
    )
    assert plain(decision_sentence([band, cost], CAGR, 9)) == "10 bps of cost decides this; the bands do not."
    assert plain(decision_sentence([look, band], CAGR, 9)) == "The bands decide this; how often one looks does not."
    assert plain(decision_sentence([cost, band, look], CAGR, 9)) == (
        "10 bps of cost decides this; the bands and how often one looks do not."
    )


def test_effects_close_to_each_other_matter_alike() -> None:
    near = [AxisEffect("cost_bps", 0.010, 20.0), AxisEffect("band.width_bps", 0.006), AxisEffect("look", 0.001)]
    assert plain(decision_sentence(near, CAGR, 9)) == "20 bps of cost and the bands matter alike: 1.0 pp and 0.6 pp."


def test_a_bands_kind_and_width_are_one_choice() -> None:
    both = [AxisEffect("band.kind", 0.010), AxisEffect("band.width_bps", 0.009), AxisEffect("lag", 0.001)]
    assert plain(decision_sentence(both, CAGR, 9)) == "The bands decide this; the lag does not."
    assert plain(decision_sentence(both[:2], CAGR, 9)) == "The bands decide this: 1.0 pp."


def test_nothing_decides_what_nobody_could_see() -> None:
    small = [AxisEffect("cost_bps", 0.0003, 10.0)]
    assert decision_sentence(small, CAGR, 1140) == (
        "Nothing here decides: 1,140 policies do not differ in yearly return by what one could see."
    )
    assert decision_sentence([], CAGR, 1) == "Only one choice was tried, so nothing can decide."
