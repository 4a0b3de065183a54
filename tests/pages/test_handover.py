"""The dialog that makes a client pack, and pages as a client is shown them."""

from __future__ import annotations

from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, ran, title

from keel import units
from keel.domain.brand import Brand, Paper
from keel.services import pack
from keel.services.example import open_client
from keel.store.connection import Database


def test_a_run_can_be_handed_over_and_who_does_is_kept(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id, run=ran(db, portfolio, "never", "annual").run_id)
    at.button(key="pack-open").click().run()
    assert no_errors(at)
    assert [b.proto.label for b in at.get("download_button")][-3:] == [":violet[Download PDF]", "Workbook", "Bundle"]
    at.text_input(key="pack-firm").set_value("Harbour & Lane").run()
    at.button(key="pack-save").click().run()
    assert pack.brand(db) == Brand("Harbour & Lane")
    assert at.segmented_control(key="pack-paper").value == "letter"  # usual for dollars
    at.segmented_control(key="pack-paper").set_value("a4").run()
    assert pack.brand(db) == Brand("Harbour & Lane", paper=Paper.a4)
    other = open_page("backtest", portfolio=portfolio.id, run=at.query_params["run"])
    other.button(key="pack-open").click().run()
    assert other.segmented_control(key="pack-paper").value == "a4"


def test_a_presentation_has_the_numbers_and_nothing_to_press(db: Database, open_page: Open) -> None:
    pack.save_brand(db, pack.Change("Harbour & Lane"))
    portfolio = accepted(db)
    run = ran(db, portfolio, "never", "annual")
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id, present=1)
    assert no_errors(at)
    assert "Harbour & Lane" in words(at)
    assert [m.value for m in at.metric] == [units.pct2(r.metrics["cagr"]) for r in run.results]
    assert [button.label for button in at.button] == ["Leave the presentation"]
    assert not at.sidebar.caption
    assert at.query_params["present"] == "1"


def test_drift_and_plan_are_handed_over_and_shown_without_controls(db: Database, open_page: Open) -> None:
    client = open_client(db)
    for page, words_of_it in (("drift", "What would move it out of band"), ("rebalance", "Before and after")):
        at = open_page(page, framework=client.framework_id, portfolio=client.id)
        at.button(key="pack-open").click().run()
        assert no_errors(at)
        assert [b.proto.label for b in at.get("download_button")][-3:] == [
            ":violet[Download PDF]",
            "Workbook",
            "Bundle",
        ]
        shown = open_page(page, framework=client.framework_id, portfolio=client.id, present=1)
        assert no_errors(shown)
        assert [button.label for button in shown.button] == ["Leave the presentation"]
        assert not shown.sidebar.caption
        assert not shown.get("page_link")
        assert words_of_it in words(shown)
        assert title(shown) == title(at)
