"""The start page: empty, with frameworks, and when the database fails."""

from __future__ import annotations

import pytest
from tests.pages.conftest import Open, words

from keel import settings
from keel.errors import StoreError
from keel.services import design
from keel.services.work import shelf
from keel.store.connection import Database


def test_an_empty_start_page_shows_the_way_and_locks_what_needs_an_allocation(open_page: Open) -> None:
    page = open_page("start")
    assert page.title[0].value == "Keep a portfolio on course"
    assert "How it goes" in words(page)
    locked = {link.proto.page: link.proto.disabled for link in page.sidebar.get("page_link")}
    assert sum(locked.values()) == 5
    assert not page.exception


def test_a_framework_gets_a_card_that_says_what_comes_next(open_page: Open, db: Database) -> None:
    design.adopt_template(db, settings.load(), "balanced")
    page = open_page("start")
    assert "Version 1" in words(page)
    labels = [link.proto.label for link in page.main.get("page_link")]
    assert labels == ["Open the allocation", "Next: choose products"]


def test_the_worked_example_leads_to_a_backtest_with_its_ids_in_the_link(open_page: Open) -> None:
    page = open_page("start")
    page.button(key="example").click().run()
    assert {"framework", "version", "portfolio"} <= set(page.query_params)
    assert not page.exception


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
