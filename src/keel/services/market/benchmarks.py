"""What can stand beside a study: series and funds, and blends of them under a name."""

from __future__ import annotations

from keel.domain.market.instrument import InstrumentType
from keel.domain.market.prices import CASH
from keel.domain.study.blend import Blend, blend_json
from keel.errors import BenchmarkNotFoundError, InputError
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.market import benchmarks as stored
from keel.store.market.benchmarks import NamedBenchmark


def benchmarks(db: Database) -> tuple[str, ...]:
    """The symbols that can stand beside a study: series first, then funds, each with prices of its own."""
    priced = {series.symbol for series in prices.coverage(db)}
    known = [i for i in instruments.universe(db) if i.symbol in priced and i.type is not InstrumentType.stock]
    return tuple(i.symbol for i in sorted(known, key=lambda i: (i.type is not InstrumentType.index, i.symbol)))


def blends(db: Database) -> tuple[Blend, ...]:
    """The stored blends, by name."""
    return tuple(named.blend for named in stored.list_all(db))


def listed(db: Database) -> tuple[NamedBenchmark, ...]:
    """The stored blends with their ids, by name."""
    return stored.list_all(db)


def document(named: NamedBenchmark) -> dict[str, object]:
    """A stored blend as JSON values."""
    return {"id": named.id, **blend_json(named.blend)}


def get(db: Database, id: str) -> NamedBenchmark:
    """A stored blend by its id or its name. Raises BenchmarkNotFoundError."""
    by_name = next((named for named in stored.list_all(db) if named.blend.name == id), None)
    return by_name or stored.get(db, id)


def save(db: Database, blend: Blend, id: str = "") -> NamedBenchmark:
    """The stored blend: in place of the one of that id, else of that name, else a new one.

    Raises InputError when a part is not known here or the name is a product's, BenchmarkNotFoundError for an id that is
    not stored.
    """
    if instruments.find_many(db, [blend.name]):
        raise InputError(f"{blend.name} is a product's symbol.", hint="Choose another name.", subject="name")
    known = {CASH, *(instrument.symbol for instrument in instruments.find_many(db, blend.symbols))}
    unknown = next((symbol for symbol in blend.symbols if symbol not in known), None)
    if unknown is not None:
        hint = "Import its prices first, or correct the symbol."
        raise InputError(f"{unknown} is not known here.", hint=hint, subject=unknown)
    same = next((named.id for named in stored.list_all(db) if named.blend.name == blend.name), "")
    if id and same not in ("", id):
        raise InputError(f"There is a benchmark {blend.name} already.", hint="Choose another name.", subject="name")
    return stored.save(db, NamedBenchmark(blend, id or same))


def delete(db: Database, id: str) -> NamedBenchmark:
    """The stored blend of that id or name, deleted; runs keep theirs. Raises BenchmarkNotFoundError."""
    try:
        named = get(db, id)
    except BenchmarkNotFoundError as error:
        known = ", ".join(blend.name for blend in blends(db)) or "none yet"
        raise BenchmarkNotFoundError(error.message, hint=f"There are: {known}.", subject=id) from error
    stored.delete(db, named.id)
    return named
