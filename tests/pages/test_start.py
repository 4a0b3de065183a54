"""The start page: empty, with frameworks, and when the database fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted

from keel import settings
from keel.domain.portfolio.position import Position
from keel.errors import StoreError
from keel.services import design, example
from keel.services.holdings import table
from keel.services.live import watch
from keel.services.work import shelf
from keel.store.connection import Database


def test_an_empty_start_page_shows_the_way_and_locks_what_needs_an_allocation(open_page: Open) -> None:
    page = open_page("start")
    assert page.title[0].value == "Keep a portfolio on course"
    assert "How it goes" in words(page)
    locked = {link.proto.page: link.proto.disabled for link in page.sidebar.get("page_link")}
    assert sum(locked.values()) == 7
    assert not page.exception


def test_a_framework_gets_a_card_that_says_what_comes_next(open_page: Open, db: Database) -> None:
    design.adopt_template(db, settings.load(), "balanced")
    page = open_page("start")
    assert "Version 1" in words(page)
    labels = [link.proto.label for link in page.main.get("page_link")]
    assert labels == ["Open the allocation", "Next: choose products"]


def test_portfolios_that_hold_something_are_listed_with_the_way_to_their_drift(open_page: Open, db: Database) -> None:
    calm, far = accepted(db), accepted(db, "growth")
    weights = {"AssetClass/Equity": 60.0, "AssetClass/Bonds": 35.0, "AssetClass/Alternatives": 5.0}
    held = [Position(pick.symbol, weights[pick.path], 1.0) for pick in calm.picks]
    table.put(db, calm.id, held, date(2016, 1, 4))
    table.put(db, far.id, [Position(pick.symbol, 1.0, 1.0) for pick in far.picks], date(2016, 1, 4))
    page = open_page("start")
    said = words(page)
    assert "1 of 2 portfolios out of band" in said
    assert said.index("Growth") < said.index("Balanced")
    links = [link.proto.label for link in page.main.get("page_link")]
    assert links.count("Open drift") == 3  # of each in the list, and of the one that has an alert
    assert not page.exception


def test_the_worked_example_leads_to_a_backtest_with_its_ids_in_the_link(open_page: Open) -> None:
    page = open_page("start")
    page.button(key="example").click().run()
    assert {"framework", "version", "portfolio"} <= set(page.query_params)
    assert not page.exception


def test_two_thousand_frameworks_are_drawn_a_page_at_a_time(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        design.adopt_template(db, settings.load(), "balanced")
    stored = design.list_frameworks(db)
    many = (*stored, *(replace(stored[0], id=f"fw_{n}", name=f"Number {n}") for n in range(7, 2_001)))
    monkeypatch.setattr(design, "list_frameworks", lambda _: many)
    page = open_page("start")
    assert "1994 more" in [box.label for box in page.expander]
    assert len(page.main.get("page_link")) == 6 * 2
    page.session_state["more-frameworks"] = True
    page.run()
    labels = [link.proto.label for link in page.main.get("page_link")][12:]
    assert (labels[0], labels[-1], len(labels)) == ("Number 7, version 1", "Number 26, version 1", 20)
    page.session_state["frameworks-of-100"] = 100
    page.run()
    assert [link.proto.label for link in page.main.get("page_link")][-1] == "Number 2000, version 1"
    assert "Frameworks 1981 to 1994 of 1,994" in words(page)


def test_of_thousands_of_findings_twenty_are_drawn_and_the_others_counted() -> None:
    def script() -> None:
        from keel.domain.issue import Finding, Severity
        from keel.ui.frame import widgets

        found = [Finding("field", Severity.warning, f"field {n}", "It is not known.") for n in range(5_000)]
        widgets.issues(tuple(found), "import")

    page = AppTest.from_function(script).run()
    assert sum("It is not known." in str(text.value) for text in page.markdown) == 20
    assert "4,980 more are not shown. Correct these first." in words(page)


def test_an_error_of_ours_is_a_sentence_with_a_way_on(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise StoreError("The database is closed.", hint="Start the server again.")

    monkeypatch.setattr(design, "list_frameworks", fails)
    page = open_page("start")
    assert "The database is closed." in words(page)
    assert "Start the server again." in words(page)
    assert not page.exception


def test_an_unexpected_error_shows_no_traceback(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(design, "list_frameworks", lambda _: 1 / 0)
    page = open_page("start")
    assert "Something went wrong on this page." in words(page)
    assert "ZeroDivisionError" not in words(page)
    assert not page.exception
    assert "ZeroDivisionError" in caplog.text


def test_what_is_archived_is_listed_and_brought_back(open_page: Open, db: Database) -> None:
    framework = design.adopt_template(db, settings.load(), "balanced")
    assert "Archived" not in [box.label for box in open_page("start").expander]
    shelf.put_away(db, "framework", framework.id)
    page = open_page("start")
    assert "Archived (1)" in [box.label for box in page.expander]
    page.session_state["archived"] = True
    page.run()
    assert "**Balanced** · framework, archived" in words(page)
    page.button(key=f"restore-{framework.id}").click().run()
    assert [f.name for f in design.list_frameworks(db)] == ["Balanced"]
    assert "Archived (1)" not in [box.label for box in page.expander]


def test_alerts_are_said_until_they_are_known(open_page: Open, db: Database) -> None:
    client = example.open_client(db)
    watch.look(db, datetime.now(UTC))
    page = open_page("start")
    alerts = watch.listed(db, client.id, holding=True)
    assert f"{len(alerts)} alerts" in words(page)
    page.button(key=f"known-{client.id}").click().run()
    assert "alerts" not in words(page)
    assert all(alert.read_at for alert in watch.listed(db))
