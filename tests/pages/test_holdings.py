"""The holdings page: files looked at and taken in, accounts, strangers assigned, and a way back."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import no_errors, title

from keel.domain.portfolio.position import Position
from keel.services import design, mapping
from keel.services.example import open_client, open_example
from keel.services.holdings import show, table
from keel.services.work import drafts, shelf
from keel.store.connection import Database
from keel.ui.frame import widgets

TODAY = date(2026, 7, 1)


def button(page: AppTest, key: str) -> AppTest:
    return next(b for b in page.button if b.key == key).click().run()


def test_rows_are_pasted_looked_at_and_taken_in_and_taken_back(open_page: Open, db: Database) -> None:
    mine = open_example(db)
    page = open_page("holdings", framework=mine.framework_id, portfolio=mine.id)
    assert title(page) == "What does it hold?"
    button(page, "paste-holdings")
    page.text_area(key="holdings-rows").input("Own fund;XX0000000000;3").run()
    assert "Which column is what" in [box.label for box in page.expander]
    page.text_area(key="holdings-rows").input("MSCI US\t3\nODD\t2").run()
    assert "Not known here" in words(page)
    page = button(page, "import-now")
    assert title(page).endswith("2 holdings")
    assert "No price for ODD" in words(page)
    assert no_errors(page)
    undo = next(b.key for b in page.button if str(b.key).startswith("undo-"))
    assert title(button(page, undo)) == "What does it hold?"


def test_what_was_typed_and_not_saved_is_there_again_until_it_is_discarded(open_page: Open, db: Database) -> None:
    mine = open_example(db)
    typed = {"Product": "MSCI US", "Quantity": 3.0, "Account": "Main", "Role": "tradable"}
    typed |= {"No buying": False, "No selling": False}
    drafts.keep_typing(db, mine.id, drafts.Typing((typed,), (typed,)))
    page = open_page("holdings", framework=mine.framework_id, portfolio=mine.id)
    assert "Unsaved changes" in words(page)
    assert "has changed since" in words(page)  # it was typed over one that is not held any more
    assert list(page.dataframe[0].value["Product"]) == ["MSCI US"]
    assert "Unsaved changes" not in words(button(page, "discard-holdings"))
    assert drafts.typing(db, mine.id) is None
    drafts.keep_typing(db, mine.id, drafts.Typing((typed,), ()))
    page = button(open_page("holdings", framework=mine.framework_id, portfolio=mine.id), "save-holdings")
    assert title(page).endswith("1 holding")
    assert drafts.typing(db, mine.id) is None
    assert no_errors(page)
    table.put(db, mine.id, (), TODAY)


def test_a_holding_outside_is_assigned_and_an_account_gets_its_kind(open_page: Open, db: Database) -> None:
    mine = open_example(db)
    table.put(db, mine.id, (Position("OWN", 3, 100.0, account="IRA"), Position("CASH", 200)), TODAY)
    page = open_page("holdings", framework=mine.framework_id, portfolio=mine.id)
    assert title(page) == widgets.plain("$500: 2 holdings in 2 accounts")
    assert "Outside the framework" in words(page)
    assert "the next plan sells them" in words(page)
    choice = next(box for box in page.selectbox if str(box.key).startswith("bucket-of"))
    choice.select_index(len(choice.options) - 1).run()
    next(box for box in page.number_input if box.label == "Target, %").set_value(5.0).run()
    next(b for b in page.button if b.label == "Add bucket").click().run()
    assert "As its name says" in words(page)
    next(box for box in page.selectbox if box.label == "Tax of IRA").select_index(2).run()
    assert "Outside the framework" not in words(page)
    assert no_errors(page)
    ira = next(account for account, _ in show.show(db, mine.id, TODAY).accounts if account.name == "IRA")
    assert ira.kind == "exempt"
    kept = mapping.get_portfolio(db, mine.id)
    made = design.get_framework(db, kept.framework_id, kept.framework_version)
    assert (made.buckets[-1].label, made.buckets[-1].target_weight) == ("OWN", 0.05)
    table.put(db, mine.id, (), TODAY)


def test_a_worked_client_opens_in_one_click_and_goes_with_another(open_page: Open, db: Database) -> None:
    button(open_page("start"), "client")
    client = open_client(db)
    page = open_page("holdings", framework=client.framework_id, portfolio=client.id)
    assert "8 holdings in 2 accounts" in title(page)
    assert "Example" in words(page)
    assert no_errors(page)
    button(page, "remove-client")
    assert client.id in {one.id for one in shelf.archived(db)}


def test_somebody_without_a_framework_begins_with_typed_rows(open_page: Open, db: Database) -> None:
    page = button(open_page("start"), "begin-held")
    page.text_area(key="begin-rows").input("SPY 10\nBND ten").run()
    button(page, "begin-now")
    assert "row 2" in words(page)  # as it was typed, whatever header it was given
    page.text_area(key="begin-rows").input("SPY 10\nBND 10").run()
    button(page, "begin-now")
    assert any(one.name.startswith("My portfolio") for one in design.list_frameworks(db))


def test_somebody_without_a_framework_begins_with_a_file(open_page: Open, db: Database) -> None:
    page = button(open_page("start"), "begin-held")
    page.file_uploader[0].set_value([("h.csv", b"symbol,quantity\nSPY,10\nBND,10\n", "text/csv")]).run()
    button(page, "begin-now")
    made = next(one for one in design.list_frameworks(db) if one.name.startswith("My portfolio"))
    mine = mapping.portfolio_of(db, made.id)
    page = open_page("holdings", framework=made.id, portfolio=mine.id)
    assert title(page).endswith("2 holdings")
    assert no_errors(page)
