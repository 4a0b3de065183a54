"""Named benchmarks: blends of instruments under a name that is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from keel.domain.framework.records import Holding
from keel.domain.study.blend import LOOKS, NEVER, Blend
from keel.errors import BenchmarkNotFoundError
from keel.store import names
from keel.store.connection import Cursor, Database, insert_rows
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, new_id, now, stamp

_COLUMNS = (
    "select b.id, b.name, b.look, list(n.symbol order by p.ordinal), list(p.weight::double order by p.ordinal)"
    " from benchmarks b join benchmark_parts p on p.benchmark_id = b.id"
    " join instrument_symbols n on n.instrument_id = p.instrument_id where b.owner = getvariable('owner')"
)
_BY_NAME = " group by b.id, b.name, b.look order by b.name, b.id"


@dataclass(frozen=True, slots=True)
class NamedBenchmark:
    """A stored blend; ``id`` is empty until it is stored."""

    blend: Blend
    id: str = ""


def save(db: Database, named: NamedBenchmark) -> NamedBenchmark:
    """The benchmark as stored: in place of the one with its id, a new one without an id.

    Raises BenchmarkNotFoundError for an id that is not stored.
    """
    stored = replace(named, id=named.id or new_id("bm"))

    def work(cursor: Cursor) -> NamedBenchmark:
        db.touch("benchmarks")
        if named.id:
            _get(cursor, named.id)
            _delete(cursor, named.id)
        ids = names.resolve(cursor, named.blend.symbols)
        look = NEVER if named.blend.look is None else named.blend.look.value
        row = {"id": stored.id, "owner": db.owner, "name": named.blend.name, "look": look}
        insert_rows(cursor, "benchmarks", [row | {"created_at": stamp(now())}])
        parts = [
            {"benchmark_id": stored.id, "ordinal": n, "instrument_id": ids[part.symbol], "weight": part.share}
            for n, part in enumerate(named.blend.parts)
        ]
        insert_rows(cursor, "benchmark_parts", parts)
        return stored

    return db.transact(work)


def get(db: Database, id: str) -> NamedBenchmark:
    """One benchmark. Raises BenchmarkNotFoundError."""
    with db.cursor() as cursor:
        return _get(cursor, id)


def list_all(db: Database) -> tuple[NamedBenchmark, ...]:
    """Every benchmark, by name; read once until one, or the name of a product, changes."""

    def read() -> tuple[NamedBenchmark, ...]:
        with db.cursor() as cursor:
            rows = cursor.execute(_COLUMNS + _BY_NAME).fetchall()
        return tuple(_benchmark(row) for row in rows)

    return _all.recall(db, (db.revision("benchmarks"), db.revision("instruments")), read)


_all: Memory[tuple[NamedBenchmark, ...]] = Memory(1)


def delete(db: Database, id: str) -> None:
    """Deletes a benchmark; runs keep what they were compared with. Raises BenchmarkNotFoundError."""

    def work(cursor: Cursor) -> None:
        db.touch("benchmarks")
        _get(cursor, id)
        _delete(cursor, id)

    db.transact(work)


def _delete(cursor: Cursor, id: str) -> None:
    cursor.execute("delete from benchmark_parts where benchmark_id = $id", {"id": id})
    cursor.execute("delete from benchmarks where id = $id and owner = getvariable('owner')", {"id": id})


def _get(cursor: Cursor, id: str) -> NamedBenchmark:
    rows = cursor.execute(f"{_COLUMNS} and b.id = $id{_BY_NAME}", {"id": id}).fetchall()
    if not rows:
        raise BenchmarkNotFoundError(f"There is no benchmark {id}.", hint=ELSEWHERE, subject=id)
    return _benchmark(rows[0])


def _benchmark(row: tuple[Any, ...]) -> NamedBenchmark:
    id, name, look, symbols, weights = row
    parts = tuple(Holding(symbol, weight) for symbol, weight in zip(symbols, weights, strict=True))
    return NamedBenchmark(Blend(name, parts, LOOKS[look]), id)
