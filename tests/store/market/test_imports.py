"""Imports as rows: what came, what it replaced, and what is left when it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.errors import ImportNotFoundError, InputError
from keel.store import prices
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import imports
from keel.store.market.imports import Import
from keel.store.market.staging import Staged, of_matrix

DAYS = np.array(["2020-01-31", "2020-02-28"], dtype="datetime64[D]")
NEW = Instrument("ins_new", "NEW", "NEW", InstrumentType.etf)


def staged(scale: float = 1.0) -> Staged:
    matrix = PriceMatrix(DAYS, ("NEW",), scale * np.array([[1.0], [2.0]]))
    found = of_matrix(matrix)
    return replace(found, series=tuple(replace(s, frequency="monthly") for s in found.series))


def incoming(sha: str = "a", dataset: str = "mine") -> Import:
    return Import(dataset, "csv", sha, ("NEW",), 2, date(2020, 1, 31), date(2020, 2, 28), ("A note.",))


def test_an_import_is_stored_with_what_is_told_of_it(store: Database) -> None:
    made = imports.add(store, staged(), incoming(), [NEW])
    assert imports.get(store, made.id) == made
    assert imports.active(store) == (made,)
    assert imports.find_same(store, "mine", "a") == made
    assert imports.find_same(store, "other", "a") is None
    assert (made.created, made.replaced) == (("ins_new",), 0)
    assert prices.series(store, ["NEW"], "mine").closes.tolist() == [[1.0], [2.0]]
    assert integrity(store) == ()


def test_what_was_replaced_comes_back_and_what_nothing_names_goes(store: Database) -> None:
    first = imports.add(store, staged(), incoming(), [NEW])
    second = imports.add(store, staged(3.0), incoming("b"), [])
    assert second.replaced == 1
    assert imports.find_same(store, "mine", "a") is None
    with pytest.raises(InputError, match=f"was followed by {second.id}"):
        imports.undo(store, first.id)
    assert imports.undo(store, second.id).undone_at is not None
    assert prices.series(store, ["NEW"], "mine").closes.tolist() == [[1.0], [2.0]]
    imports.undo(store, first.id)
    assert prices.coverage(store) == ()
    with store.cursor() as cursor:
        assert cursor.execute("select count(*) from instruments").fetchall() == [(0,)]
    assert integrity(store) == ()


def test_an_instrument_that_something_names_stays(store: Database) -> None:
    first = imports.add(store, staged(), incoming(), [NEW])
    imports.add(store, staged(), incoming("b", "other"), [])
    imports.undo(store, first.id)
    assert [series.dataset for series in prices.coverage(store)] == ["other"]
    assert integrity(store) == ()


def test_a_dataset_of_another_source_and_an_unknown_import_are_refused(store: Database) -> None:
    prices.write_matrix(store, "sample", "daily", PriceMatrix(DAYS, ("NEW",), np.ones((2, 1))), source="wheel")
    with pytest.raises(InputError, match="The dataset sample does not hold imports"):
        imports.add(store, staged(), incoming(dataset="sample"), [NEW])
    with pytest.raises(ImportNotFoundError):
        imports.undo(store, "imp_none")
