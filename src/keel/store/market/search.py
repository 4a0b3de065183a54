"""The search over every product, in the database: a symbol, an ISIN or words of a name, while somebody types."""

from __future__ import annotations

from typing import Any, NamedTuple

from keel.store.connection import Database
from keel.store.instruments import told_by
from keel.store.memory import Memory

MOST_WORDS = 12  # that are looked for


class Hits(NamedTuple):
    """One page of what was found, as ids of instruments, and how many there are in all."""

    ids: tuple[str, ...]
    total: int


def find_ids(db: Database, text: str, limit: int, offset: int = 0) -> Hits:
    """The products whose symbol, name and ISIN hold every word of the text, in any order of words; all for none.

    The exact symbol or ISIN comes first, then symbols that begin with the text, then names with a word that does, then
    the rest; within each by symbol.
    """
    # Putting the names together takes longer than looking through them: that is done once until one changes.
    teller = told_by(db)
    every = _texts.recall(teller, db.revision("instruments"), lambda: _read(teller))
    words = text.lower().split()[:MOST_WORDS]
    holds = "".join(f" and contains(words, $word{n})" for n in range(len(words)))
    asked = {f"word{n}": word for n, word in enumerate(words)} | ({"text": " ".join(words)} if words else {})
    with db.cursor() as cursor:
        cursor.register("every", every)
        rows = cursor.execute(
            f"select instrument_id, count(*) over () from every where true{holds}"  # noqa: S608 (names of our own)
            f" order by {_NEARNESS if words else ''} symbol, instrument_id limit $limit offset $offset",
            asked | {"limit": limit, "offset": offset},
        ).fetchall()
        cursor.unregister("every")
    if rows or not offset:
        return Hits(tuple(id for id, _ in rows), rows[0][1] if rows else 0)
    return Hits((), find_ids(db, text, 1).total)  # beyond the last page


_texts: Memory[Any] = Memory(1)


def _read(db: Database) -> Any:
    """What is looked through, an Arrow table: 50,000 products take 10 MB."""
    with db.cursor() as cursor:
        return cursor.sql(_TEXTS).to_arrow_table()


_NEARNESS = (
    "case when lower(symbol) = $text or list_contains(isins, $text) then 0 when starts_with(words, $text) then 1"
    " when contains(words, ' ' || $text) then 2 else 3 end,"
)
_TEXTS = """
with titles as (
    select instrument_id, arg_max(value ->> '$', (owner_kind = 'user', coalesce(as_of, date '0001-01-01'))) as title
    from instrument_facts where fact = 'name' and value is not null
    and (owner_kind = 'sample' or owner = getvariable('owner')) group by instrument_id
),
codes as (
    select instrument_id, list(lower(name)) as isins from instrument_names
    where kind = 'isin' and valid_to is null
    and (owner_kind = 'sample' or owner = getvariable('owner')) group by instrument_id
)
select s.instrument_id, s.symbol, c.isins,
    lower(concat_ws(' ', s.symbol, t.title, array_to_string(c.isins, ' '))) as words
from instrument_symbols s left join titles t using (instrument_id) left join codes c using (instrument_id)
where s.instrument_id in (select instrument_id from instrument_facts where fact = 'type'
    and (owner_kind = 'sample' or owner = getvariable('owner')))
order by s.symbol, s.instrument_id
"""
