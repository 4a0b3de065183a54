"""Everybody has datasets of their own names, beside the sample's that are there for all."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.market.prices import PriceMatrix
from keel.store import prices
from keel.store.connection import Database
from keel.store.market.datasets import key, named

DAYS = np.array(["2025-01-02", "2025-01-03"], dtype="datetime64[D]")


def closes(*values: float) -> PriceMatrix:
    return PriceMatrix(DAYS, ("VTI",), np.array([values]).T, ("total_return",))


@pytest.mark.parametrize("owner", ["local", "ann"])
def test_a_name_comes_back_from_what_it_is_stored_as(store: Database, owner: str) -> None:
    db = store.of(owner)
    assert named(db, key(db, "mine")) == "mine"
    assert key(db, "monthly", "sample") == "monthly"


def test_two_bring_prices_under_one_name_and_see_their_own(store: Database) -> None:
    ann, bob = store.of("ann"), store.of("bob")
    prices.write_matrix(store, "monthly", "monthly", closes(1.0, 2.0), owner_kind="sample")
    prices.write_matrix(ann, "imported", "daily", closes(10.0, 11.0))
    before = prices.revision(bob)
    prices.write_matrix(ann, "imported", "daily", closes(20.0, 21.0))
    assert prices.revision(bob) == before
    prices.write_matrix(bob, "imported", "daily", closes(30.0, 31.0))
    assert set(prices.datasets(ann)) == {"imported", "monthly"}
    for db, first in ((ann, 20.0), (bob, 30.0)):
        assert prices.series(db, ["VTI"], "imported").closes[0, 0] == first
        assert prices.series(db, ["VTI"], "monthly").closes[0, 0] == 1.0
        assert prices.updated_at(db, "imported") is not None
    assert prices.datasets(store) == ("monthly",)
    assert prices.updated_at(store, "imported") is None
