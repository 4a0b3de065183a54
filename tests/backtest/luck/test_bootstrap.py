"""The block bootstrap of a difference: by hand, by property, and against arch itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.backtest.chances import BAND, DEAR, NEVER, QUARTERLY, SIXTY, daily, equal, monthly

from keel.backtest.luck.bootstrap import Confidence, block_length, confidence, difference, history, samples
from keel.backtest.luck.outcome import outcome
from keel.domain.arrays import Floats
from keel.domain.policy.records import RunSettings
from keel.domain.study.candidate import Candidate
from keel.domain.study.resampling import Design, Resampling
from keel.errors import HistoryTooShortError, InputError


def numbers(found: Confidence) -> list[list[float]]:
    return [d.draws.tolist() for d in found.differences]


@pytest.mark.parametrize("design", list(Design))
def test_the_seed_decides_and_the_threads_do_not(design: Design) -> None:
    first = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=40, seed=7, design=design), workers=1)
    again = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=40, seed=7, design=design), workers=3)
    other = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=40, seed=8, design=design))
    np.testing.assert_array_equal(numbers(first), numbers(again))
    assert first.of("cagr").draws.tolist() != other.of("cagr").draws.tolist()


@pytest.mark.parametrize("design", list(Design))
def test_a_policy_does_not_differ_from_itself(design: Design) -> None:
    found = confidence(daily(300), SIXTY, BAND, replace(BAND, name="Again"), Resampling(draws=30, design=design))
    assert found.basis == "returns of the first policy"
    for one in found.differences:
        assert (one.seen, one.low, one.median, one.high) == (0.0, 0.0, 0.0, 0.0), one.metric
        assert one.p_value == 1.0
        assert one.otherwise == one.defined == 30


@pytest.mark.parametrize("design", list(Design))
def test_a_policy_worse_by_construction_is_found_in_every_history(design: Design) -> None:
    found = confidence(monthly(), SIXTY, DEAR, QUARTERLY, Resampling(draws=60, design=design))
    growth = found.of("cagr")
    assert growth.otherwise == 0
    assert growth.p_value == pytest.approx(2 / 61)
    assert growth.high is not None
    assert growth.high < 0.0


def test_the_paired_design_is_archs_own_percentile_interval() -> None:
    from arch.bootstrap import StationaryBootstrap

    window = monthly()
    found = confidence(window, SIXTY, QUARTERLY, NEVER, Resampling(draws=200, seed=11, design=Design.paired, level=0.9))
    r = [np.diff(outcome(window, SIXTY, c).wealth) / outcome(window, SIXTY, c).wealth[:-1] for c in (QUARTERLY, NEVER)]

    def apart(a: Floats, b: Floats) -> Floats:
        return np.array([(a.std(ddof=1) - b.std(ddof=1)) * np.sqrt(12.0)])

    theirs = StationaryBootstrap(found.block, *r, seed=np.random.default_rng(11))
    low, high = theirs.conf_int(apart, reps=200, method="percentile", size=0.9)[:, 0]
    mine = found.of("volatility")
    assert (mine.low, mine.high) == pytest.approx((low, high), rel=1e-9)


def test_a_history_is_the_windows_returns_in_another_order() -> None:
    window = monthly(5)
    drawn = history(window, np.array([2, 2, 0, 3]))
    growth = window.closes[1:] / window.closes[:-1]
    assert drawn.closes[0].tolist() == window.closes[0].tolist()
    assert drawn.closes[1:] / drawn.closes[:-1] == pytest.approx(growth[[2, 2, 0, 3]], rel=1e-14)
    assert drawn.dates.tolist() == window.dates.tolist()


@settings(max_examples=20)
@given(st.integers(24, 90), st.integers(0, 100))
def test_the_unmoved_history_is_the_window_and_gives_what_was_seen(n: int, seed: int) -> None:
    window = daily(n, 3, seed)
    same = history(window, np.arange(n - 1))
    assert same.closes == pytest.approx(window.closes, rel=1e-12)
    book = equal(3)
    assert outcome(same, book, BAND).metrics == pytest.approx(
        outcome(window, book, BAND).metrics, rel=1e-9, abs=1e-12, nan_ok=True
    )


def test_the_draws_are_both_policies_run_on_each_history() -> None:
    window = monthly()
    found = confidence(window, SIXTY, BAND, NEVER, Resampling(draws=5, seed=2))
    for i, rows in enumerate(samples(len(window.dates) - 1, found.block, 5, 2)):
        drawn = history(window, rows)
        wanted = outcome(drawn, SIXTY, BAND).metrics - outcome(drawn, SIXTY, NEVER).metrics
        assert [one.draws[i] for one in found.differences] == pytest.approx(wanted.tolist(), nan_ok=True)


def test_blocks_have_the_asked_mean_length_and_wrap() -> None:
    rows = np.array(list(samples(500, 10, 40, 1)))
    joined = (np.diff(rows, axis=1) % 500 == 1).mean()
    assert joined == pytest.approx(0.9, abs=0.01)
    assert rows.min() >= 0
    assert rows.max() <= 499


def test_the_block_length_is_archs_rounded_up() -> None:
    from arch.bootstrap import optimal_block_length

    noise = np.random.default_rng(0).normal(size=400)
    slow = np.convolve(noise, np.ones(12), "valid")
    wanted = float(optimal_block_length(slow)["stationary"].iloc[0])
    assert block_length(slow, noise) == (int(np.ceil(wanted)), "difference of returns")
    assert wanted > 5.0
    assert block_length(np.zeros(400), np.zeros(400)) == (1, "constant returns")


def test_a_difference_by_hand() -> None:
    found = difference("cagr", -0.5, np.array([-3.0, -2.0, -1.0, 0.0, 1.0, np.nan]), 0.5)
    assert (found.low, found.median, found.high) == (-2.0, -1.0, 0.0)
    assert (found.otherwise, found.defined) == (2, 5)
    assert found.p_value == pytest.approx(2 * 3 / 6)
    nothing = difference("calmar", np.nan, np.array([np.nan]), 0.9)
    assert (nothing.seen, nothing.low, nothing.p_value, nothing.defined) == (None, None, None, 0)


def test_histories_that_take_everything_are_counted_apart() -> None:
    ruinous = Candidate("Ruinous", BAND.policy, RunSettings(fixed_fee=700.0, initial_value=10_000.0))
    seen = confidence(monthly(60, seed=1), SIXTY, ruinous, NEVER, Resampling(draws=60))
    assert 0 < seen.depleted < 60
    assert seen.of("cagr").defined == 60 - seen.depleted
    assert seen.ruined == (seen.depleted, 0)
    turned = confidence(monthly(60, seed=1), SIXTY, NEVER, ruinous, Resampling(draws=60, block=seen.block))
    assert turned.ruined[0] == 0 < turned.ruined[1]


def test_cancel_keeps_the_first_draws() -> None:
    whole = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=30, seed=4))
    asked = iter([False] * 12)
    part = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=30, seed=4), cancel=lambda: next(asked, True))
    assert part.cancelled
    assert 0 < part.draws < 30
    assert part.of("cagr").draws.tolist() == whole.of("cagr").draws[: part.draws].tolist()
    none = confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=30), cancel=lambda: True)
    assert none.draws == 0
    assert none.of("cagr").low is None
    assert none.of("cagr").seen is not None


def test_nonsense_gets_a_sentence() -> None:
    with pytest.raises(HistoryTooShortError, match="at least 24 returns"):
        confidence(monthly(24), SIXTY, BAND, NEVER)
    with pytest.raises(InputError, match="draws"):
        confidence(monthly(), SIXTY, BAND, NEVER, Resampling(draws=0))
    with pytest.raises(InputError, match="level"):
        confidence(monthly(), SIXTY, BAND, NEVER, Resampling(level=1.0))
    with pytest.raises(InputError, match="block"):
        confidence(monthly(), SIXTY, BAND, NEVER, Resampling(block=121))


def test_progress_counts_to_the_end() -> None:
    seen: list[int] = []
    confidence(
        monthly(), SIXTY, BAND, NEVER, Resampling(draws=6, block=3), progress=lambda done, total: seen.append(done)
    )
    assert seen == [1, 2, 3, 4, 5, 6]
