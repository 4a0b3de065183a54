"""Names of instruments, valid in time: what comes in is resolved to a permanent id once, here.

The functions take the cursor of a write: who asks for a name is about to store what bears it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from keel.store.connection import Cursor, first_row, insert_rows
from keel.store.values import new_id, now, stamp
from keel.vocabulary import LOCAL

OwnerKind = Literal["sample", "user"]  # whose rows they are: a new release of the sample touches its own only


def resolve(cursor: Cursor, symbols: Iterable[str]) -> dict[str, str]:
    """Symbol → instrument, by the names valid now; one that nobody knows gets an instrument known by its name only.

    Of several with one symbol the one with facts is meant, then the one with the lowest id.
    """
    wanted = list(dict.fromkeys(symbols))
    known = bearers(cursor, wanted)
    fresh = {symbol: new_id("ins") for symbol in wanted if symbol not in known}
    made = stamp(now())
    insert_rows(cursor, "instruments", [{"id": id, "created_at": made} for id in fresh.values()])
    insert_rows(cursor, "instrument_names", [opened(id, symbol, "user") for symbol, id in fresh.items()])
    return known | fresh


def identify(cursor: Cursor, holdings: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The instrument of each ``(id, symbol)`` and its symbol of now: that of the id where it ever bore the symbol.

    Else it is the symbol's.
    """
    pairs = list(holdings)
    ever = _ever_borne(cursor, [id for id, _ in pairs if id])
    by_symbol = resolve(cursor, (symbol for id, symbol in pairs if symbol not in ever.get(id, ())))
    return [(id, ever[id][-1]) if symbol in ever.get(id, ()) else (by_symbol[symbol], symbol) for id, symbol in pairs]


def _ever_borne(cursor: Cursor, ids: Sequence[str]) -> dict[str, list[str]]:
    """Id → the symbols that it ever had, that of now at the end."""
    rows = _rows(
        cursor,
        "select instrument_id, name from instrument_names"
        " where kind = 'symbol' and instrument_id in (select unnest($wanted))"
        " order by valid_to is null, valid_from nulls first",
        ids,
    )
    symbols: dict[str, list[str]] = {}
    for id, name in rows:
        symbols.setdefault(id, []).append(name)
    return symbols


def shown(cursor: Cursor, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Id → the instrument stored under it, or that once came in by it, and its symbol of now."""
    ever = _ever_borne(cursor, ids)
    others = known_ids(cursor, [id for id in ids if id not in ever])
    ever |= _ever_borne(cursor, list(others.values()))
    own = {id: others.get(id, id) for id in ids}
    return {id: (instrument, ever[instrument][-1]) for id, instrument in own.items() if instrument in ever}


def known_ids(cursor: Cursor, ids: Iterable[str]) -> dict[str, str]:
    """Id → instrument for those that are stored, under it or under the instrument that once came in by it."""
    rows = _rows(
        cursor,
        "select id, id from instruments where id in (select unnest($wanted)) union all"
        " select name, instrument_id from instrument_names where kind = 'id' and name in (select unnest($wanted))",
        ids,
    )
    return dict(rows)


def settle(cursor: Cursor, symbols: Mapping[str, str], owner_kind: OwnerKind) -> dict[str, str]:
    """Id → instrument for instruments that come in with their symbols.

    An unknown id becomes that of the instrument known only by this symbol, so that what names it finds the facts;
    else it is stored. A symbol that has changed ends today and the new one begins.
    """
    stored = known_ids(cursor, symbols)
    waiting = _known_by_name_only(cursor, symbols.values())
    unknown = {id: waiting.pop(symbol, None) for id, symbol in symbols.items() if id not in stored}
    _create(cursor, [id for id, alias in unknown.items() if alias is None])
    aliases = [opened(alias, id, owner_kind, "id") for id, alias in unknown.items() if alias is not None]
    insert_rows(cursor, "instrument_names", aliases)
    stored |= {id: alias or id for id, alias in unknown.items()}
    _rename(cursor, {stored[id]: symbol for id, symbol in symbols.items()}, owner_kind)
    return stored


def bearers(cursor: Cursor, symbols: list[str]) -> dict[str, str]:
    """Symbol → instrument for those that somebody knows, by the names valid now; of several the best."""
    rows = _rows(
        cursor,
        "select name, instrument_id from instrument_names"
        " where kind = 'symbol' and valid_to is null and name in (select unnest($wanted))",
        symbols,
    )
    known = dict(rows)
    return known if len(known) == len(rows) else _best_bearers(cursor, list(known))


def _best_bearers(cursor: Cursor, symbols: list[str]) -> dict[str, str]:
    rows = cursor.execute(
        "select n.name, n.instrument_id from instrument_names n"
        " where n.kind = 'symbol' and n.valid_to is null and n.name in (select unnest($symbols))"
        " order by exists (select 1 from instrument_facts f where f.instrument_id = n.instrument_id"
        " and (f.owner_kind = 'sample' or f.owner = getvariable('owner'))), n.instrument_id desc",
        {"symbols": symbols},
    ).fetchall()
    return dict(rows)  # the last one, the best, wins


def borne(cursor: Cursor, kind: str, texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Name → the instruments that bear it now, of one kind of name such as ``isin``."""
    rows = _rows(
        cursor,
        "select name, list(instrument_id order by instrument_id) from instrument_names"
        " where kind = $kind and valid_to is null and name in (select unnest($wanted::varchar[]))"
        " and (owner_kind = 'sample' or owner = getvariable('owner')) group by name",
        texts,
        kind=kind,
    )
    return {name: tuple(ids) for name, ids in rows}


def isins(cursor: Cursor, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Instrument → its ISINs, for those that have any."""
    rows = _rows(
        cursor,
        "select instrument_id, list(name order by name) from instrument_names"
        " where kind = 'isin' and valid_to is null and instrument_id in (select unnest($wanted::varchar[]))"
        " and (owner_kind = 'sample' or owner = getvariable('owner')) group by instrument_id",
        ids,
    )
    return {id: tuple(own) for id, own in rows}


def titled(cursor: Cursor, texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """A product's full name, in lower case → the instruments of that name."""
    rows = _rows(
        cursor,
        "select lower(value ->> '$'), list(distinct instrument_id order by instrument_id) from instrument_facts"
        " where fact = 'name' and lower(value ->> '$') in (select unnest($wanted::varchar[]))"
        " and (owner_kind = 'sample' or owner = getvariable('owner')) group by 1",
        map(str.lower, texts),
    )
    return {name: tuple(ids) for name, ids in rows}


def _rows(cursor: Cursor, sql: str, texts: Iterable[str], **asked: str) -> list[tuple[Any, ...]]:
    """The rows of a question about ``$wanted`` texts; about none it is not asked, as that would take as long."""
    wanted = list(texts)
    return cursor.execute(sql, {"wanted": wanted, **asked}).fetchall() if wanted else []


def call(cursor: Cursor, kind: str, names: Mapping[str, str]) -> None:
    """Writes names of one kind, each with the one instrument that bears it from now on."""
    cursor.execute(
        "delete from instrument_names where kind = $kind and owner = getvariable('owner')"
        " and name in (select unnest($names::varchar[]))",
        {"kind": kind, "names": list(names)},
    )
    whose = {"owner": asking(cursor)}
    insert_rows(cursor, "instrument_names", [opened(id, name, "user", kind) | whose for name, id in names.items()])


def asking(cursor: Cursor) -> str:
    """Whose write this is."""
    row = first_row(cursor.execute("select getvariable('owner')"))
    return str(row[0]) if row else LOCAL


def _known_by_name_only(cursor: Cursor, symbols: Iterable[str]) -> dict[str, str]:
    rows = cursor.execute(
        "select n.name, n.instrument_id from instrument_names n"
        " anti join instrument_facts f on f.instrument_id = n.instrument_id"
        " and (f.owner_kind = 'sample' or f.owner = getvariable('owner'))"
        " where n.kind = 'symbol' and n.valid_to is null and n.name in (select unnest($symbols))"
        " order by n.instrument_id desc",
        {"symbols": list(symbols)},
    ).fetchall()
    return dict(rows)


def _rename(cursor: Cursor, symbols: Mapping[str, str], owner_kind: OwnerKind) -> None:
    """Opens the symbols that are new and ends those they replace; the sample ends no name that a user gave."""
    rows = cursor.execute(
        "select instrument_id, name, owner_kind from instrument_names"
        " where kind = 'symbol' and valid_to is null and instrument_id in (select unnest($ids))",
        {"ids": list(symbols)},
    ).fetchall()
    valid = {id: (name, whose) for id, name, whose in rows}
    today = now().date()
    begun = []
    for id, symbol in symbols.items():
        name, whose = valid.get(id, (None, owner_kind))
        if name is None:
            begun.append(opened(id, symbol, owner_kind))
        elif name != symbol and (owner_kind == "user" or whose == "sample"):
            cursor.execute(
                "update instrument_names set valid_to = $today"
                " where instrument_id = $id and kind = 'symbol' and valid_to is null",
                {"today": today, "id": id},
            )
            begun.append(opened(id, symbol, owner_kind, since=today))
    insert_rows(cursor, "instrument_names", begun)


def _create(cursor: Cursor, ids: Sequence[str]) -> None:
    insert_rows(cursor, "instruments", [{"id": id, "created_at": stamp(now())} for id in ids])


def opened(
    id: str, name: str, owner_kind: OwnerKind, kind: str = "symbol", since: date | None = None
) -> dict[str, object]:
    """The row of a name that holds from now on."""
    return {"instrument_id": id, "kind": kind, "name": name, "valid_from": since, "owner_kind": owner_kind}
