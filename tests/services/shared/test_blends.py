"""A benchmark's name stands for the stored blend of that name, and for nothing else."""

from __future__ import annotations

from tests.engine import blank

from keel.domain.framework.records import Holding
from keel.domain.study.blend import Blend
from keel.services.shared.blends import named
from keel.store.market import benchmarks
from keel.store.market.benchmarks import NamedBenchmark


def test_a_name_is_its_blend_and_a_symbol_stays_a_symbol() -> None:
    db = blank()
    blend = Blend("World", (Holding("VT", 1.0),), None)
    benchmarks.save(db, NamedBenchmark(blend))
    assert named(db, "World") == blend
    assert named(db, "VT") == "VT"
