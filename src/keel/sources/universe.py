"""The product universe as a CSV file: one row a product, one column a fact, empty where it is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from keel.domain.market.instrument import Instrument, InstrumentType, derive_tags, new_id
from keel.errors import ImportFormatError
from keel.sources.text import Row, read_table

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
    table = read_table(path)
    if "symbol" not in table.columns:
        raise ImportFormatError(f"{table.name} has no column named symbol.", row=1, column="symbol", subject=table.name)
    found: dict[str, Instrument] = {}
    for row in table.rows:
        instrument = read_instrument(row, table.name, defaults)
        if instrument.symbol in found:
            raise _complaint(table.name, row, "symbol", f"names {instrument.symbol} a second time")
        found[instrument.symbol] = instrument
    if not found:
        raise ImportFormatError(f"{table.name} has a header but no products.", row=1, subject=table.name)
    return tuple(found.values())


def read_instrument(row: Row, name: str, defaults: Defaults = NO_DEFAULTS) -> Instrument:
    """One row of a universe file as an Instrument; ``name`` is the file's name for complaints."""
    symbol = row.cells.get("symbol", "")
    if not symbol:
        raise _complaint(name, row, "symbol", "has no symbol")
    kind = _kind(row, name)
    leverage = number(row, name, ("leverage",))
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
        expense_ratio=number(row, name, ("expense_ratio",), low=0.0, high=1.0),
        aum_usd=number(row, name, ("aum_usd",), low=0.0),
        adv_usd=number(row, name, ("adv_usd",), low=0.0),
        inception=day(row, name, INCEPTION_COLUMNS),
        leverage=1.0 if leverage is None else leverage,
        proxy=_cell(row, PROXY_COLUMNS),
        sources=_sources(row, name, defaults),
    )
    return replace(instrument, tags=_tags(instrument, row))


def _tags(instrument: Instrument, row: Row) -> tuple[str, ...]:
    """The tags the facts imply and those in the column `tags`, separated by semicolons."""
    implied = derive_tags(
        asset_class=instrument.asset_class,
        region=instrument.region,
        sector=instrument.sector,
        sector_group=_cell(row, GROUP_COLUMNS),
        sleeve=instrument.sleeve,
        subclass=instrument.subclass,
        leverage=instrument.leverage,
    )
    own = {tag.strip().lower() for tag in row.cells.get("tags", "").split(";")}
    return tuple(sorted({*implied, *own} - {""}))


def number(
    row: Row, name: str, columns: tuple[str, ...], low: float = -math.inf, high: float = math.inf
) -> float | None:
    """The number in the first of ``columns`` that is filled, None when none is; ``0.03%`` reads as 0.0003."""
    column = next((c for c in columns if row.cells.get(c)), "")
    if not column:
        return None
    text = row.cells[column].replace("\u2212", "-").replace("_", "?")  # Python reads 1_000, a file does not mean it
    percent = text.endswith("%")
    try:
        value = float(text.rstrip("%").strip()) / (100 if percent else 1)
    except ValueError:
        raise _complaint(name, row, column, f"is not a number: {row.cells[column][:40]!r}") from None
    if not math.isfinite(value):
        raise _complaint(name, row, column, "is not a finite number")
    if not low <= value <= high:
        bound = f"below {low:g}" if value < low else f"above {high:g}"
        raise _complaint(name, row, column, f"is {bound}: {row.cells[column][:40]}")
    return value


def day(row: Row, name: str, columns: tuple[str, ...]) -> date | None:
    """The ISO date in the first of ``columns`` that is filled, None when none is."""
    column = next((c for c in columns if row.cells.get(c)), "")
    if not column:
        return None
    try:
        return date.fromisoformat(row.cells[column][:10])
    except ValueError:
        raise _complaint(name, row, column, f"is not a date like 2026-06-30: {row.cells[column][:40]!r}") from None


def _cell(row: Row, columns: tuple[str, ...]) -> str:
    return next((row.cells[c] for c in columns if row.cells.get(c)), "")


def _kind(row: Row, name: str) -> InstrumentType:
    text = row.cells.get("type", "") or "ETF"
    for kind in InstrumentType:
        if kind.lower() == text.lower():
            return kind
    known = ", ".join(InstrumentType)
    raise _complaint(name, row, "type", f"is {text[:40]!r}, none of {known}")


def _sources(row: Row, name: str, defaults: Defaults) -> tuple[tuple[str, str, date | None], ...]:
    filled = {"inception": _cell(row, INCEPTION_COLUMNS)} | {f: row.cells.get(f, "") for f in FACTS if f != "inception"}
    found = []
    for fact, value in filled.items():
        stem = fact.removesuffix("_usd")
        source = row.cells.get(f"{fact}_source", "") or row.cells.get(f"{stem}_source", "") or defaults.get(fact, "")
        if value and source:
            found.append((fact, source, day(row, name, (f"{fact}_as_of", f"{stem}_as_of"))))
    if row.cells.get("asset_class") and "asset_class" in defaults:
        found.append(("asset_class", defaults["asset_class"], None))
    return tuple(found)


def _complaint(name: str, row: Row, column: str, what: str) -> ImportFormatError:
    message = f"{name}, row {row.number}, column {column} {what}."
    return ImportFormatError(message, row=row.number, column=column, subject=name)
