"""The data page: files come in, are looked at before, and go out again; and from there to a backtest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from tests.commands.conftest import weekdays
from tests.pages.conftest import Open, words
from tests.patience import PATIENCE

from keel.domain.reading.day import DayForm
from keel.services.market import imports
from keel.services.market.imports import DATASET, Incoming
from keel.store import portfolios, prices
from keel.store.connection import Database

TEXT = "date,OWN,SPY\n2020-01-31,10,300\n2020-02-28,11,310\n2020-03-31,12,305\n"


def brought(db: Database, folder: Path, text: str = TEXT) -> str:
    path = folder / "p.csv"
    path.write_text(text, encoding="utf-8")
    return imports.commit(db, path, "p.csv", Incoming()).id


def button(page: AppTest, key: str) -> AppTest:
    return next(b for b in page.button if b.key == key).click().run()


def test_the_dialog_takes_files_and_shows_what_they_would_become(open_page: Open, db: Database) -> None:
    page = button(open_page("data"), "import-prices")
    uploader = page.file_uploader[0]
    page = uploader.set_value(
        [("own.csv", TEXT.encode(), "text/csv"), ("bad.csv", b"date,A\n2020-01-31,x\n", "")]
    ).run()
    shown = words(page)
    frame = page.dataframe[0].value
    assert frame["Symbol"].tolist() == ["OWN", "SPY"]
    assert frame["Known as"][0] == "new"
    assert "Not known before, will be added as ETF in USD: OWN." in shown
    assert 'bad.csv, row 2, column A: "x" is not a price.' in shown
    assert prices.datasets(db) == ("etf_daily", "monthly", "stocks_daily")
    page = button(page, "import-now")
    assert not page.exception
    assert DATASET in prices.datasets(db)
    assert any(head.value.startswith(f"{DATASET}\\: 2 series to Mar 2020") for head in page.header)


def test_large_files_are_imported_as_work(open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    page = button(open_page("data"), "import-prices")
    page = page.file_uploader[0].set_value([("own.csv", TEXT.encode(), "text/csv")]).run()
    page = button(page, "import-now")
    assert not page.exception
    job = imports.last_import(db)
    assert job is not None
    assert job.finished(PATIENCE)
    assert "OWN" in words(page.run())


def test_dates_that_may_be_either_are_asked_for(open_page: Open, db: Database) -> None:
    page = button(open_page("data"), "import-prices")
    text = b"date,OWN\n03/04/2020,10\n03/05/2020,11\n"
    page = page.file_uploader[0].set_value([("own.csv", text, "text/csv")]).run()
    assert "may begin with the day or with the month" in words(page)
    page = page.segmented_control(key="import-dates").set_value(DayForm.month_first).run()
    assert page.dataframe[0].value["To"].tolist() == [date(2020, 3, 5)]
    button(page, "import-now")
    assert prices.series(db, ["OWN"], DATASET).dates[-1] == np.datetime64("2020-03-05")


def test_an_import_is_undone_and_what_follows_it_is_named(open_page: Open, db: Database, tmp_path: Path) -> None:
    first, second = brought(db, tmp_path), brought(db, tmp_path, TEXT.replace("310", "311"))
    page = button(open_page("data"), f"undo-{first}")
    assert "which replaced some of its prices" in words(page)
    page = button(button(page, f"undo-{second}"), f"undo-{first}")
    assert [series.dataset for series in prices.coverage(db) if series.owner == "user"] == []
    assert "Imports" not in words(page)


def test_a_hole_in_the_prices_leads_to_files(open_page: Open, db: Database, tmp_path: Path) -> None:
    days = enumerate(weekdays(date(2020, 1, 1), 60))
    brought(db, tmp_path, "date,OWN,B\n" + "".join(f"{day},{'' if 20 < n < 30 else 10},20\n" for n, day in days))
    page = button(open_page("data"), f"import-{DATASET}-others-error-gaps")
    assert page.file_uploader[0].label == "Files"


def test_own_symbols_go_to_a_backtest_in_equal_parts(open_page: Open, db: Database, tmp_path: Path) -> None:
    brought(db, tmp_path, TEXT + "2020-04-30,13,315\n")
    page = button(open_page("data"), "backtest-own")
    assert not page.exception
    assert portfolios.symbols_held(db) == {"OWN", "SPY"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "*bold* [b]"])
def test_a_name_is_shown_as_it_stands(open_page: Open, db: Database, tmp_path: Path, name: str) -> None:
    brought(db, tmp_path, TEXT.replace("OWN", name))
    page = open_page("data")
    assert name in words(page)
    assert not page.exception
