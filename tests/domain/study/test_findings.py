"""Verdicts: the numbers decide the words."""

from __future__ import annotations

import pytest

from keel.backtest.metrics.table import row
from keel.domain.study.findings import (
    Chance,
    Spread,
    Tried,
    Words,
    difference_sentence,
    fan_sentence,
    purchase_sentence,
    rolling_sentence,
    ruin_sentence,
    skill_sentence,
)
from keel.units import times

CAGR = row("cagr").words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def quarterly(otherwise: int, defined: int = 1000, seen: float = 0.003) -> str:
    return plain(difference_sentence("Quarterly", "Never", CAGR, Spread(seen, otherwise, defined, -1.0, 1.0)))


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        (410, "41 of 100 reshuffled histories it was the opposite: it may be luck."),
        (101, "10 of 100 reshuffled histories it was the opposite: it may be luck."),
        (100, "10 of 100 reshuffled histories it was the opposite: it leans that way, no more."),
        (26, "3 of 100 reshuffled histories it was the opposite: it leans that way, no more."),
        (25, "2 of 100 reshuffled histories it was the opposite: hard to put down to luck alone."),
        (3, "3 of 1,000 reshuffled histories it was the opposite: hard to put down to luck alone."),
        (0, "none of 1,000 reshuffled histories it was the opposite: hard to put down to luck alone."),
        (999, "999 of 1,000 reshuffled histories it was the opposite: it may be luck."),
    ],
)
def test_the_share_that_says_otherwise_decides_how_sure_it_sounds(otherwise: int, words: str) -> None:
    assert quarterly(otherwise) == f"Quarterly beat Never by 0.3 pp a year here; in {words}"


def test_few_histories_are_counted_as_they_are() -> None:
    assert "in 3 of 20 reshuffled histories it was" in quarterly(3, 20)


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
    assert plain(difference_sentence("A", "B", row(metric).words, Spread(seen, 50, 100, -1.0, 1.0))).startswith(claim)


def test_a_difference_that_rounds_to_nothing_is_none() -> None:
    assert (
        quarterly(0, seen=0.000004)
        == "Quarterly and Never do not differ in yearly return by anything one could see here."
    )
    same = difference_sentence("A", "B", CAGR, Spread(0.0, 500, 500, 0.0, 0.0))
    assert same.endswith("by anything one could see here, nor in the reshuffled histories.")


def test_a_small_difference_that_every_history_shows_is_certain_but_small() -> None:
    cost = Spread(0.000352, 0, 500, 0.000322, 0.000427)
    assert plain(difference_sentence("No cost", "30 bps", CAGR, cost)) == (
        "No cost beat 30 bps by 3.5 bp a year here; in none of 500 reshuffled histories it was the opposite: "
        "certain, but small."
    )
    back = Spread(-0.000352, 0, 500, -0.000427, -0.000322)
    assert plain(difference_sentence("30 bps", "No cost", CAGR, back)).startswith("No cost beat 30 bps by 3.5 bp")
    assert difference_sentence("A", "B", CAGR, back).endswith("certain, but small.")
    assert difference_sentence("A", "B", CAGR, Spread(0.004, 0, 500, 0.002, 0.006)).endswith(": certain.")


@pytest.mark.parametrize(
    "found",
    [
        Spread(0.004, 0, 500, 0.0019, 0.006),  # less than half of it is sure
        Spread(0.004, 1, 500, 0.003, 0.006),  # one says otherwise
        Spread(0.004, 0, 99, 0.003, 0.006),  # too few to say
    ],
)
def test_what_is_not_sure_is_not_called_certain(found: Spread) -> None:
    assert "hard to put down to luck alone" in difference_sentence("A", "B", CAGR, found)


def test_a_small_difference_may_be_luck_like_any_other() -> None:
    assert plain(difference_sentence("A", "B", CAGR, Spread(0.0004, 200, 500, -0.001, 0.001))) == (
        "A beat B by 4.0 bp a year here; in 40 of 100 reshuffled histories it was the opposite: it may be luck."
    )


def test_histories_that_take_everything_are_counted_and_said() -> None:
    assert ruin_sentence("A", "B", (0, 0), 0, 500) == ""
    assert ruin_sentence("A", "B", (329, 310), 331, 500) == (
        "A ran out of money in 329 of 500 reshuffled histories and B in 310; only the 169 others are compared."
    )
    assert ruin_sentence("A", "B", (9, 9), 9, 10).endswith("only the 1 other is compared.")


def test_what_is_undefined_is_not_judged() -> None:
    for seen, defined in ((None, 10), (0.1, 0)):
        text = difference_sentence("A", "B", row("calmar").words, Spread(seen, 0, defined, None, None))
        assert text.startswith("Nothing can be said of the Calmar ratio of A and B")


def test_a_difference_outside_the_histories_owes_itself_to_the_order_of_returns() -> None:
    text = difference_sentence("A", "B", CAGR, Spread(0.02, 300, 500, -0.01, 0.01))
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


def test_the_fan_says_what_the_day_was_worth_and_of_which_prices() -> None:
    fall = row("max_drawdown").words
    assert fan_sentence(fall, Tried(12, "month", -0.32, -0.301), 4, -0.31) == (
        "The day of the check alone moved the deepest fall from −32.0% to −30.1% (12 months tried); "
        "in 4 tranches it is −31.0%."
    )
    assert fan_sentence(Words("wealth at the end", "", times), Tried(34, "session", 5.8, 6.3), 1, None) == (
        "The day of the check alone moved the wealth at the end from 5.80× to 6.30× (34 sessions tried)."
    )
    same = fan_sentence(CAGR, Tried(3, "month", 0.07, 0.07), 3, 0.07)
    assert same == "The day of the check made no difference to the yearly return: 7.00% on each of 3 months tried."
    assert fan_sentence(row("sharpe").words, Tried(3, "month", None, None), 3, None).startswith("The Sharpe ratio is")


def test_where_every_day_is_checked_the_day_of_the_purchase_and_the_width_are_said_to_be_varied() -> None:
    bought = Tried(51, "session", 0.0737, 0.0748)
    assert purchase_sentence(CAGR, bought, (0.0744, 0.0754)) == (
        "Bought on any of 51 sessions the yearly return was 7.37% to 7.48%: there is no other day to check on. "
        "With bands a tenth narrower to a tenth wider: 7.44% to 7.54%."
    )
    assert purchase_sentence(CAGR, Tried(2, "month", 0.07, 0.07), None) == (
        "Bought on any of 2 months the yearly return was 7.00%: there is no other day to check on."
    )
    assert purchase_sentence(row("sharpe").words, Tried(2, "month", None, None), None).startswith("The Sharpe ratio is")


@pytest.mark.parametrize(
    ("p_value", "better", "words"),
    [
        (0.43, 0, ", but so large a lead comes by luck 43 times in 100 among so many: this is no evidence of skill."),
        (0.43, 1, ", but so large a lead comes by luck 43 times in 100 among so many: this is no evidence of skill, "
                  "though 1 is reliably ahead of Yearly."),
        (0.10, 0, "; so large a lead comes by luck 10 times in 100 among so many: weak evidence of skill."),
        (0.05, 2, "; so large a lead comes by luck 5 times in 100 among so many: hard to put down to luck alone."),
        (0.01, 0, "; so large a lead comes by luck 1 time in 100 among so many: hard to put down to luck alone."),
        (0.004, 0, "; so large a lead comes by luck 4 times in 1,000 among so many: hard to put down to luck alone."),
        (0.0, 0, "; so large a lead comes by luck fewer than 1 time in 1,000 among so many: hard to put down to luck"),
    ],
)  # fmt: skip
def test_the_best_of_many_is_told_what_luck_gives_the_best_of_many(p_value: float, better: int, words: str) -> None:
    said = plain(skill_sentence("±5 pp band", "Yearly", 0.005, Chance(p_value, 1000), 10_000, 200, 143, better))
    assert said.startswith(f"The best of 10,000, ±5 pp band, beat Yearly by 0.5 pp a year{words}")
    assert said.endswith("Of 200 policies and Yearly, 143 cannot be told from the best.")


def test_a_best_that_is_not_better_is_said_to_be_none() -> None:
    assert skill_sentence("X", "Yearly", -0.001, Chance(0.9, 1000), 12, 12, 13, 0) == "None of 12 policies beat Yearly."
    assert (
        skill_sentence("X", "Yearly", 0.0, Chance(1.0, 1000), 1, 0, 1, 0)
        == "All of 1 policy follow the very path of Yearly."
    )
    assert "by 1.0\u00a0bp a year" in skill_sentence("X", "Yearly", 0.0001, Chance(0.9, 1000), 12, 12, 13, 0)
