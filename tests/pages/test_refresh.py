"""Public prices on the data page: asked for, waited for, reported."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.patience import PATIENCE
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

from keel.services.market import refresh
from keel.store import prices
from keel.store.connection import Database

DAYS = weekdays(dt.date(2024, 1, 2), 6)


def pressed(page: AppTest, symbols: str) -> AppTest:
    """The page after the refresh of these symbols has ended."""
    page.text_input(key="refresh-symbols").input(symbols)
    page.button(key="refresh").click().run()
    joined()
    return page.run()


def joined() -> None:
    """Waits for the refresh under way."""
    for thread in threading.enumerate():
        if thread.name == "job refresh":
            thread.join(PATIENCE)


def test_the_button_brings_prices_and_the_page_says_what_came_and_what_did_not(
    open_page: Open, db: Database, yahoo: Yahoo
) -> None:
    yahoo.listings["SPY"] = Listing(DAYS, [100.0 + n for n in range(6)])
    page = pressed(open_page("data"), "spy GONE")
    said = words(page)
    assert "1 symbol with new prices, 1 failed" in said
    assert ":orange-badge[:material/warning: Not known] Yahoo has no prices of GONE" in said
    assert "New prices: SPY" in said
    assert "Public prices, daily: 1 series to Jan 2024" in said
    assert "public" in prices.datasets(db)
    assert "1 symbol with new prices" in words(open_page("data"))  # another visit sees it too


def test_what_is_no_symbol_is_said_and_asks_nobody(open_page: Open, yahoo: Yahoo) -> None:
    assert "is not a symbol" in words(pressed(open_page("data"), "<b>"))
    assert yahoo.asked == []


@pytest.mark.usefixtures("hasty")
def test_while_it_runs_there_is_a_way_to_stop_it(
    open_page: Open, db: Database, yahoo: Yahoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(yahoo, "hold", let_go)
    yahoo.listings |= {f"S{n}": Listing(DAYS, [1.0] * 6) for n in range(9)}
    job = refresh.ask_refresh(db, tuple(f"S{n}" for n in range(9)))
    page = open_page("data")
    assert page.button(key="refresh").disabled
    page.button(key="refresh-stop").click().run()
    let_go.set()
    assert job.finished(PATIENCE)
    assert "stopped after" in words(page.run())


def test_old_public_prices_are_doubtful_and_their_remedy_is_a_button(
    open_page: Open, db: Database, yahoo: Yahoo
) -> None:
    yahoo.listings["SPY"] = Listing(DAYS, [100.0 + n for n in range(6)])
    page = pressed(open_page("data"), "SPY")
    assert "The last price is of 9 Jan 2024" in words(page)
    yahoo.asked.clear()
    page.button(key="refresh-public-others-warning-stale").click().run()
    joined()
    assert "1 up to date" in words(page.run())
    assert [address for address in yahoo.asked if "/chart/SPY" in address]
