"""Facts of instruments as somebody says them: one row a fact and source, and what a product is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from keel.store import names
from keel.store.connection import Cursor, Database, insert_rows


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a product: kind (``sector``, ``asset_class``), name and fraction."""

    kind: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of an instrument on a day: values by the name of the fact, and what it is made of."""

    symbol: str
    source: str
    as_of: date
    facts: Mapping[str, str | float]
    parts: Sequence[Part] = field(default=())


def write(db: Database, said: Said) -> None:
    """Stores what is said as the user's, in place of what the same source said of the same facts before."""

    def work(cursor: Cursor) -> None:
        db.touch("instruments")
        id = names.resolve(cursor, [said.symbol])[said.symbol]
        whose = {
            "instrument_id": id,
            "source": said.source,
            "as_of": said.as_of,
            "owner_kind": "user",
            "owner": db.owner,
        }
        cursor.execute(_FORGET_FACTS, {"id": id, "source": said.source, "facts": list(said.facts)})
        insert_rows(
            cursor,
            "instrument_facts",
            [whose | {"fact": fact, "value": json.dumps(value)} for fact, value in said.facts.items()],
        )
        if said.parts:
            cursor.execute(_FORGET_PARTS, {"id": id, "source": said.source})
        insert_rows(
            cursor,
            "instrument_exposures",
            [whose | {"kind": part.kind, "name": part.name, "weight": part.weight} for part in said.parts],
        )

    db.transact(work)


def known(db: Database, symbol: str) -> frozenset[str]:
    """The facts that anybody says of the instrument with that symbol."""
    with db.cursor() as cursor:
        rows = cursor.execute(_KNOWN, {"symbol": symbol}).fetchall()
    return frozenset(fact for (fact,) in rows)


def said_on(db: Database, fact: str, source: str) -> dict[str, date]:
    """Symbol → the day for which the source said the fact."""
    with db.cursor() as cursor:
        return dict(cursor.execute(_SAID_ON, {"fact": fact, "source": source}).fetchall())


_FORGET_FACTS = (
    "delete from instrument_facts where instrument_id = $id and source = $source and owner_kind = 'user'"
    " and owner = getvariable('owner') and fact in (select unnest($facts::varchar[]))"
)
_FORGET_PARTS = (
    "delete from instrument_exposures where instrument_id = $id and source = $source and owner_kind = 'user'"
    " and owner = getvariable('owner')"
)
_NAMED = "n.kind = 'symbol' and n.valid_to is null"
_KNOWN = (
    "select distinct f.fact from instrument_facts f"  # noqa: S608
    " join instrument_names n on n.instrument_id = f.instrument_id"
    f" where {_NAMED} and n.name = $symbol and f.value is not null"
    " and (f.owner_kind = 'sample' or f.owner = getvariable('owner'))"
)
_SAID_ON = (
    "select n.name, max(f.as_of) from instrument_facts f"  # noqa: S608
    " join instrument_names n on n.instrument_id = f.instrument_id"
    f" where {_NAMED} and f.fact = $fact and f.source = $source and f.owner_kind = 'user' and f.as_of is not null"
    " and f.owner = getvariable('owner') group by n.name"
)
