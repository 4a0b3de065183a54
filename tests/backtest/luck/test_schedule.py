"""Deposits along resampled histories: known distributions, calibration over many worlds, what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.backtest.luck.pool import blocks
from keel.backtest.luck.schedule import prospect
from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.deposits.prospect import HALF, HIGH, LOW, Prospect, after, reached
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.deposits.schedule import Schedule, first_in_band, start
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Policy
from keel.domain.portfolio.position import Position
from keel.domain.study.resampling import Resampling

BAND = Policy(trigger=Trigger.band, band=Absolute(1000))
FEW = Resampling(draws=200, block=1)
OUT = desk({"A": 0.5, "B": 0.5}, held({"A": 70.0, "B": 30.0}))
FIVE = Schedule(5.0)


def monthly(n: int, step: float = 1.0) -> PriceMatrix:
    """A rises by ``step`` and falls back in turn; B stays."""
    closes = np.ones((n, 2))
    closes[1::2, 0] = step
    ends = np.arange("2000-02", "2100-01", dtype="datetime64[M]")[:n].astype("datetime64[D]") - 1
    return PriceMatrix(ends, ("A", "B"), closes)


def ask(prices: PriceMatrix, schedule: Schedule = FIVE, how: Resampling = FEW) -> Prospect:
    return prospect(OUT, BAND, schedule, prices, prices.dates[-1].astype(object), how)


def test_prices_that_stand_still_take_what_they_take_by_hand() -> None:
    found = ask(monthly(121))
    assert found.spread is not None
    assert (found.flat, found.spread.low, found.spread.median, found.spread.high) == (4, 4, 4, 4)
    assert (found.spread.never, found.spread.horizon, found.spread.drawn.frequency) == (0.0, 60, "monthly")
    assert found.spread.in_a_year == found.flat_in_a_year == pytest.approx(16.667 / 12, rel=2e-3)
    assert found.notes == ()


def test_one_fall_is_enough() -> None:
    # down by a third at once 46.7 and 30 with 5 are 57 %: in band with chance 1/2 a month where each move is a toss
    found = ask(monthly(241, 1.5), how=replace(FEW, draws=2_000))
    assert found.spread is not None
    assert found.spread.reached[0] == pytest.approx(0.5, abs=3 * 0.5 / np.sqrt(2_000))


def test_the_stated_spread_is_right_as_often_as_it_says() -> None:
    # 300 worlds: ten years of months are drawn from, and the number of deposits of the months after is looked up
    noise = np.random.default_rng(11)
    worlds = np.exp(noise.normal(0.0, 0.03, (300, 156, 3)))
    worlds[:, :, 2] = 1.0
    begin, rows = start(OUT, BAND), blocks(120, 1, (40, 36), 0)
    drawn = np.moveaxis(worlds[:, rows], 2, 0).reshape(36, 300 * 40, 3)
    stated = first_in_band(begin, drawn, 2.0, Rule.relative_waterfill).reshape(300, 40)
    came = first_in_band(begin, np.moveaxis(worlds[:, 120:], 1, 0), 2.0, Rule.relative_waterfill)
    for part in (LOW, HALF, HIGH):
        said = np.array([after(reached(first, 36), part) or 37 for first in stated])
        # in whole months a little more than the part lies at or below its quantile
        assert part - 0.05 < (came <= said).mean() < part + 0.12
        assert (came < said).mean() < part + 0.05


def test_a_short_history_looks_as_far_as_it_is_long() -> None:
    found = ask(monthly(31), replace(FIVE, amount=0.01))
    assert found.spread is not None
    assert (found.spread.horizon, found.spread.median, found.flat) == (30, None, None)
    assert found.away == ("A", "B")


@pytest.mark.parametrize(
    ("prices", "cadence", "why"),
    [(monthly(20), Cadence.monthly, "too short a history"), (monthly(121), Cadence.weekly, "too short or too coarse")],
)
def test_without_histories_only_prices_that_stay_are_told(prices: PriceMatrix, cadence: Cadence, why: str) -> None:
    found = ask(prices, replace(FIVE, cadence=cadence))
    assert (found.spread, found.flat) == (None, 4)
    assert why in " ".join(found.notes)


def test_what_is_in_band_is_not_simulated() -> None:
    even = desk({"A": 0.5, "B": 0.5}, held({"A": 55.0, "B": 45.0}))
    found = prospect(even, BAND, FIVE, monthly(121), date(2020, 1, 1), FEW)
    assert (found.in_band, found.flat, found.spread, found.notes) == (True, 0, None, ())


def test_what_stays_beside_the_deposits_is_said() -> None:
    more = desk({"A": 0.5, "B": 0.5}, [*held({"A": 70.0, "B": 30.0}), Position("CASH", 1_500.0), Position("X", 2.5)])
    found = prospect(more, PRESETS["annual"], FIVE, monthly(121), date(2012, 1, 1), FEW)
    assert found.notes[:3] == (
        "The policy has no bands: judged against 5/25 bands.",
        "Cash of $1,500 that no bucket asks for stays as it is.",
        "$2.50 outside the framework stays as it is, and is not judged.",
    )


def test_a_product_of_several_buckets_is_said_to_be_filled_by_its_parts() -> None:
    lines = desk({"C": (0.5, {"V": 1.0}), "U": (0.5, {"V": 0.5, "W": 0.5})}, held({"V": 60.0, "W": 40.0}))
    found = prospect(lines, BAND, FIVE, monthly(121), date(2009, 12, 31), FEW)
    said = "V lies in several buckets: here its part in each is filled by itself, a plan fills all of them together."
    assert said in found.notes
    assert not [note for note in ask(monthly(121)).notes if "several buckets" in note]


def test_the_seed_decides_the_numbers() -> None:
    once, again, other = (ask(monthly(121, 1.1), how=Resampling(draws=50, seed=seed)) for seed in (1, 1, 2))
    assert once == again
    assert once.spread != other.spread
