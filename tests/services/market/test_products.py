"""A universe of one's own: previewed, stored beside the sample's, known by its content, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.sources.catalogue.test_finance_database import ROWS, stand_in

from keel.domain.framework.rules import Rules
from keel.errors import ImportFormatError, InputError
from keel.services import design, mapping
from keel.services.market import imports, products
from keel.services.market.imports import Incoming
from keel.services.shared import universe
from keel.services.shared.files import keep
from keel.services.shared.job import Job, StoppedError
from keel.settings import load
from keel.store import instruments
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.work.jobs import JobRow

TEXT = (
    "Ticker,Name,ISIN,Asset class,Region,Expense ratio,aum_usd,Colour\n"
    "NEWF,New fund,US9229087690,Equity,US,0.1%,2e9,red\n"
    "SPY,,,,,0.9%,,\n"
)


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "u.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_preview_says_what_it_would_bring_and_stores_nothing(db: Database, tmp_path: Path) -> None:
    before = instruments.universe(db)
    seen = products.preview_document(products.preview(db, write(tmp_path), "u.csv"))
    assert instruments.universe(db) is before
    assert (seen["products"], seen["new"], seen["facts"]) == (2, 1, 9)
    assert seen["columns"] == ["symbol", "name", "isin", "asset_class", "region", "expense_ratio", "aum_usd"]
    assert (seen["ignored"], seen["head"][0]["symbol"], seen["complaints"]) == (["colour"], "NEWF", [])
    assert seen["notes"] == [
        "Not known before, will be added: NEWF.",
        "Known before, what the file says of them comes first: SPY.",
        "Columns that mean nothing here and were not read: colour.",
    ]


def test_what_a_file_leaves_empty_stays_as_the_sample_says(db: Database, tmp_path: Path) -> None:
    before = instruments.find(db, "SPY")
    made = products.commit(db, write(tmp_path), "u.csv")
    after = instruments.find(db, "SPY")
    assert before is not None
    assert after is not None
    assert (after.id, after.name, after.tags, after.aum_usd) == (before.id, before.name, before.tags, before.aum_usd)
    assert (after.expense_ratio, before.expense_ratio != 0.009) == (0.009, True)
    assert next(s.source for s in after.sources if s.fact == "expense_ratio") == products.SOURCE
    new = instruments.find(db, "NEWF")
    assert new is not None
    assert (new.currency, new.tags) == ("USD", ("asset_class:equity", "region:us"))
    again = products.commit(db, write(tmp_path), "other.csv")
    assert (again.id, "nothing changed" in again.notes[0]) == (made.id, True)
    products.undo(db, made.id)
    assert instruments.find(db, "SPY") == before
    assert instruments.find(db, "NEWF") is None
    assert products.history(db) == ()


def test_a_fact_that_changes_takes_the_tags_that_it_implied_with_it(db: Database, tmp_path: Path) -> None:
    products.commit(db, write(tmp_path, "symbol,region,tags\nSPY,Emerging,mine\n"), "u.csv")
    spy = instruments.find(db, "SPY")
    assert spy is not None
    assert {"region:emerging", "asset_class:equity", "mine"} <= set(spy.tags)
    assert "region:us" not in spy.tags


def test_a_product_of_ones_own_is_mapped_and_stays_while_prices_rest_on_it(db: Database, tmp_path: Path) -> None:
    text = "symbol,asset_class,region,sleeve,aum_usd\nMYUS,Equity,US,Core,9e13\n"
    made = products.commit(db, write(tmp_path, text), "u.csv")
    prices = tmp_path / "p.csv"
    prices.write_text("date,MYUS\n2015-01-30,1\n2020-01-31,2\n2020-02-28,3\n")
    imports.commit(db, prices, "p.csv", Incoming())
    framework = design.adopt_template(db, load(), "geographic")
    large = mapping.suggest(db, framework, Rules(min_aum_usd=8e13))[0]
    assert [(s.instrument.symbol, s.usable) for s in large.suggestions] == [("MYUS", True)]
    products.undo(db, made.id)
    kept = instruments.find(db, "MYUS")
    assert kept is not None
    assert kept.region == "US"


def test_who_waits_for_an_import_finds_the_universe_ready(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    products.commit(db, write(tmp_path), "u.csv")
    monkeypatch.setattr(universe, "columns_of", lambda *_: pytest.fail("the universe was not ready"))
    assert "NEWF" in {product.symbol for product in universe.columns(db).universe}


def test_what_a_file_of_products_tells_of_stays_when_its_prices_go(db: Database, tmp_path: Path) -> None:
    prices = tmp_path / "p.csv"
    prices.write_text("date,MYUS\n2020-01-31,2\n2020-02-28,3\n")
    brought = imports.commit(db, prices, "p.csv", Incoming())
    made = products.commit(db, write(tmp_path, "symbol,name\nMYUS,Mine\n"), "u.csv")
    imports.undo(db, brought.id)
    kept = instruments.find(db, "MYUS")
    assert kept is not None
    assert kept.name == "Mine"
    products.undo(db, made.id)
    assert integrity(db) == ()


def test_every_bad_row_is_told_and_the_first_refuses_the_file(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "symbol,type,expense_ratio,isin\nA,Boat,,\nB,,cheap,\nC,,,US9229087691\nD,,,\n")
    found = products.preview_document(products.preview(db, path, "u.csv"))["complaints"]
    assert [(one["row"], one["column"]) for one in found] == [(2, "type"), (3, "expense_ratio"), (4, "isin")]
    before = instruments.universe(db)
    with pytest.raises(ImportFormatError, match=r"u\.csv, row 2, column type"):
        products.commit(db, path, "u.csv")
    assert instruments.universe(db) is before


def test_a_fetched_catalogue_is_an_import_that_leaves_the_samples_facts_where_it_says_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, ROWS.rename(index={"ODD": "SPY"}))
    before = instruments.find(db, "SPY")
    made = products.fetch(db)
    assert (made.name, made.created, products.fetch(db).id) == ("FinanceDatabase", 1, made.id)
    after = instruments.find(db, "SPY")
    assert before is not None
    assert after is not None
    assert (after.id, after.name, after.tags, after.region) == (before.id, before.name, before.tags, before.region)
    products.undo(db, made.id)
    assert instruments.find(db, "SPY") == before


def test_a_file_is_imported_as_work_that_can_be_stopped(db: Database, tmp_path: Path) -> None:
    job = products.ask_import(db, "u.csv", write(tmp_path))
    assert job.finished(PATIENCE)
    assert job.answer is not None
    assert products.history(db) == (job.answer,)
    assert products.last_work(db) is job
    assert (job.total, job.row.result) == (2, products.document(job.answer))
    products.undo(db, job.answer.id)
    stopped: Job[products.UniverseImport] = Job(JobRow("universe", keep([("u.csv", write(tmp_path))])), "products")
    stopped.stop()
    with pytest.raises(StoppedError):
        products.PRODUCTS.run(db, stopped.row.request, stopped)
    assert products.history(db) == ()


def test_a_catalogue_is_fetched_as_work_each_time_it_is_asked_for(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, None)
    job = products.ask_fetch(db)
    assert job.finished(PATIENCE)
    assert isinstance(job.error, InputError)
    stand_in(monkeypatch, ROWS)
    job = products.ask_fetch(db)
    assert job.finished(PATIENCE)
    assert job.answer is not None
    assert job.answer.name == "FinanceDatabase"


def test_status_counts_products_facts_and_imports(db: Database, tmp_path: Path) -> None:
    before = products.status(db)
    made = products.commit(db, write(tmp_path), "u.csv")
    after = products.status(db)
    assert after["products"] == before["products"] + 1
    assert [one["import"] for one in after["imports"]] == [made.id]
    known = {fact["fact"]: fact["known"] + fact["missing"] for fact in after["facts"]}
    assert set(known.values()) == {after["products"]}
