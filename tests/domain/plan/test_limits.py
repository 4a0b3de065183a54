"""Orders cut down to what can be carried out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk

from keel.domain.plan.limits import Limits, edited, require_limits, settle
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.errors import InputError

LINES = desk({"A": 0.5, "B": 0.5}, [Position("A", 10), Position("B", 5)], {"A": 10.0, "B": 7.0})
KEYS = {symbol: n for n, symbol in enumerate(LINES.symbols)}


def settled(sell: float, buy: float, limits: Limits, cash_kept: float = 0.0) -> tuple[float, float, dict[str, float]]:
    sells, buys = np.zeros(2), np.zeros(2)
    sells[KEYS["A"]], buys[KEYS["B"]] = sell, buy
    aims = LINES.value - sells + buys
    found = settle(LINES, sells, buys, limits, np.array([cash_kept]), aims)
    return float(found.sells.sum()), float(found.buys.sum()), dict(found.factors)


def test_purchases_are_cut_by_one_factor_to_the_money_there_is() -> None:
    sold, bought, factors = settled(20.0, 40.0, Limits())
    assert (sold, bought, factors["funding"]) == (20.0, 20.0, 0.5)
    assert settled(20.0, 40.0, Limits(), cash_kept=5.0)[1] == 15.0


def test_a_sale_rounded_to_whole_shares_pays_for_no_more() -> None:
    sold, bought, factors = settled(25.0, 25.0, Limits(whole_shares=True))
    assert (sold, bought) == (20.0, 14.0)
    assert factors["funding"] == pytest.approx(0.8)
    assert factors["whole_shares"] == pytest.approx(34 / 45)
    assert settled(100.0, 0.0, Limits(whole_shares=True))[0] == 100.0


def test_a_sale_too_small_to_be_made_pays_for_nothing() -> None:
    assert settled(4.0, 4.0, Limits(min_trade=5.0))[:2] == (0.0, 0.0)
    assert settled(20.0, 20.0, Limits(min_trade=1e9))[:2] == (0.0, 0.0)


def test_what_a_person_set_stays_and_is_paid_for_first() -> None:
    limits = Limits(edits={("Main", "B"): 2.0}, whole_shares=True)
    assert edited(LINES, limits)[KEYS["B"]] == 14.0
    assert settled(20.0, 14.0, limits)[1] == 14.0
    for quantity, symbol in ((-11.0, "A"), (float("nan"), "A"), (1.0, "Z")):
        with pytest.raises(InputError, match=symbol):
            edited(LINES, Limits(edits={("Main", symbol): quantity}))


def test_limits_below_nothing_are_refused() -> None:
    for limits in (
        Limits(max_turnover=-0.1),
        Limits(gain_budget=float("nan")),
        Limits(min_trade=-1),
        Limits(max_trades=-1),
    ):
        with pytest.raises(InputError):
            require_limits(limits)


@pytest.mark.parametrize("limits", [Limits(gain_budget=10.0, min_trade=15.0), Limits(gain_budget=10.0)])
def test_a_loss_that_is_not_taken_makes_no_room_for_a_gain(limits: Limits) -> None:
    lines = desk(
        {"A": 0.5, "B": 0.5},
        [Position("A", 100, lots=(Lot(100, 0.5),)), Position("L", 10, lots=(Lot(10, 4.0),))],
    )
    at = {symbol: n for n, symbol in enumerate(lines.symbols)}
    wanted = np.where([s == "A" for s in lines.symbols], 80.0, lines.value * [s == "L" for s in lines.symbols])
    found = settle(lines, wanted, np.zeros(len(wanted)), limits, np.zeros(1), lines.value)
    small = limits.min_trade > 0.0
    assert (found.sells[at["A"]], found.sells[at["L"]]) == pytest.approx((20.0, 0.0) if small else (80.0, 10.0))
    assert found.factors["gain_budget"] == pytest.approx(30.0 / 90.0 if small else 1.0)
