"""All portfolios judged in one call say what the report of each says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.services.live.conftest import SIXTY, hold

from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.services.live.morning import document, morning
from keel.services.report import Asked, drift
from keel.store import archive, portfolios
from keel.store.connection import Database

TODAY = date(2026, 1, 6)


def another(db: Database, portfolio: Portfolio, name: str, *held: Position) -> Portfolio:
    made = portfolios.save(db, replace(portfolio, id="", version=0, name=name))
    hold(db, made, *held)
    return made


def test_the_worst_come_first_and_each_as_its_report_says(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    another(market, sixty, "Far", Position("VTI", 9), Position("BND", 1))
    another(market, sixty, "Near", Position("VTI", 7), Position("BND", 3))
    another(market, sixty, "Idle", *SIXTY, Position("CASH", 500.0))
    another(market, sixty, "Euro", *SIXTY, Position("EUN", 1))
    lines = morning(market, TODAY)
    assert [line.portfolio.name for line in lines] == ["Idle", "Far", "Near", "Euro", "Sixty"]
    for line in lines:
        found = drift(market, line.portfolio.id, Asked(TODAY))
        assert line.value == pytest.approx(found.value)
        assert line.total_drift == pytest.approx(found.totals.total_drift)
        assert line.rebalance_needed == found.rebalance_needed
    assert (lines[1].largest, lines[1].drift, lines[1].out_of_band) == ("Equity", pytest.approx(0.3), 2)


def test_what_cannot_be_judged_comes_last_and_says_why(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    another(market, sixty, "Aaa", Position("NEWCO", 5))
    last = morning(market, TODAY)[-1]
    assert (last.portfolio.name, last.trouble) == ("Aaa", "What it holds has no price.")
    row = document([last])["portfolios"]
    assert isinstance(row, list)
    assert (row[0]["value"], row[0]["trouble"]) == (None, last.trouble)


def test_nothing_held_and_what_is_archived_is_left_out(market: Database, sixty: Portfolio) -> None:
    assert morning(market, TODAY) == ()
    hold(market, sixty, *SIXTY)
    assert len(morning(market, TODAY)) == 1
    archive.put_away(market, "portfolio", sixty.id)
    assert morning(market, TODAY) == ()
