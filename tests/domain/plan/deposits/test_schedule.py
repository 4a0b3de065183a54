"""Deposits again and again: by hand, by what must hold, and against a loop over one portfolio at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.plan.desks import desk, held

from keel.domain.arrays import Floats
from keel.domain.plan.deposits.rules import Amount, Rule, purchases
from keel.domain.plan.deposits.schedule import (
    Schedule,
    Start,
    enough,
    first_in_band,
    never_in_band,
    periods_of,
    read_schedule,
    require_schedule,
    start,
    still,
)
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.domain.portfolio.position import Position, Role
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError, InputError

BAND = Policy(trigger=Trigger.band, band=Absolute(1000))
USUAL = Rule.relative_waterfill


def begin(values: dict[str, float], targets: dict[str, float], *more: Position) -> Start:
    return start(desk(targets, [*held(values), *more]), BAND)


def months(of: Start, amount: float, rule: Rule = USUAL, horizon: int = 60) -> int:
    return int(first_in_band(of, still(of, horizon), amount, rule)[0])


def test_two_buckets_and_prices_that_stay() -> None:
    # 70 of 100 must fall to 60 %: 70 / 0.6 = 116.67, so 16.67 are lacking: 4 deposits of 5, 2 of 10, 1 of 20
    even = begin({"A": 70, "B": 30}, {"A": 0.5, "B": 0.5})
    assert [months(even, amount) for amount in (5.0, 10.0, 16.0, 20.0)] == [4, 2, 2, 1]
    # by target half of each deposit goes to A: (70 + x/2) / (100 + x) = 60 % at x = 100
    assert months(even, 10.0, Rule.target_proportional) == 10
    assert enough(even, still(even, 12), USUAL) == pytest.approx(16.6667 / 12, rel=2e-3)


def test_idle_cash_and_what_lies_outside_count_and_stay() -> None:
    # with 10 idle and 10 outside the whole is 120: 70 is 58 % of it, but B's 30 are 25 % and lack 18 to be 40 % of 120
    beside = begin({"A": 70, "B": 30}, {"A": 0.5, "B": 0.5}, Position("CASH", 10.0), Position("X", 10.0))
    # (30 + x) / (120 + x) = 40 % at x = 30
    assert [months(beside, amount) for amount in (10.0, 15.0, 29.0)] == [3, 2, 2]


def test_in_band_before_any_deposit() -> None:
    of = begin({"A": 55, "B": 45}, {"A": 0.5, "B": 0.5})
    assert (months(of, 1.0), enough(of, still(of, 12), USUAL)) == (0, 0.0)


def test_what_deposits_cannot_mend_stays_out_and_is_named() -> None:
    stray = begin({"A": 50, "B": 40, "C": 10}, {"A": 0.5, "B": 0.5, "C": 0.0})
    assert (months(stray, 1e6), never_in_band(stray, 60, 100.0, USUAL)) == (61, ("C",))
    assert enough(stray, still(stray, 12), USUAL) is None


def test_without_anything_to_buy_the_money_stays_in_cash() -> None:
    locked = [Position("A", 70, no_buy=True), Position("B", 30, no_buy=True)]
    of = start(desk({"A": 0.5, "B": 0.5}, locked), BAND)
    assert not of.wanted.any()
    assert never_in_band(of, 12, 5.0, USUAL) == ("B",)  # 70 of 160 is 44 %, in band; 30 of 160 is 19 %


def test_a_frozen_leaf_never_calls() -> None:
    rest, targets = held({"B": 15, "C": 15}), {"A": 0.2, "B": 0.4, "C": 0.4}
    free, frozen = (
        start(desk(targets, [Position("A", 70, role=r), *rest]), BAND) for r in (Role.tradable, Role.frozen)
    )
    # A falls to 30 % of 233; B and C are 30 % each of 175
    assert (months(free, 10.0), months(frozen, 10.0)) == (14, 8)


values = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(lambda v: sum(v) > 0)


@given(values, st.floats(0.5, 50.0), st.floats(1.0, 3.0), st.sampled_from(list(Rule)))
def test_a_larger_deposit_is_never_later_while_prices_stay(
    amounts: list[int], amount: float, more: float, rule: Rule
) -> None:
    of = begin(dict(zip("ABC", map(float, amounts), strict=True)), {"A": 0.5, "B": 0.3, "C": 0.2})
    assert months(of, amount * more, rule, 24) <= months(of, amount, rule, 24)


@given(values)
def test_without_deposits_and_moves_what_is_out_stays_out(amounts: list[int]) -> None:
    of = begin(dict(zip("ABC", map(float, amounts), strict=True)), {"A": 0.5, "B": 0.3, "C": 0.2})
    assert months(of, 0.0, horizon=12) in (0, 13)


@pytest.mark.parametrize("rule", list(Rule))
def test_it_is_what_a_loop_over_one_history_after_another_finds(rule: Rule) -> None:
    noise = np.random.default_rng(3)
    more = Position("CASH", 8.0), Position("X", 5.0), Position("D", 6.0, no_buy=True)
    of = begin({"A": 80, "B": 20, "C": 3}, {"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1}, *more)
    growth = np.exp(noise.normal(0.0, 0.08, (12, 40, len(of.goals))))
    growth[:, :, -1] = 1.0
    found = first_in_band(of, growth, 4.0, rule)
    assert found.tolist() == [_one(of, growth[:, draw], 4.0, rule) for draw in range(40)]
    assert len(set(found.tolist())) > 1


def _one(of: Start, growth: Floats, amount: float, rule: Rule) -> int:
    """The same for one history, line by line, without any of the arrays' rules."""
    value = of.now.value.tolist()
    for month, factors in enumerate(growth.tolist(), 1):
        value = [v * f for v, f in zip(value, factors, strict=True)]
        free = Amount(np.array(value), of.goals, sum(value) + amount, of.wanted)
        value = [v + float(x) for v, x in zip(value, purchases(free, amount, rule), strict=True)]
        if all(_within(of, value, leaf) for leaf in range(len(of.now.paths))):
            return month
    return len(growth) + 1


def _within(of: Start, value: list[float], leaf: int) -> bool:
    weight = sum(v for v, mine in zip(value, of.now.leaf.tolist(), strict=True) if mine == leaf) / sum(value)
    return bool(abs(weight - of.now.targets[leaf]) <= 0.1 + 1e-9)


def test_periods_are_the_products_of_their_closes() -> None:
    noise = np.random.default_rng(1)
    growth, rows = noise.uniform(0.9, 1.1, (30, 2)), noise.integers(0, 30, (5, 10))
    found = periods_of(growth, rows, np.array([4, 7, 10]))
    for draw in range(5):
        parts = [growth[rows[draw, a:b]].prod(axis=0) for a, b in ((0, 4), (4, 7), (7, 10))]
        assert found[:, draw] == pytest.approx(np.array(parts))


def test_enough_is_an_amount_that_does() -> None:
    noise = np.random.default_rng(2)
    of = begin({"A": 80, "B": 20}, {"A": 0.5, "B": 0.5})
    growth = np.exp(noise.normal(0.0, 0.05, (12, 200, len(of.goals))))
    amount = enough(of, growth, USUAL)
    assert amount is not None
    assert (first_in_band(of, growth, amount, USUAL) <= 12).mean() >= 0.5
    assert (first_in_band(of, growth, 0.99 * amount, USUAL) <= 12).mean() < 0.5


@pytest.mark.parametrize("text", ["500", "monthly:", "monthly:many", "daily:5", "monthly:nan", ":5"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ImportFormatError, match="--schedule"):
        read_schedule(text, Place("--schedule"))


def test_a_schedule_puts_something_in() -> None:
    ok = Schedule(5.0, Cadence.weekly)
    assert (require_schedule(ok), ok.per_year) == (ok, 52)
    for wrong in (replace(ok, amount=0.0), replace(ok, amount=float("inf")), replace(ok, cadence=Cadence.daily)):
        with pytest.raises(InputError):
            require_schedule(wrong)
