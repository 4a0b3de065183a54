"""The tree as CSV, both ways without loss, in a form no spreadsheet runs as a formula."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from keel.domain.exchange.completion import MOST_BUCKETS, Draft, finish
from keel.domain.exchange.csv_text import csv_text
from keel.domain.exchange.formula_guard import unguarded
from keel.domain.exchange.framework_json import read_band, rules_json
from keel.domain.exchange.holdings import read_holdings
from keel.domain.exchange.rules import read_rules
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.issue import Finding
from keel.domain.policy.as_json import band_json
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, Row, fitted, records, repeated, separator
from keel.domain.reading.values import read_path, read_switch, read_weight, require_few
from keel.domain.text import plain, shown, tidy

COLUMNS = ("path", "label", "target_weight", "min_weight", "max_weight", "band", "rules", "holdings")
LOCKED = "locked"  # written only when a bucket is locked
REQUIRED = ("path", "target_weight")
MOST_COLUMNS = 200


def framework_csv(framework: Framework) -> str:
    """The tree as CSV text: weights as fractions, band and rules as JSON, products as ``VTI:0.6;BND:0.4``."""
    return csv_text(*framework_table(framework))


def framework_table(framework: Framework) -> tuple[Sequence[str], list[list[object]]]:
    """The columns of the tree and a row a bucket, as CSV has them."""
    columns = (*COLUMNS, LOCKED) if any(b.locked for b in framework.buckets) else COLUMNS
    return columns, [[cells[name] for name in columns] for cells in map(_cells, framework.buckets)]


def _cells(bucket: Bucket) -> Mapping[str, object]:
    return {
        "path": bucket.path,
        "label": bucket.label,
        "target_weight": bucket.target_weight,
        "min_weight": "" if bucket.min_weight is None else bucket.min_weight,
        "max_weight": "" if bucket.max_weight is None else bucket.max_weight,
        "band": "" if bucket.band is None else json.dumps(band_json(bucket.band)),
        "rules": "" if bucket.rules == Rules() else json.dumps(rules_json(bucket.rules), ensure_ascii=False),
        "holdings": _holdings_cell(bucket.holdings),
        LOCKED: "true" if bucket.locked else "",
    }


def _holdings_cell(holdings: tuple[Holding, ...]) -> str:
    if any(";" in h.symbol or h.symbol.startswith("[") for h in holdings):
        return json.dumps([{"symbol": h.symbol, "share": h.share} for h in holdings], ensure_ascii=False)
    return ";".join(f"{h.symbol}:{h.share!r}" for h in holdings)


def read_csv(text: str, place: Place, name: str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework of a CSV text, called ``name``, and what is worth saying about it."""
    return read_rows(records(text, place, strict=True), place, name, decimal_comma=separator(text) == ";")


def read_rows(
    rows: Iterator[Record], place: Place, name: str, *, decimal_comma: bool = False
) -> tuple[Framework, tuple[Finding, ...]]:
    """The same of the rows of a table, the first of which names the columns."""
    header = next(rows, Record(1, []))
    columns = [tidy(unguarded(cell)).lower().replace(" ", "_") for cell in header.cells]
    at = Place(place.file, header.line)
    _require_columns(columns, at)
    drafts: list[Draft] = []
    notes = [*_unknown_columns(columns, at)]
    for record in islice(rows, MOST_BUCKETS + 1):
        draft, bucket_notes = _draft(_row(record, columns, place), decimal_comma)
        drafts.append(draft)
        notes.extend(bucket_notes)
    require_few(len(drafts), MOST_BUCKETS, "buckets", place)
    if not drafts:
        raise at.error("there is a header but no bucket.", "Add a row per bucket.")
    buckets, tree_notes = finish(drafts, place)
    return Framework(name=name, buckets=buckets, method="imported"), (*notes, *tree_notes)


def _require_columns(columns: list[str], place: Place) -> None:
    if len(columns) > MOST_COLUMNS:
        raise place.error(f"there are {len(columns):,} columns.", f"The columns are {', '.join(COLUMNS)}.")
    for name in REQUIRED:
        if name not in columns:
            seen = ", ".join(plain(c, 20) for c in columns[:6] if c) or "none"
            hint = f"The first row names the columns: {', '.join(COLUMNS)}."
            raise place.error(f"there is no column {name}; the file has {plain(seen)}.", hint)
    twice = repeated(columns)
    if twice:
        raise place.error(f"the column {shown(twice)} is there twice.", "Remove one of them.")


def _unknown_columns(columns: list[str], place: Place) -> Iterator[Finding]:
    for name in columns:
        if name and name not in (*COLUMNS, LOCKED):
            message = f"The column {shown(name)} is not known and was ignored."
            yield place.field(name).warning("unknown_field", message)


def _row(record: Record, columns: list[str], place: Place) -> Row:
    cells = [unguarded(cell).strip() for cell in fitted(record, len(columns), place)]
    return Row(Place(place.file, record.line), dict(zip(columns, cells, strict=True)))


def _draft(row: Row, decimal_comma: bool) -> tuple[Draft, tuple[Finding, ...]]:
    def weight(column: str) -> float | None:
        cell = row.cells.get(column)
        return read_weight(cell, row.at(column), decimal_comma=decimal_comma) if cell else None

    def value(column: str) -> object:
        cell = row.cells.get(column)
        return load_json(cell, row.at(column)) if cell else None

    path = read_path(row.cells["path"], row.at("path"))
    asked = value("rules")
    rules, rule_notes = read_rules({} if asked is None else asked, row.at("rules"))
    holdings, holding_notes = _holdings(row.cells.get("holdings", ""), row.at("holdings"))
    target, low, high = weight("target_weight"), weight("min_weight"), weight("max_weight")
    band, band_notes = read_band(value("band"), row.at("band"), path)
    bucket = Bucket(
        path=path,
        label=tidy(row.cells.get("label", "")) or path.rpartition("/")[2],
        target_weight=0.0 if target is None else target,
        min_weight=low,
        max_weight=high,
        band=band,
        locked=read_switch(row.cells[LOCKED], row.at(LOCKED)) if row.cells.get(LOCKED) else False,
        rules=rules,
        holdings=holdings,
    )
    return Draft(bucket, target is not None, row.at("target_weight")), (*rule_notes, *holding_notes, *band_notes)


def _holdings(cell: str, place: Place) -> tuple[tuple[Holding, ...], tuple[Finding, ...]]:
    """``VTI:0.6;BND:40%``, a single ``VTI``, or the JSON list."""
    if cell.startswith("["):
        return read_holdings(load_json(cell, place), place)
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    items: list[object] = []
    for part in parts:
        symbol, colon, share = part.rpartition(":")
        if not colon and len(parts) > 1:
            raise place.error(f"{shown(part)} has no share.", "Write VTI:0.6;BND:0.4.")
        items.append({"symbol": symbol, "share": share} if colon else {"symbol": part})
    return read_holdings(items, place)
