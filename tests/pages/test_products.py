"""The data page: products are found, come in from a file that is looked at before, and go out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.patience import PATIENCE
from tests.sources.catalogue.test_finance_database import stand_in

from keel.services.market import products
from keel.store import instruments
from keel.store.connection import Database

TEXT = "symbol,name,region,colour\nNEWF,<b>New</b> fund,US,red\nSPY,,,\n"


def button(page: AppTest, key: str) -> AppTest:
    return next(b for b in page.button if b.key == key).click().run()


def test_a_search_shows_products_and_says_when_there_is_none(open_page: Open) -> None:
    page = open_page("data")
    assert not page.dataframe
    page.text_input(key="product-search").input("gold spdr").run()
    assert page.dataframe[0].value["Symbol"].tolist()[0] == "GLD"
    page.text_input(key="product-search").input("e").run()
    assert "The first 20 of" in words(page)
    page.text_input(key="product-search").input("zzz").run()
    assert "zzz is not known here" in words(page)


def test_a_file_is_looked_at_imported_and_undone(open_page: Open, db: Database) -> None:
    page = button(open_page("data"), "import-universe")
    page = page.file_uploader[0].set_value(("bad.csv", b"symbol,type\nA,Boat\nB,Car\n", "text/csv")).run()
    assert "bad.csv, row 2, column type" in words(page)
    assert "row 3, column type" in words(page)
    assert next(b for b in page.button if b.key == "import-products-now").disabled
    page = page.file_uploader[0].set_value(("u.csv", TEXT.encode(), "text/csv")).run()
    assert page.dataframe[0].value["known as"].tolist() == ["new", "SPDR S&P 500 ETF Trust"]
    assert "were not read: colour" in words(page)
    page = button(page, "import-products-now")
    assert not page.exception
    assert instruments.find(db, "NEWF") is not None
    (made,) = products.history(db)
    assert "u.csv" in words(page)
    button(page, f"undo-{made.id}")
    assert instruments.find(db, "NEWF") is None


def test_a_large_file_is_imported_as_work(open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "AT_ONCE", 0)
    page = button(open_page("data"), "import-universe")
    page = page.file_uploader[0].set_value(("u.csv", TEXT.encode(), "text/csv")).run()
    assert not button(page, "import-products-now").exception
    job = products.last_work(db)
    assert job is not None
    assert job.finished(PATIENCE)
    assert instruments.find(db, "NEWF") is not None


def test_the_list_of_a_catalogue_is_fetched_or_the_page_says_what_is_missing(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, None)
    page = button(open_page("data"), "fetch-universe")
    job = products.last_work(db)
    assert job is not None
    assert job.finished(PATIENCE)
    assert "FinanceDatabase is not installed." in words(page.run())


def test_an_import_that_another_followed_says_which(open_page: Open, db: Database, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    ids = []
    for region in ("US", "Emerging"):
        path.write_text(f"symbol,region\nNEWF,{region}\n")
        ids.append(products.commit(db, path, "u.csv").id)
    page = button(open_page("data"), f"undo-{ids[0]}")
    assert "which replaced some of its facts" in words(page)
