"""Every broken relation is found and named, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.engine import copied

from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Question
from keel.store import archive, frameworks, instruments, portfolios, prices, runs
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.runs import Run

LIVE = """
insert into investment_profiles (id, version, owner, name, risk_band, answers, created_at, updated_at)
values ('q', 1, 'local', 'Q', 'low', '{}', now()::timestamp, now()::timestamp);
insert into plans (id, owner, portfolio_id, portfolio_version, kind, request, fingerprint, lines, edits, status,
    created_at)
values ('n', 'local', 'p1', 1, 'trade', '{}', '', '[]', '[]', 'draft', now()::timestamp);
insert into accounts (id, owner, portfolio_id, name, kind, currency, created_at)
values ('a', 'local', 'p1', 'Main', 'taxable', 'USD', now()::timestamp);
insert into alerts (id, owner, portfolio_id, kind, subject, message, began_at)
values ('l', 'local', 'p1', 'breach', 'A/E', 'E is under.', now()::timestamp);
insert into positions (account_id, instrument_id, currency, quantity, role, no_buy, no_sell, bucket)
values ('a', 'i1', 'USD', 1, 'tradable', false, false, '');
insert into lots (account_id, instrument_id, ordinal, quantity, cost, acquired)
values ('a', 'i1', 0, 1, 1, '2020-01-01');
insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)
values ('m', 'local', 'holdings', 'p1', 'csv', '00', '{}', now()::timestamp);
insert into activities (id, account_id, import_id, instrument_id, kind, date, quantity, currency)
values ('r', 'a', 'm', 'i1', 'buy', date '2020-01-01', 1, 'USD');
insert into benchmarks (id, owner, name, created_at) values ('b', 'local', 'B', now()::timestamp);
insert into benchmark_parts (benchmark_id, ordinal, instrument_id, weight) values ('b', 0, 'i1', 1);
insert into instrument_exposures (instrument_id, kind, name, weight, source, owner_kind)
values ('i1', 'region', 'us', 1, '', 'user');
"""


@pytest.fixture(scope="module")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one of everything, whole; copy it, never write to it."""
    path = tmp_path_factory.mktemp("full") / "full.duckdb"
    store = Database.open(path)
    instruments.upsert_many(store, [Instrument("i1", "VTI", "V", InstrumentType.etf)])
    buckets = (Bucket("A/E", "E", 1.0, holdings=(Holding("VTI", 1.0),)),)
    framework = frameworks.save_version(store, Framework("F", buckets, constraints=(Constraint("max_holdings", 9),)))
    portfolio = portfolios.save(store, Portfolio("P", framework.id, 1, (Pick("A/E", "i1", "VTI", 1.0),), "p1"))
    run = runs.save(store, Run(Question(portfolio.id, portfolio_version=1), framework.id, 1, "f", {}))
    archive.put_away(store, "run", run.id)
    matrix = PriceMatrix(np.datetime64("2020-01-01") + np.arange(3), ("VTI",), np.ones((3, 1)), ("total_return",))
    prices.write_matrix(store, "set", "daily", matrix)
    with store.write() as cursor:
        cursor.execute(LIVE)
    store.close()
    return path


@pytest.fixture
def full(full_file: Path) -> Iterator[Database]:
    """One of everything, whole, in a database of this test's own."""
    database = copied(full_file)
    yield database
    database.close()


def test_a_whole_store_has_no_findings(full: Database) -> None:
    assert integrity(full) == ()


# What is done to a whole store, and what is then found.
BREAKAGES: dict[str, tuple[str, ...]] = {
    "delete from allocation_frameworks": (
        "Bucket A/E belongs to framework",
        "A constraint max_holdings belongs to framework",
        "Portfolio p1 version 1 uses framework .* version 1",
        "Run .* used framework",
    ),
    "update allocation_frameworks set version = 2": ("Framework .* lacks a version",),
    "update allocation_frameworks set profile_id = 'gone'": ("uses profile gone",),
    "update investment_profiles set version = 2": ("Profile q lacks a version",),
    "delete from allocation_buckets": (
        "The holding i1 of framework .* belongs to bucket A/E",
        "picks i1 for bucket A/E, which its framework version does not have",
    ),
    "delete from portfolio_versions": (
        "Portfolio p1 has no version",
        "A pick of i1 belongs to portfolio p1 version 1",
        "Run .* used portfolio p1 version 1",
        "Plan n belongs to portfolio p1 version 1",
    ),
    "update portfolio_versions set version = 2": ("Portfolio p1 lacks a version",),
    "delete from portfolios": (
        "A version of portfolio p1 is stored without it",
        "Account Main belongs to portfolio",
        "An alert breach belongs to portfolio",
    ),
    "delete from accounts": ("A position in i1 belongs to account a", "The record r belongs to account a"),
    "delete from imports": ("The record r came by import m",),
    "delete from positions": ("A lot of i1 in account a belongs to no position",),
    "delete from benchmarks": ("A part of benchmark b is stored without it",),
    "delete from runs": ("The archived run .* is not stored",),
    "delete from instruments": tuple(
        f"{place} names instrument i1, which is not stored"
        for place in (
            "A name",
            "A fact",
            "An exposure",
            "A price series",
            "A holding",
            "A pick",
            "A position",
            "A record",
            "A benchmark",
        )
    ),
    "delete from instrument_names": ("Instrument i1 has no symbol",),
    "insert into instrument_names select * from instrument_names": ("Instrument i1 has 2 symbols at once",),
    "insert into instrument_facts select * from instrument_facts": ("Instrument i1 has the fact type from  twice",),
    "delete from prices where date = '2020-01-03'": ("The series i1 of dataset set is not what its prices are",),
    "delete from price_series": ("The series i1 of dataset set is not what its prices are",),
    "insert into prices select * from prices": ("i1 has two prices on 2020-01-01 in dataset set",),
    "update prices set adjusted_close = 0": ("The price of i1 on 2020-01-01 in dataset set is 0.0",),
    "update prices set close = -1": ("The price of i1 on 2020-01-01 in dataset set is 1.0",),
    "delete from price_sources": ("The series i1 belongs to dataset set, which has no source",),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_relation_is_named(full: Database, breakage: str) -> None:
    with full.write() as cursor:
        cursor.execute(breakage)
    sentences = integrity(full)
    for finding in BREAKAGES[breakage]:
        assert any(re.search(finding, sentence) for sentence in sentences), sentences
