"""The datasets that a portfolio can be studied on."""

from __future__ import annotations

from tests.services.portfolios import portfolio

from keel.services.market.datasets import datasets
from keel.store.connection import Database


def test_datasets_say_what_they_cover_best_first(db: Database) -> None:
    choices = datasets(db, portfolio(db, {"SPY": 0.5, "TLT": 0.3, "MSCI US": 0.2}))
    found = {c.id: (c.covers, c.of) for c in choices}
    assert found["etf_daily"] == (2, 3)
    assert found["monthly"][0] >= 2
    assert [c.covers for c in choices] == sorted((c.covers for c in choices), reverse=True)
    assert next(c for c in choices if c.id == "etf_daily").label == "US-listed ETFs, daily, dividends excluded"
