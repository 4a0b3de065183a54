"""What a portfolio is exposed to: its products' facts and what they are made of, as limits and X-rays look at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keel.domain.constraints.exposures import Composition, Exposure, Line, of_lines, of_picks
from keel.domain.framework.records import Framework
from keel.domain.lookthrough.members import member
from keel.domain.portfolio.records import Picks
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market import exposures
from keel.store.market.exposures import Parts
from keel.store.memory import Memory


def exposed_picks(db: Database, framework: Framework, picks: Picks) -> tuple[Exposure, ...]:
    """The picks by what they are made of; a bucket without one that is known here counts as cash."""
    known = {instrument.id: instrument for instrument in instruments.universe(db)}
    products = {
        path: [(known[pick.instrument_id], pick.share) for pick in chosen if pick.instrument_id in known]
        for path, chosen in picks.items()
    }
    return of_picks(framework, products, compositions(db))


def exposed_lines(db: Database, lines: Iterable[Line]) -> tuple[Exposure, ...]:
    """What is held by what it is made of; of several instruments with a symbol the one with the lowest id is meant."""
    held = tuple(lines)
    products = {i.symbol: i for i in reversed(instruments.find_many(db, [line.symbol for line in held]))}
    return of_lines(held, products, compositions(db))


def compositions(db: Database) -> Mapping[str, Composition]:
    """Instrument id → what it is made of, in the words of buckets."""
    changes = (db.revision("instruments"), db.revision("exposures"))
    return _compositions.recall(
        db, changes, lambda: {id: _composition(parts) for id, parts in exposures.made_of(db).items()}
    )


_compositions: Memory[Mapping[str, Composition]] = Memory(1)


def _composition(parts: Parts) -> Composition:
    made: dict[str, dict[str, float]] = {}
    for dimension, weights in parts.items():
        of = made.setdefault(dimension, {})
        for name, weight in weights.items():
            tag = member(dimension, name)
            of[tag] = of.get(tag, 0.0) + weight
    return made
