"""The instruments that the products of a file may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keel.domain.portfolio.held.matching import Called, Directory
from keel.store import instruments, names, prices
from keel.store.connection import Cursor, Database

CHOSEN = "chosen"  # the kind of name under which a choice is remembered


def directory(db: Database, products: Collection[Called]) -> Directory:
    """The instruments that bear any of the names; one that is known by its name only is none."""
    with db.cursor() as cursor:
        chosen = names.borne(cursor, CHOSEN, [one.text for one in products])
        isin = names.borne(cursor, "isin", [one.isin for one in products if one.isin])
        symbol = names.bearers(cursor, [one.symbol for one in products if one.symbol])
        titled = names.titled(cursor, [one.name for one in products if one.name])
        own = names.isins(cursor, {*symbol.values(), *(id for ids in titled.values() for id in ids)})
    known = {i.id for i in instruments.universe(db)} | {series.instrument_id for series in prices.coverage(db)}
    told = {text: (id,) for text, id in symbol.items() if id in known}
    return Directory(chosen, isin, told, titled, own)


def remember(cursor: Cursor, choices: Mapping[str, str]) -> None:
    """Writes which instrument, by id, a person meant by a name."""
    names.call(cursor, CHOSEN, choices)


def by_symbol(db: Database, symbols: Collection[str]) -> dict[str, str]:
    """Symbol → id of those that are known here."""
    if not symbols:
        return {}
    found = directory(db, [Called(symbol) for symbol in symbols])
    return {symbol: id for symbol in symbols if (id := found.find(Called(symbol))) is not None}
