"""The drift of what was held, from records and raw closes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.services.live.conftest import BAND, SIXTY, hold

from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.errors import PortfolioNotFoundError
from keel.services.live.past import history
from keel.store import prices
from keel.store.connection import Database


def test_each_day_is_judged_by_what_was_held_then(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    hold(market, sixty, Position("VTI", 4), Position("BND", 6), on=date(2026, 1, 6))
    found = history(market, sixty.id)
    assert found
    assert (found.began, found.assumed) == (date(2026, 1, 2), False)
    assert found.past.weights[:, 0].tolist() == pytest.approx([0.6, 9 / 13, 0.4])
    assert found.past.grid(BAND).breach.any(axis=0).tolist() == [False, True, True]


def test_before_the_first_record_only_what_is_assumed(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY, on=date(2026, 1, 6))
    assert history(market, sixty.id) is None
    found = history(market, sixty.id, assumed=True)
    assert found
    assert (len(found.past.dates), found.began, found.assumed) == (3, date(2026, 1, 6), True)


def test_what_is_in_another_currency_counts_at_the_rate_of_each_day(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY, Position("EUN", 5))
    found = history(market, sixty.id)
    assert found
    assert found.past.value.tolist() == pytest.approx([1_500, 2_300, 1_500])
    assert found.past.outside.tolist() == pytest.approx([500 / 1_500, 1_000 / 2_300, 500 / 1_500])


def test_nothing_held_or_without_closes_has_no_history(market: Database, sixty: Portfolio) -> None:
    assert history(market, sixty.id) is None
    hold(market, sixty, Position("NEWCO", 5, 10.0))
    assert history(market, sixty.id) is None
    with pytest.raises(PortfolioNotFoundError):
        history(market, "nope")


def test_it_is_read_once_until_something_changes(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    once = history(market, sixty.id)
    assert history(market, sixty.id) is once
    later = PriceMatrix(np.array(["2026-01-07"], "datetime64[D]"), ("VTI",), np.array([[120.0]]), ("price_return",))
    prices.write_matrix(market, "broker", "daily", later)
    assert history(market, sixty.id) is not once
