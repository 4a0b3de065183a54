"""Blends are stored by instrument, read back by symbol, and replaced as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.domain.framework.records import Holding
from keel.domain.policy.records import Cadence
from keel.domain.study.blend import Blend
from keel.errors import BenchmarkNotFoundError
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import benchmarks
from keel.store.market.benchmarks import NamedBenchmark

SIXTY = Blend("60/40", (Holding("VT", 0.6), Holding("BND", 0.4)))


def test_a_blend_comes_back_as_it_was_in_the_order_of_its_parts(store: Database) -> None:
    saved = benchmarks.save(store, NamedBenchmark(SIXTY))
    assert benchmarks.get(store, saved.id) == saved == NamedBenchmark(SIXTY, saved.id)
    other = benchmarks.save(store, NamedBenchmark(Blend("All", (Holding("VT", 1.0),), None)))
    assert benchmarks.list_all(store) == (saved, other)
    assert not integrity(store)


def test_the_same_id_is_replaced_with_all_its_parts(store: Database) -> None:
    saved = benchmarks.save(store, NamedBenchmark(SIXTY))
    changed = replace(saved, blend=Blend("Alone", (Holding("BND", 1.0),), Cadence.monthly))
    assert benchmarks.save(store, changed) == changed
    assert benchmarks.list_all(store) == (changed,)


def test_what_is_deleted_or_never_was_is_named(store: Database) -> None:
    saved = benchmarks.save(store, NamedBenchmark(SIXTY))
    benchmarks.delete(store, saved.id)
    assert benchmarks.list_all(store) == ()
    with pytest.raises(BenchmarkNotFoundError, match=saved.id):
        benchmarks.get(store, saved.id)
    for ask in (benchmarks.delete, lambda db, id: benchmarks.save(db, NamedBenchmark(SIXTY, id))):
        with pytest.raises(BenchmarkNotFoundError):
            ask(store, "bm_nothing")
