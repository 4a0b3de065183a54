"""What products hold, as a CSV file: `symbol,dimension,member,weight`, or `symbol,holding,weight`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keel.domain.lookthrough.members import DIMENSIONS, whole
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, Table, read_table, separator
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_text, read_weight
from keel.domain.text import plain, shown, slug
from keel.sources.files.cells import day, require_columns
from keel.sources.files.disk import read_bytes
from keel.units import pct

COMPANY = "company"
NOT_KNOWN = {"unknown", "not_known", "unclassified"}  # what files call their own rest
EXPOSURES_LIMIT = 3_000_000  # bytes: some 120,000 weights, read in two seconds
CALLED = {"holding": COMPANY, "holdings": COMPANY, "country": "region", "class": "asset_class"}  # by other names


@dataclass(frozen=True, slots=True)
class Parts:
    """What one product holds by one dimension: name → fraction, scaled to the whole where it is all; ``as_of`` its day.

    ``total`` is what the file says together.
    """

    symbol: str
    dimension: str
    weights: Mapping[str, float]
    total: float
    as_of: date | None


def read_exposures(path: Path) -> tuple[Parts, ...]:
    """The parts in the file by product and dimension, in its order; a name that comes twice is added up.

    Weights are fractions, or percent with a sign or where a product's add up to about 100. Together they make at most
    101 %. Raises ImportFormatError with row and column.
    """
    place = Place(path.name)
    text = decode(read_bytes(path, EXPOSURES_LIMIT), place)
    table, comma = read_table(text, place), separator(text) == ";"  # which leaves commas free to be decimal
    require_columns(table, "symbol", "weight")
    if "holding" not in table.columns:
        require_columns(table, "dimension", "member")
    if not table.rows:
        raise Place(path.name, 1).error("there is a header but no weights.")
    return tuple(
        _parts(symbol, dimension, _weights(rows, comma), rows) for (symbol, dimension), rows in _grouped(table).items()
    )


def _grouped(table: Table) -> Mapping[tuple[str, str], Sequence[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        if not row.cells["symbol"]:
            raise row.at("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
        groups.setdefault((row.cells["symbol"], _dimension(row)), []).append(row)
    return groups


def _dimension(row: Row) -> str:
    if row.cells.get("holding"):
        return COMPANY
    said = row.cells.get("dimension", "")
    word = slug(said)
    dimension = CALLED.get(word, word)
    if dimension not in DIMENSIONS:
        raise row.at("dimension").error(f"{shown(said)} is none of {', '.join(DIMENSIONS)}.")
    return dimension


def _parts(symbol: str, dimension: str, weights: Mapping[str, float], rows: Sequence[Row]) -> Parts:
    total = math.fsum(weights.values())
    if 99.0 <= total <= 101.0:  # percent without a sign
        weights, total = {name: weight / 100 for name, weight in weights.items()}, total / 100
    parts = whole(weights)
    if parts is None:
        what = f"{plain(symbol)} has {pct(total)} by {dimension.replace('_', ' ')}, which is no part of a whole."
        raise rows[-1].at("weight").error(what, "Write each as 7% or 0.07; together they make at most 100%.")
    known = {name: weight for name, weight in parts.items() if slug(name) not in NOT_KNOWN}
    days = [found for row in rows if (found := day(row, "as_of", "date")) is not None]
    said = total if len(known) == len(parts) else math.fsum(known.values())
    return Parts(symbol, dimension, known, said, max(days, default=None))


def _weights(rows: Sequence[Row], comma: bool) -> dict[str, float]:
    """The weights by name as they are written; a name that comes twice is added up."""
    weights: dict[str, float] = {}
    for row in rows:
        column = row.first("holding", "member") or "member"
        name = read_text(row.cell(column), row.at(column))
        weight = read_weight(row.cells["weight"], row.at("weight"), decimal_comma=comma)
        if not name:
            raise row.at(column).error("is empty.", "Write what the weight is of.")
        if weight < 0:
            raise row.at("weight").error(f"{shown(row.cells['weight'])} is below 0.")
        weights[name] = weights.get(name, 0.0) + weight
    return weights
