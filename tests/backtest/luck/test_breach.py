"""Chances of a breach: known distributions, calibration over many worlds, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from keel.backtest.luck.breach import DRAWS, forecast
from keel.backtest.luck.pool import blocks
from keel.domain.drift.forecast import Forecast, Standing, first_breach
from keel.domain.drift.report import Occasion, report
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import PriceMatrix, StandIn
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position, Role
from keel.domain.study.resampling import Resampling

PAIR = Framework(
    "Pair",
    (
        Bucket("A/Up", "Up", 0.5, holdings=(Holding("AAA", 1.0),)),
        Bucket("A/Flat", "Flat", 0.5, holdings=(Holding("BBB", 1.0),)),
    ),
    rebalancing=Policy(trigger=Trigger.band, band=Absolute(1000)),
)
EVEN = (Position("AAA", 50, 1.0), Position("BBB", 50, 1.0))
ONE_AT_A_TIME = Resampling(draws=4_000, block=1)


def walk(n: int, frequency: str = "D") -> PriceMatrix:
    """AAA goes up by 30 % and back in turn; BBB stays."""
    closes = np.ones((n, 2))
    closes[1::2, 0] = 1.3
    if frequency == "M":
        ends = np.arange("2000-02", "2100-01", dtype="datetime64[M]")[:n].astype("datetime64[D]") - 1
        return PriceMatrix(ends, ("AAA", "BBB"), closes)
    dates = np.busday_offset(np.datetime64("2020-01-01", "D"), np.arange(n), roll="forward")
    return PriceMatrix(dates, ("AAA", "BBB"), closes)


def ask(prices: PriceMatrix, *held: Position, how: Resampling = ONE_AT_A_TIME, as_of: date | None = None) -> Forecast:
    when = Occasion(as_of or prices.dates[-1].astype(object))
    return forecast(report(PAIR, book(PAIR), held or EVEN, {}, when), prices, how)


def test_a_random_walk_leaves_its_band_as_often_as_it_must() -> None:
    # two moves one way leave the band: each pair of moves does with chance 1/2, so n moves with 1 − 2^−⌊n/2⌋
    found = ask(walk(241, "M"))
    assert (found.frequency, found.steps, found.returns) == ("monthly", (1, 3, 12), 240)
    assert found.by_path["A/Up"] == pytest.approx((0.0, 0.5, 1 - 2**-6), abs=3 * 0.5 / np.sqrt(4_000))
    assert found.by_path["A/Up"] == found.by_path["A/Flat"] == found.any  # of two weights one moves as the other
    assert "a breach between two closes is not seen" in " ".join(found.notes)


def test_daily_prices_have_as_many_steps_as_sessions() -> None:
    found = ask(walk(301), how=replace(ONE_AT_A_TIME, draws=100))
    assert (found.steps, found.frequency, found.notes) == ((21, 63, 252), "daily", ())


def test_prices_that_stand_still_never_breach() -> None:
    still = replace(walk(301), closes=np.ones((301, 2)))
    assert ask(still, how=DRAWS).by_path == {"A/Up": (0.0, 0.0, 0.0), "A/Flat": (0.0, 0.0, 0.0)}


def test_a_leaf_that_is_out_has_left_already() -> None:
    found = ask(walk(301), Position("AAA", 70, 1.0), Position("BBB", 30, 1.0), how=replace(DRAWS, draws=10))
    assert found.by_path["A/Up"] == found.any == (1.0, 1.0, 1.0)


def test_a_frozen_leaf_has_no_chance_to_tell() -> None:
    frozen = Position("AAA", 50, 1.0, role=Role.frozen)
    assert ask(walk(301), frozen, EVEN[1], how=replace(DRAWS, draws=10)).by_path["A/Up"] == (None, None, None)


def test_the_seed_decides_the_numbers() -> None:
    once, again, other = (ask(walk(61, "M"), how=Resampling(draws=50, seed=seed)) for seed in (1, 1, 2))
    assert once == again
    assert once.by_path != other.by_path


def test_a_short_history_says_nothing_of_a_long_time() -> None:
    found = ask(walk(40), how=replace(DRAWS, draws=10))
    assert found.steps == (21, 0, 0)
    assert found.by_path["A/Up"][1:] == (None, None)
    assert found.notes == ("Nothing is said of 63 and 252 sessions: the history has 39 returns, one a session.",)


def test_without_a_history_it_says_why() -> None:
    found = ask(walk(20))
    assert found.any == (None, None, None)
    assert found.notes[0] == "AAA has too short a history: it is taken to keep its price."
    assert found.by_path == {"A/Up": (None, None, None), "A/Flat": (None, None, None)}


def test_before_the_first_price_it_says_why() -> None:
    found = ask(walk(60), as_of=date(2019, 1, 1))
    assert found.any == (None, None, None)
    assert found.notes[0] == "AAA has too short a history: it is taken to keep its price."
    assert "moves" in ask(walk(60), Position("CASH", 100.0)).notes[0]


def test_one_without_a_history_leaves_the_others_theirs() -> None:
    prices = walk(301)
    found = ask(replace(prices, symbols=("AAA", "ZZZ")), how=replace(DRAWS, draws=50))
    assert found.by_path["A/Flat"] == (None, None, None)
    assert found.by_path["A/Up"][2] == 1.0
    assert found.notes == ("BBB has too short a history: it is taken to keep its price.",)


def test_what_came_after_the_day_is_not_known() -> None:
    prices = walk(301)
    found = ask(prices, how=replace(DRAWS, draws=10), as_of=prices.dates[99].astype(object))
    assert (found.last, found.returns) == (prices.dates[99].astype(object), 99)


def test_a_proxy_is_said() -> None:
    proxied = replace(walk(301), proxied=(StandIn("AAA", "IDX"),))
    assert ask(proxied, how=replace(DRAWS, draws=10)).notes == ("Part of the history is a proxy's: IDX for AAA.",)


def test_the_stated_chances_are_right_on_average() -> None:
    # 400 worlds: a year of history is drawn from, and what the next 21 days bring is counted
    noise = np.random.default_rng(5)
    worlds = np.exp(noise.normal(0.0, 0.012, (400, 273, 2)))
    stated, came = [], []
    for growth in worlds:
        now = _standing(0.015)
        drawn = first_breach(now, growth[:252], blocks(252, 1, (60, 21), 0))
        stated.append((drawn[:, 0] <= 21).mean())
        came.append(first_breach(now, growth[252:], np.arange(21)[None, :])[0, 0] <= 21)
    assert 0.2 < np.mean(came) < 0.8
    assert np.mean(stated) == pytest.approx(np.mean(came), abs=3 * 0.5 / np.sqrt(400))


def _standing(band: float) -> Standing:
    width = np.array([band, band])
    even = np.array([0.5, 0.5])
    return Standing(("A", "B"), even, np.array([0, 1]), ("a", "b"), even, width, width, np.array([False, False]))
