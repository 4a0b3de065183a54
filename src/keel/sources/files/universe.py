"""The product universe as a file: one row a product, one column a fact, empty where it is not known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from keel.domain.framework.rules import word_tags
from keel.domain.market.currencies import CURRENCIES
from keel.domain.market.instrument import FactSource, Instrument, InstrumentType, derive_tags, new_id
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, Table
from keel.domain.reading.values import LONGEST_TEXT, read_text
from keel.domain.text import shown, slug
from keel.errors import ImportFormatError
from keel.sources.files.cells import day, number, require_columns
from keel.sources.files.decimals import Decimals
from keel.sources.files.matrix import LONGEST_SYMBOL
from keel.sources.files.tables import read_table_file

# column → where that fact comes from when the file has no `<fact>_source` column
Defaults = Mapping[str, str]
FACTS = ("expense_ratio", "aum_usd", "adv_usd", "inception")
TAGGED = ("asset_class", "region", "sector", "subclass", "sleeve")
NO_DEFAULTS: Defaults = {}
PROXY_COLUMNS = ("proxy", "proxy_index")
GROUP_COLUMNS = ("sector_group", "sector_tag")
INCEPTION_COLUMNS = ("inception", "inception_date")
COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("name", *TAGGED, "type", "currency", "leverage")},
    **{name: (name,) for name in ("expense_ratio", "aum_usd", "adv_usd")},
    "inception": INCEPTION_COLUMNS,
    "proxy": PROXY_COLUMNS,
}
_TOLD_OF = tuple(  # fact, the columns of its source, those of its day
    (fact, (f"{fact}_source", f"{stem}_source"), (f"{fact}_as_of", f"{stem}_as_of"))
    for fact, stem in ((fact, fact.removesuffix("_usd")) for fact in FACTS)
)
_TOLD_IN = frozenset(column for _, *both in _TOLD_OF for columns in both for column in columns)
_FACT_IN = {column: fact for fact, columns in COLUMNS_OF.items() for column in columns}
BESIDE = ("symbol", "id", "isin", "tags", *GROUP_COLUMNS)
_ABOUT = re.compile(r"(expense_ratio|aum|aum_usd|adv|adv_usd|inception)_(source|as_of)")
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", re.ASCII)
_KINDS = {kind.lower(): kind for kind in InstrumentType}
MOST_WRONG = 20  # complaints that are told
HEAD = 8  # rows that are shown of a file


@dataclass(frozen=True, slots=True)
class Product:
    """A row of a universe file: the product, which of its facts the row states, and its ISIN.

    ``group`` is the sector group that only its tags tell of, ``tags`` are those that the row names.
    """

    instrument: Instrument
    stated: frozenset[str]
    isin: str = ""
    group: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UniverseFile:
    """The products of a file in its order, and the first complaints about rows that could not be read.

    ``columns`` are those that were understood, ``ignored`` the others; ``head`` are the first rows as they stand.
    """

    products: tuple[Product, ...]
    complaints: tuple[ImportFormatError, ...]
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    head: tuple[Mapping[str, str], ...]
    format: str
    notes: tuple[str, ...] = ()


def read_universe(path: Path, defaults: Defaults = NO_DEFAULTS) -> tuple[Instrument, ...]:
    """The products of a universe file, in its order. A cell that cannot be read raises ImportFormatError."""
    file = read_universe_file(path, path.name, defaults)
    if file.complaints:
        raise file.complaints[0]
    return tuple(product.instrument for product in file.products)


def read_universe_file(path: Path, name: str, defaults: Defaults = NO_DEFAULTS) -> UniverseFile:
    """What a universe file called ``name`` holds: CSV, parquet or XLSX; only the column `symbol` is required.

    Numbers may carry a percent sign. Cells that cannot be read are complaints with row and column, the first of each
    row; a file without products or without symbols raises ImportFormatError.
    """
    file = read_table_file(path, name)
    table = _named(file.table)
    require_columns(table, "symbol")
    if not table.rows:
        raise Place(name, 1).error("there is a header but no products.")
    products, complaints = _products(table, defaults)
    known = tuple(column for column in table.columns if _known(column))
    return UniverseFile(
        products=products,
        complaints=complaints,
        columns=known,
        ignored=tuple(column for column in table.columns if column and column not in known),
        head=tuple({column: row.cells[column] for column in known} for row in table.rows[:HEAD]),
        format=file.format,
        notes=file.notes,
    )


def _named(table: Table) -> Table:
    """The table with its columns as they are called here; ``Expense ratio`` and ``Ticker`` are understood."""
    names = {column: _column(column) for column in table.columns}
    if all(name == column for column, name in names.items()) or len(set(names.values())) < len(names):
        return table
    rows = tuple(replace(row, cells={names[c]: cell for c, cell in row.cells.items()}) for row in table.rows)
    return replace(table, columns=tuple(names.values()), rows=rows)


def _column(column: str) -> str:
    name = re.sub(r"[\s-]+", "_", column)
    return "symbol" if name == "ticker" else name


def _known(column: str) -> bool:
    return any(column in columns for columns in (*COLUMNS_OF.values(), BESIDE)) or bool(_ABOUT.fullmatch(column))


def _products(table: Table, defaults: Defaults) -> tuple[tuple[Product, ...], tuple[ImportFormatError, ...]]:
    products: dict[str, Product] = {}
    complaints: list[ImportFormatError] = []
    decimals = Decimals(table.decimal_comma)
    for row in table.rows:
        try:
            product = read_product(row, defaults, decimals)
            if product.instrument.symbol in products:
                raise row.at("symbol").error(f"{shown(product.instrument.symbol)} is there a second time.")
            products[product.instrument.symbol] = product
        except ImportFormatError as error:
            complaints.append(error)
            if len(complaints) == MOST_WRONG:
                break
    try:
        decimals.require_clear(table.place)
    except ImportFormatError as error:
        complaints.append(error)
    return tuple(products.values()), tuple(complaints)


def read_instrument(row: Row, defaults: Defaults = NO_DEFAULTS) -> Instrument:
    """One row of a universe file as an Instrument."""
    return read_product(row, defaults, Decimals(False)).instrument


def read_product(row: Row, defaults: Defaults, decimals: Decimals) -> Product:
    """One row of a universe file. Raises ImportFormatError with row and column."""
    kind, symbol = _kind(row), _symbol(row)
    amount = partial(number, row, decimals=decimals)
    geared = amount("leverage")
    leverage = 1.0 if geared is None else geared
    id, name = _text(row, "id") or new_id(kind, symbol), _text(row, "name")
    told: dict[str, Any] = {column: usual(column, _text(row, column)) for column in TAGGED}
    tags = tuple(tag for tag in (text.strip().lower() for text in _text(row, "tags").split(";")) if tag)
    group = row.cell(*GROUP_COLUMNS)
    stated = frozenset(_FACT_IN[column] for column, cell in row.cells.items() if cell and column in _FACT_IN)
    instrument = Instrument(
        id=id,
        symbol=symbol,
        type=kind,
        name=name,
        **told,
        currency=_currency(row),
        expense_ratio=amount("expense_ratio", low=0.0, high=1.0),
        aum_usd=amount("aum_usd", low=0.0),
        adv_usd=amount("adv_usd", low=0.0),
        inception=day(row, *INCEPTION_COLUMNS),
        leverage=leverage,
        tags=tuple(sorted({*derive_tags(**told, sector_group=group, leverage=leverage), *tags})),
        proxy=_text(row, row.first(*PROXY_COLUMNS)),
        sources=_sources(row, stated, defaults),
    )
    return Product(
        instrument=instrument,
        stated=stated,
        isin=_isin(row),
        group=group,
        tags=tags,
    )


@lru_cache(maxsize=4096)  # thousands of products have the same few
def usual(fact: str, word: str) -> str:
    """The word that buckets know a class, region or sector by; one that is not known, and other facts, stay.

    >>> usual("asset_class", "Fixed income"), usual("region", "USA"), usual("sector", "Technology")
    ('Bonds', 'US', 'Information Technology')
    """
    of, _, known = next(iter(word_tags(f"{fact}/{word.replace('/', ' ')}")), "").partition(":")
    if of != fact or known == slug(word):
        return word
    return known.upper() if known == "us" else known.replace("_", " ").title()


def implied_tags(instrument: Instrument, group: str) -> tuple[str, ...]:
    """The tags that the facts of a product imply, with those of its sector group."""
    return derive_tags(
        asset_class=instrument.asset_class,
        region=instrument.region,
        sector=instrument.sector,
        sector_group=group,
        sleeve=instrument.sleeve,
        subclass=instrument.subclass,
        leverage=instrument.leverage,
    )


def _text(row: Row, column: str) -> str:
    cell = row.cells.get(column, "")
    return cell if cell.isprintable() and len(cell) <= LONGEST_TEXT else read_text(cell, row.at(column))


def _symbol(row: Row) -> str:
    symbol = _text(row, "symbol")
    if not symbol:
        raise row.at("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
    if len(symbol) > LONGEST_SYMBOL:
        raise row.at("symbol").error(f"has more than {LONGEST_SYMBOL:,} characters.")
    return symbol


def _currency(row: Row) -> str:
    code = row.cells.get("currency", "").upper() or "USD"
    if code not in CURRENCIES:
        raise row.at("currency").error(f"{shown(code)} is no currency.", "Write it as USD.")
    return code


def _isin(row: Row) -> str:
    code = row.cells.get("isin", "").upper().replace(" ", "")
    if code and not (_ISIN.fullmatch(code) and _checks(code)):
        raise row.at("isin").error(f"{shown(code)} is no ISIN.", "It has 12 signs, such as US9229087690.")
    return code


def _checks(isin: str) -> bool:
    """Whether the last digit of an ISIN fits the others: letters are numbers from 10, every second digit doubles."""
    digits = [int(digit) for sign in isin for digit in str(int(sign, 36))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _kind(row: Row) -> InstrumentType:
    text = row.cells.get("type", "") or "ETF"
    kind = _KINDS.get(text.lower())
    if kind is None:
        raise row.at("type").error(f"{shown(text)} is none of {', '.join(InstrumentType)}.")
    return kind


def _sources(row: Row, stated: Collection[str], defaults: Defaults) -> tuple[FactSource, ...]:
    if not defaults and _TOLD_IN.isdisjoint(row.cells):
        return ()
    sources = []
    for fact, source_columns, day_columns in _TOLD_OF:
        if fact not in stated:
            continue
        source = row.cell(*source_columns) or defaults.get(fact, "")
        as_of = day(row, *day_columns)
        if source or as_of:
            sources.append(FactSource(fact, source, as_of))
    if row.cells.get("asset_class") and "asset_class" in defaults:
        sources.append(FactSource("asset_class", defaults["asset_class"]))
    return tuple(sources)
