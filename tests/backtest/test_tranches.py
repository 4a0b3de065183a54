"""Sleeves that never trade with each other."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.backtest.kernel.test_simulate import window_of
from tests.oracles import book_of

from keel.backtest.looks import period_length
from keel.backtest.path import simulate
from keel.domain.arrays import Floats
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Policy,
    RunSettings,
)

MONTHLY = Policy(Trigger.calendar, Cadence.monthly)
COSTLY = RunSettings(cost_bps=20.0, fixed_fee=1.0)


def closes() -> Floats:
    noise = np.random.default_rng(7)
    return np.exp(np.cumsum(noise.normal(0.0, 0.02, (300, 2)), axis=0))


def test_sleeves_add_up_to_the_book() -> None:
    window, book = window_of(closes()), book_of({"s0": 0.6, "s1": 0.4})
    split = simulate(window, book, dataclasses.replace(MONTHLY, tranches=3), COSTLY, 1)
    month = period_length(window.dates, Cadence.monthly)
    third = dataclasses.replace(COSTLY, initial_value=COSTLY.initial_value / 3)
    sleeves = [
        simulate(window, book, dataclasses.replace(MONTHLY, offset=int(j * month / 3)), third, 1) for j in range(3)
    ]
    assert split.wealth == pytest.approx(sum(s.wealth for s in sleeves) / 3, rel=1e-13)
    assert split.sessions.tolist() == sorted({t for s in sleeves for t in s.sessions.tolist()})
    traded = sum((s.turnover * s.values[s.sessions].sum(axis=1)).sum() for s in sleeves)
    assert (split.turnover * split.values[split.sessions].sum(axis=1) * 3).sum() == pytest.approx(traded, rel=1e-12)
    paid = split.values[split.sessions].sum(axis=1) - split.wealth[split.sessions]
    assert paid == pytest.approx(split.cost * split.values[split.sessions].sum(axis=1), abs=1e-12)
    after = split.goals * split.wealth[split.sessions][:, None]
    following = split.values[split.sessions + 1] / (window.closes[split.sessions + 1] / window.closes[split.sessions])
    assert after == pytest.approx(following, rel=1e-12)


def test_tranches_of_a_counted_look_are_spread_over_its_sessions() -> None:
    window, book = window_of(closes()[:13]), book_of({"s0": 0.6, "s1": 0.4})
    policy = Policy(Trigger.calendar, EverySessions(4), tranches=2)
    assert simulate(window, book, policy, RunSettings(), 0).sessions.tolist() == [4, 6, 8, 10]


def test_one_tranche_is_the_policy_itself() -> None:
    window, book = window_of(closes()), book_of({"s0": 0.6, "s1": 0.4})
    once = simulate(window, book, MONTHLY, COSTLY, 0)
    assert simulate(window, book, dataclasses.replace(MONTHLY, tranches=1), COSTLY, 0).wealth.tolist() == (
        once.wealth.tolist()
    )


def test_the_earliest_waiting_sleeve_is_the_pending_decision() -> None:
    window, book = window_of(closes()[:10]), book_of({"s0": 0.6, "s1": 0.4})
    policy = Policy(Trigger.calendar, EverySessions(4), tranches=2)
    found = simulate(window, book, policy, RunSettings(), 3)
    assert found.pending == 6
    assert found.pending_goal.sum() == pytest.approx(1.0, abs=1e-12)
