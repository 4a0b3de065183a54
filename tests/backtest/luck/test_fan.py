"""The timing-luck fan: each ray is a backtest, and the numbers beside it are theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.backtest.chances import COST, NEVER, QUARTERLY, SIXTY, daily, monthly

from keel.backtest.luck.fan import fan, offsets_of
from keel.backtest.luck.outcome import outcome
from keel.backtest.metrics.table import compared
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy
from keel.domain.study.candidate import Candidate


@pytest.mark.parametrize(
    ("look", "length"),
    [(Cadence.daily, 1), (Cadence.monthly, 1), (Cadence.quarterly, 3), (Cadence.annual, 12), (EverySessions(7), 7)],
)
def test_a_look_has_as_many_offsets_as_its_period_has_sessions(look: Cadence | EverySessions, length: int) -> None:
    assert offsets_of(monthly(), Policy(Trigger.calendar, look)) == length


def test_on_daily_prices_a_month_has_about_21_and_never_has_one() -> None:
    assert 20 <= offsets_of(daily(), PRESETS["monthly"]) <= 23
    assert offsets_of(daily(), PRESETS["never"]) == 1
    assert offsets_of(daily(50), Policy(Trigger.calendar, EverySessions(10**9))) == 49


def test_every_ray_is_the_backtest_at_that_offset() -> None:
    window = monthly()
    found = fan(window, SIXTY, QUARTERLY)
    assert found.offsets.tolist() == [0, 1, 2]
    rays = [
        outcome(window, SIXTY, replace(QUARTERLY, policy=replace(QUARTERLY.policy, offset=offset)))
        for offset in range(3)
    ]
    for i, name in enumerate(compared()):
        assert found.values[name].tolist() == [ray.metrics[i] for ray in rays]
    assert found.values["terminal_wealth"].tolist() == [ray.wealth[-1] for ray in rays]
    assert found.own.tolist() == rays[0].wealth.tolist()
    ordered = sorted(found.values["cagr"].tolist())
    spread = found.spreads["cagr"]
    assert spread is not None
    assert (spread.low, spread.median, spread.high) == (ordered[0], ordered[1], ordered[2])
    assert found.band.shape == (len(window.dates), 5)
    assert found.band[:, 0] == pytest.approx(np.min([ray.wealth for ray in rays], axis=0), rel=1e-14)
    assert found.band[:, 4] == pytest.approx(np.max([ray.wealth for ray in rays], axis=0), rel=1e-14)


def test_tranches_over_the_whole_period_are_the_mean_of_the_free_rays() -> None:
    free = Candidate("Quarterly", PRESETS["quarterly"])
    found = fan(monthly(), SIXTY, free, tranches=9)
    assert found.tranches == 3
    assert found.tranched_values["terminal_wealth"] == pytest.approx(found.values["terminal_wealth"].mean(), rel=1e-12)


def test_a_policy_with_tranches_of_its_own_keeps_them_beside_rays_of_one() -> None:
    split = Candidate("Yearly in two", Policy(Trigger.calendar, Cadence.annual, tranches=2), COST)
    found = fan(monthly(), SIXTY, split, tranches=6)
    assert found.tranches == 2
    assert found.tranched == split.policy
    assert found.tranched_wealth is not None
    assert found.tranched_wealth.tolist() == found.own.tolist()
    assert len(found.offsets) == 12


def test_one_look_has_no_tranches_and_varies_the_purchase_instead() -> None:
    found = fan(monthly(), SIXTY, NEVER)
    assert found.bought is not None
    assert fan(monthly(), SIXTY, QUARTERLY).bought is None
    assert found.offsets.tolist() == [0]
    assert found.tranched is None
    assert found.tranched_values == {}
    assert (found.band == found.own[:, None]).all()


def test_of_too_many_offsets_an_even_sample_is_run() -> None:
    found = fan(daily(300), SIXTY, Candidate("Yearly", Policy(Trigger.calendar, EverySessions(100)), COST), most=5)
    assert found.length == 100
    assert found.offsets.tolist() == [0, 24, 49, 74, 99]


def test_threads_do_not_change_it_and_a_cancelled_one_keeps_what_it_has() -> None:
    window, candidate = daily(), Candidate("Monthly", PRESETS["monthly"], COST)
    one, two = fan(window, SIXTY, candidate, workers=1), fan(window, SIXTY, candidate, workers=2)
    assert one.band.tolist() == two.band.tolist()
    cut = fan(window, SIXTY, candidate, cancel=lambda: True)
    assert cut.cancelled
    assert cut.offsets.tolist() == [0]
    assert not one.cancelled
