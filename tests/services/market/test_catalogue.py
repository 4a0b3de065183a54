"""What the database knows of products and prices, and how far a framework has come."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.issue import Severity
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.services.example import open_example
from keel.services.market import catalogue
from keel.services.work.progress import Progress, progress
from keel.store import instruments, prices
from keel.store.connection import Database


def test_the_sample_has_three_datasets_with_honest_kinds(db: Database) -> None:
    found = {dataset.id: dataset for dataset in catalogue.datasets(db)}
    assert set(found) == {"monthly", "stocks_daily", "etf_daily"}
    assert found["etf_daily"].price_kind == "price_return"
    assert len(found["monthly"].series) == 19
    assert found["monthly"].frequency == "monthly"


def test_tags_are_those_that_products_carry(db: Database) -> None:
    assert {"asset_class:equity", "region:us"} <= set(catalogue.tags(db))


def test_findings_name_known_symbols_and_put_the_grave_ones_first(db: Database) -> None:
    levels = [f.severity for f in catalogue.findings(db, "stocks_daily")]
    assert levels == sorted(levels, key=list(Severity).index)
    assert catalogue.findings(db, "nothing") == ()


def test_what_is_found_on_the_sample_is_looked_for_once_for_all_who_brought_nothing(db: Database) -> None:
    ann, bob = db, db.of(f"{db.owner}_friend")
    assert catalogue.findings(ann, "monthly") is catalogue.findings(bob, "monthly")
    prices.write_matrix(ann, "own", "daily", prices.series(ann, ["SPY"], "etf_daily"))
    assert catalogue.findings(ann, "monthly") is catalogue.findings(bob, "monthly")
    assert {finding.subject for finding in catalogue.findings(ann, "own")} == {"SPY"}
    assert catalogue.findings(bob, "own") == ()
    instruments.upsert_many(ann, [Instrument("new", "NEW", "New", InstrumentType.etf)])
    assert catalogue.findings(ann, "monthly") is catalogue.findings(bob, "monthly")
    index = catalogue.datasets(db)[0].series[0]
    told = instruments.get(ann, index.instrument_id)
    instruments.upsert_many(ann, [replace(told, leverage=3.0)])
    assert catalogue.findings(ann, "monthly") is not catalogue.findings(bob, "monthly")


def test_a_holder_is_a_portfolio_of_one_s_own(db: Database) -> None:
    example = open_example(db.of("ann"))
    symbols = ["NOBODYS", example.picks[0].symbol]
    assert catalogue.holder(db.of("ann"), symbols) == example
    assert catalogue.holder(db.of("bob"), symbols) is None


def test_progress_names_the_newest_portfolio_of_that_version_only(db: Database) -> None:
    portfolio = open_example(db)
    assert progress(db, portfolio.framework_id, portfolio.framework_version) == Progress(portfolio.id)
    assert progress(db, portfolio.framework_id, 99) == Progress()
