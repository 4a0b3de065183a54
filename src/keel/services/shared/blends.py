"""The blend that a name stands for."""

from __future__ import annotations

from keel.domain.study.blend import Blend
from keel.store.connection import Database
from keel.store.market import benchmarks


def named(db: Database, benchmark: str | Blend) -> str | Blend:
    """The stored blend of that name; what is none, such as a symbol, stays as it is."""
    if not benchmark or isinstance(benchmark, Blend):
        return benchmark
    return next((b.blend for b in benchmarks.list_all(db) if b.blend.name == benchmark), benchmark)
