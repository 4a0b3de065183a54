"""The drift page on what is held: the finding, what may come, the history, and the ways on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import no_errors, ran, title

from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.position import Position, Role
from keel.domain.portfolio.records import Pick, Portfolio
from keel.services import report
from keel.services.holdings import table
from keel.services.work import drafts
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Database
from keel.ui.drift import live

MIX = Framework("Mix", (Bucket("AssetClass/Equity", "Equity", 0.6), Bucket("AssetClass/Bonds", "Bonds", 0.4)))
FIRST = date(2015, 1, 5)


@pytest.fixture
def portfolio(db: Database) -> Portfolio:
    """SPY and BND of the sample, nothing held."""
    made = frameworks.save_version(db, MIX)
    known = {i.symbol: i.id for i in instruments.find_many(db, ["SPY", "BND"])}
    picks = (
        Pick("AssetClass/Equity", known["SPY"], "SPY", 1.0),
        Pick("AssetClass/Bonds", known["BND"], "BND", 1.0),
    )
    return portfolios.save(db, Portfolio("Mix", made.id, 1, picks))


def hold(db: Database, portfolio: Portfolio, *held: Position, on: date = FIRST) -> None:
    table.put(db, portfolio.id, held, on)


def opened(open_page: Open, portfolio: Portfolio, **ids: str) -> AppTest:
    return open_page("drift", framework=portfolio.framework_id, version=1, portfolio=portfolio.id, **ids)


def test_nothing_held_and_no_run_lead_on(open_page: Open, portfolio: Portfolio) -> None:
    at = opened(open_page, portfolio)
    assert title(at) == "Nothing is held yet"
    assert no_errors(at)


def test_a_portfolio_with_a_name_of_its_own_is_named(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 100))
    seen = report.judged(db, portfolio.id, report.Asked(FIRST))
    assert live.whose(seen) == "Mix · version 1"
    assert live.whose(replace(seen, name="The Okafors")) == "The Okafors · Mix · version 1"


def test_what_is_held_is_judged_and_its_history_drawn(db: Database, open_page: Open, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 100), Position("BND", 50), Position("CASH", 500.0))
    at = opened(open_page, portfolio)
    assert no_errors(at)
    assert title(at).startswith("2 buckets out of band")
    said = words(at)
    assert "Old prices" in said
    assert "What would move it out of band" in said
    assert "resampled histories" in said
    assert "raw closes, judged by the targets of now" in said
    assert "the policy would have bought" in said
    assert re.search(r"Sell \S+ of Equity; buy \S+ of Bonds", said)  # that day's plan
    assert {metric.label for metric in at.metric} >= {"Total drift", "To trade", "Next look"}
    at.toggle(key="lived-assumed").set_value(True).run()
    assert "as if what was held then had been held all along" in words(at)


def test_the_backtest_is_one_click_away_and_stays_in_the_link(
    db: Database, open_page: Open, portfolio: Portfolio
) -> None:
    hold(db, portfolio, Position("SPY", 10), Position("BND", 20))
    run = ran(db, portfolio, "annual")
    at = opened(open_page, portfolio, run=run.run_id)
    at.segmented_control(key="drift-view").set_value("Backtest").run()
    assert title(at).startswith(("Out of band in", "In band in"))
    assert at.query_params["view"] in ("backtest", ["backtest"])
    again = opened(open_page, portfolio, run=run.run_id, view="backtest")
    assert title(again) == title(at)


def test_a_newer_version_of_the_framework_is_offered(db: Database, open_page: Open, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 10), Position("BND", 20))
    framework = frameworks.get(db, portfolio.framework_id)
    frameworks.save_version(db, replace(framework, description="newer"), 1)
    at = opened(open_page, portfolio)
    assert "The allocation has a newer version" in words(at)
    assert at.button(key="edit-shares").disabled
    at.button(key="move").click().run()
    assert "Go along: SPY, BND" in words(at)


def test_several_accounts_are_told_apart(db: Database, open_page: Open, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 10, account="IRA"), Position("BND", 20))
    at = opened(open_page, portfolio)
    assert "Accounts (2)" in [box.label for box in at.expander]
    assert no_errors(at)


def test_what_has_no_price_is_said(db: Database, open_page: Open, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 10), Position("BND", 20), Position("NEWCO", 5))
    at = opened(open_page, portfolio)
    assert "No price for NEWCO" in words(at)


def test_what_is_worth_nothing_is_said_with_the_way_to_what_is_held(
    db: Database, open_page: Open, portfolio: Portfolio
) -> None:
    hold(db, portfolio, Position("NOBODY", 10))
    for page in ("drift", "rebalance"):
        at = open_page(page, framework=portfolio.framework_id, version=1, portfolio=portfolio.id)
        assert title(at) == "What is held has no value"
        assert "there is no price for NOBODY" in words(at)
        assert at.button(key="to-holdings").label.endswith("Go to what is held]")
        assert no_errors(at)
    hold(db, portfolio, Position("SPY", 10, role=Role.excluded))
    assert "All that is held is excluded" in words(opened(open_page, portfolio))


def test_shares_that_are_there_already_are_said_to_be(db: Database, open_page: Open, portfolio: Portfolio) -> None:
    hold(db, portfolio, Position("SPY", 10), Position("BND", 20))
    at = opened(open_page, portfolio)
    at.button(key="edit-shares").click().run()
    at.button(key="save-shares").click().run()
    assert frameworks.get(db, portfolio.framework_id).version == 2  # it named no products of its own before
    again = open_page("drift", framework=portfolio.framework_id, version=2, portfolio=portfolio.id)
    again.button(key="edit-shares").click().run()
    again.button(key="save-shares").click().run()
    assert "Nothing was saved" in words(again)
    assert frameworks.get(db, portfolio.framework_id).version == 2


def test_what_is_typed_and_not_saved_is_said_not_to_be_in_it(
    db: Database, open_page: Open, portfolio: Portfolio
) -> None:
    hold(db, portfolio, Position("SPY", 10), Position("BND", 20))
    drafts.keep_typing(db, portfolio.id, drafts.Typing(({"Product": "SPY", "Quantity": 1.0},), ()))
    for page in ("drift", "rebalance"):
        at = open_page(page, framework=portfolio.framework_id, version=1, portfolio=portfolio.id)
        assert "Unsaved changes of what is held are not in it" in words(at)
