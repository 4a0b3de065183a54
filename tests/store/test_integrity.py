"""Every broken relation is found and named, and nothing else is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.records import Policy
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.portfolio.strategy import ClassTarget, HoldingTarget, Strategy
from keel.store import frameworks, instruments, portfolios, prices, runs, strategies
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.runs import Run


@pytest.fixture
def full(store: Database) -> Database:
    """One of everything, whole."""
    buckets = (Bucket("A/E", "E", 1.0, holdings=(Holding("VTI", 1.0),)),)
    framework = frameworks.save_version(store, Framework("F", buckets, constraints=(Constraint("max_holdings", 9),)))
    instruments.upsert_many(store, [Instrument("i1", "VTI", "V", InstrumentType.etf)])
    portfolio = portfolios.save(store, Portfolio("P", framework.id, 1, (Pick("A/E", "i1", "VTI", 1.0),)))
    run = runs.save(store, Run(portfolio.id, framework.id, 1, {}, "f", {}))
    runs.archive(store, run.id)
    strategy = strategies.save(store, Strategy("S", Policy()))
    target = strategies.save_class_target(store, ClassTarget(strategy.id, "equity", 1.0))
    strategies.save_holding_target(store, HoldingTarget(target.id, "i1", 1.0))
    matrix = PriceMatrix(np.datetime64("2020-01-01") + np.arange(3), ("VTI",), np.ones((3, 1)), ("total_return",))
    prices.write_matrix(store, "set", "daily", matrix)
    with store.write() as cursor:
        cursor.execute(
            "insert into plans (id, owner, portfolio_id, portfolio_version, kind, request, fingerprint, lines, edits,"
            " status, created_at) values ('n', 'local', $id, 1, 'trade', '{}', '', '[]', '[]', 'draft',"
            " now()::timestamp)",
            {"id": portfolio.id},
        )
        cursor.execute(
            "insert into positions values ($id, 'VTI', 1, null, 'tradable', date '2020-01-01')",
            {"id": portfolio.id},
        )
        cursor.execute("insert into lots values ($id, 'VTI', 0, 1, 1, date '2020-01-01')", {"id": portfolio.id})
        cursor.execute(
            "insert into accounts (id, owner, portfolio_id, name, kind, currency, created_at)"
            " values ('a', 'local', $id, 'Main', 'taxable', 'USD', now()::timestamp)",
            {"id": portfolio.id},
        )
        cursor.execute(
            "insert into alerts (id, owner, portfolio_id, kind, subject, message, began_at)"
            " values ('l', 'local', $id, 'breach', 'A/E', 'E is under.', now()::timestamp)",
            {"id": portfolio.id},
        )
    return store


def test_a_whole_store_has_no_findings(full: Database) -> None:
    assert integrity(full) == ()


@pytest.mark.parametrize(
    ("breakage", "finding"),
    [
        ("delete from allocation_frameworks", "Bucket A/E belongs to framework"),
        ("delete from allocation_frameworks", "A constraint max_holdings belongs to framework"),
        ("delete from allocation_frameworks", "Portfolio .* uses framework .* version 1"),
        ("delete from allocation_frameworks", "Run .* used framework"),
        ("update allocation_frameworks set version = 2", "lacks a version"),
        ("update allocation_frameworks set profile_id = 'gone'", "uses profile gone"),
        ("delete from allocation_buckets", "The holding VTI of framework .* belongs to bucket A/E"),
        ("delete from allocation_buckets", "picks VTI for bucket A/E, which its framework version does not have"),
        ("delete from instruments", "picks instrument i1, which is not stored"),
        ("delete from portfolios", "A pick of VTI belongs to portfolio"),
        ("delete from portfolios", "Run .* used portfolio"),
        ("delete from portfolios", "Plan n belongs to portfolio"),
        ("delete from portfolios", "Account Main belongs to portfolio"),
        ("delete from portfolios", "An alert breach belongs to portfolio"),
        ("delete from portfolios", "A position in VTI belongs to portfolio"),
        ("delete from positions", "A lot of VTI in portfolio .* belongs to no position"),
        ("delete from rebalancing_strategies", "The class target equity belongs to strategy"),
        ("delete from asset_class_targets", "The holding target of i1 belongs to class target"),
        ("delete from runs", "The archived run .* is not stored"),
        ("delete from prices where date = '2020-01-03'", "The series VTI of dataset set is not what its prices are"),
        ("delete from price_series", "The series VTI of dataset set is not what its prices are"),
        ("insert into prices select * from prices", "VTI has two prices on 2020-01-01 in dataset set"),
        ("update prices set close = 0", "The price of VTI on 2020-01-01 in dataset set is 0.0"),
        ("delete from price_sources", "The series VTI belongs to dataset set, which has no source"),
    ],
)
def test_a_broken_relation_is_named(full: Database, breakage: str, finding: str) -> None:
    with full.write() as cursor:
        cursor.execute(breakage)
    assert any(re.search(finding, sentence) for sentence in integrity(full)), integrity(full)
