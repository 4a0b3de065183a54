"""The dialog that makes a client pack of a run."""

from __future__ import annotations

from tests.pages.conftest import Open
from tests.pages.opened import accepted, no_errors, ran

from keel.domain.brand import Brand
from keel.services import pack
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
