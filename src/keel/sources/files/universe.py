"""The product universe as a CSV file: one row a product, one column a fact, empty where it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from keel.domain.market.instrument import FactSource, Instrument, InstrumentType, derive_tags, new_id
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, read_table
from keel.domain.reading.text import decode
from keel.domain.text import shown
from keel.sources.files.cells import day, number, require_columns
from keel.sources.files.disk import read_bytes

# column → where that fact comes from when the file has no `<fact>_source` column
Defaults = Mapping[str, str]
FACTS = ("expense_ratio", "aum_usd", "adv_usd", "inception")
NO_DEFAULTS: Defaults = {}
PROXY_COLUMNS = ("proxy", "proxy_index")
GROUP_COLUMNS = ("sector_group", "sector_tag")
INCEPTION_COLUMNS = ("inception", "inception_date")


def read_universe(path: Path, defaults: Defaults = NO_DEFAULTS) -> tuple[Instrument, ...]:
    """The products of a universe file, in its order; only the column `symbol` is required.

    Numbers may carry a percent sign. A cell that cannot be read raises ImportFormatError with file, row and column.
    """
    place = Place(path.name)
    table = read_table(decode(read_bytes(path), place), place)
    require_columns(table, "symbol")
    products: dict[str, Instrument] = {}
    for row in table.rows:
        instrument = read_instrument(row, defaults)
        if instrument.symbol in products:
            raise row.at("symbol").error(f"{shown(instrument.symbol)} is there a second time.")
        products[instrument.symbol] = instrument
    if not products:
        raise Place(path.name, 1).error("there is a header but no products.")
    return tuple(products.values())


def read_instrument(row: Row, defaults: Defaults = NO_DEFAULTS) -> Instrument:
    """One row of a universe file as an Instrument."""
    symbol = row.cells.get("symbol", "")
    if not symbol:
        raise row.at("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
    kind = _kind(row)
    leverage = number(row, "leverage")
    instrument = Instrument(
        id=row.cells.get("id", "") or new_id(kind, symbol),
        symbol=symbol,
        name=row.cells.get("name", ""),
        type=kind,
        asset_class=row.cells.get("asset_class", ""),
        region=row.cells.get("region", ""),
        sector=row.cells.get("sector", ""),
        subclass=row.cells.get("subclass", ""),
        sleeve=row.cells.get("sleeve", ""),
        currency=row.cells.get("currency", "").upper() or "USD",
        expense_ratio=number(row, "expense_ratio", low=0.0, high=1.0),
        aum_usd=number(row, "aum_usd", low=0.0),
        adv_usd=number(row, "adv_usd", low=0.0),
        inception=day(row, *INCEPTION_COLUMNS),
        leverage=1.0 if leverage is None else leverage,
        proxy=row.cell(*PROXY_COLUMNS),
        sources=_sources(row, defaults),
    )
    return replace(instrument, tags=_tags(instrument, row))


def _tags(instrument: Instrument, row: Row) -> tuple[str, ...]:
    """The tags the facts imply and those in the column `tags`, separated by semicolons."""
    implied = derive_tags(
        asset_class=instrument.asset_class,
        region=instrument.region,
        sector=instrument.sector,
        sector_group=row.cell(*GROUP_COLUMNS),
        sleeve=instrument.sleeve,
        subclass=instrument.subclass,
        leverage=instrument.leverage,
    )
    own = {tag.strip().lower() for tag in row.cells.get("tags", "").split(";")}
    return tuple(sorted({*implied, *own} - {""}))


def _kind(row: Row) -> InstrumentType:
    text = row.cells.get("type", "") or "ETF"
    for kind in InstrumentType:
        if kind.lower() == text.lower():
            return kind
    raise row.at("type").error(f"{shown(text)} is none of {', '.join(InstrumentType)}.")


def _sources(row: Row, defaults: Defaults) -> tuple[FactSource, ...]:
    sources = []
    for fact in FACTS:
        stem = fact.removesuffix("_usd")
        columns = INCEPTION_COLUMNS if fact == "inception" else (fact,)
        source = row.cell(f"{fact}_source", f"{stem}_source") or defaults.get(fact, "")
        if row.first(*columns) and source:
            sources.append(FactSource(fact, source, day(row, f"{fact}_as_of", f"{stem}_as_of")))
    if row.cells.get("asset_class") and "asset_class" in defaults:
        sources.append(FactSource("asset_class", defaults["asset_class"]))
    return tuple(sources)
