"""The drift of what was held, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.domain.drift.past import Era, Past, past
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position, Role

MADE = book(
    Framework(
        "F",
        (
            Bucket("A/Equity", "Equity", 0.6, holdings=(Holding("VTI", 1.0),)),
            Bucket("A/Bonds", "Bonds", 0.4, holdings=(Holding("BND", 1.0),)),
        ),
    )
)
BAND = Policy(trigger=Trigger.band, band=Absolute(500))
DAYS = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], dtype="datetime64[D]")
CLOSES = {"VTI": np.array([100.0, 150.0, 100.0]), "BND": np.array([100.0, 100.0, 100.0])}
SIXTY = (Position("VTI", 6), Position("BND", 4))


def seen(*eras: Era) -> Past:
    return past(MADE, eras, DAYS, CLOSES)


def test_units_stay_and_prices_move() -> None:
    found = seen(Era(date(2026, 1, 2), SIXTY))
    assert found.weights.tolist() == [pytest.approx(row) for row in ([0.6, 0.4], [9 / 13, 4 / 13], [0.6, 0.4])]
    assert found.value.tolist() == [1_000, 1_300, 1_000]
    grid = found.grid(BAND)
    assert grid.breach.tolist() == [[False, True, False], [False, True, False]]


def test_each_day_knows_what_was_held_then() -> None:
    found = seen(Era(date(2026, 1, 2), SIXTY), Era(date(2026, 1, 6), (Position("VTI", 10),)))
    assert found.weights[2].tolist() == [1.0, 0.0]
    assert found.weights[1].tolist() == pytest.approx([9 / 13, 4 / 13])


def test_nothing_is_said_of_days_before_the_first_record_or_without_a_value() -> None:
    assert seen(Era(date(2026, 1, 4), SIXTY)).dates.tolist() == DAYS[1:].tolist()
    empty = seen(Era(date(2026, 1, 2), ()), Era(date(2026, 1, 6), SIXTY))
    assert empty.dates.tolist() == DAYS[2:].tolist()


def test_cash_and_what_lies_outside_count_and_what_is_excluded_does_not() -> None:
    held = (*SIXTY, Position("CASH", 600), Position("GLD", 4, 100.0), Position("OLD", 9, 9.0, Role.excluded))
    found = seen(Era(date(2026, 1, 2), held))
    assert found.value[0] == 2_000
    assert found.outside[0] == 0.5


def test_a_price_serves_until_there_is_a_close() -> None:
    closes = CLOSES | {"VTI": np.array([np.nan, np.nan, 100.0])}
    held = (Position("VTI", 6, 50.0), Position("BND", 4))
    found = past(MADE, [Era(date(2026, 1, 2), held)], DAYS, closes)
    assert found.value.tolist() == [700, 700, 1_000]


def test_the_trade_of_a_day_is_that_of_the_policy() -> None:
    found = seen(Era(date(2026, 1, 2), SIXTY))
    assert found.trade(0, BAND) is None
    assert found.trade(1, BAND) == pytest.approx([0.6 - 9 / 13, 0.4 - 4 / 13])
    assert found.trade(0, Policy()) == pytest.approx([0.0, 0.0])  # yearly: to target at every look
    edge = Policy(trigger=Trigger.band, band=Absolute(500), destination=1.0)
    assert found.trade(1, edge) == pytest.approx([0.65 - 9 / 13, 0.35 - 4 / 13])


def test_what_lies_outside_is_sold_for_the_rest() -> None:
    found = seen(Era(date(2026, 1, 2), (*SIXTY, Position("GLD", 1, 1_000.0))))
    assert found.trade(0, BAND) == pytest.approx([0.3, 0.2])
    assert found.outside[0] == 0.5


def test_a_frozen_leaf_is_never_in_breach() -> None:
    frozen = (Position("VTI", 6, role=Role.frozen), Position("BND", 4))
    assert seen(Era(date(2026, 1, 2), frozen)).grid(BAND).breach[0].tolist() == [False, False, False]
