"""The tree as CSV, both ways without loss, in a form no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from itertools import islice

from keel.domain.exchange.completion import MOST_BUCKETS, Draft, finish, require_few
from keel.domain.exchange.framework_json import read_band, rules_json
from keel.domain.exchange.holdings import read_holdings
from keel.domain.exchange.rules import read_rules
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.issue import Issue
from keel.domain.policy.as_json import band_json
from keel.domain.reading.place import Place, read_path, read_switch, read_weight
from keel.domain.reading.text import load_json
from keel.domain.text import plain, shown, tidy

COLUMNS = ("path", "label", "target_weight", "min_weight", "max_weight", "band", "rules", "holdings")
LOCKED = "locked"  # written only when a bucket is locked
REQUIRED = ("path", "target_weight")
MOST_COLUMNS = 200

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: an apostrophe before what could be a formula.

    >>> guarded("=1+1"), guarded("Equity"), unguarded(guarded("'tis")), unguarded("=1+1")
    ("'=1+1", 'Equity', "'tis", '=1+1')
    """
    return "'" + cell if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell without that apostrophe."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def framework_csv(framework: Framework) -> str:
    """The tree as CSV text: weights as fractions, band and rules as JSON, products as ``VTI:0.6;BND:0.4``."""
    columns = (*COLUMNS, LOCKED) if any(b.locked for b in framework.buckets) else COLUMNS
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for bucket in framework.buckets:
        cells = _cells(bucket)
        writer.writerow([guarded(cells[name]) for name in columns])
    return text.getvalue()


def _cells(bucket: Bucket) -> Mapping[str, str]:
    return {
        "path": bucket.path,
        "label": bucket.label,
        "target_weight": repr(bucket.target_weight),
        "min_weight": "" if bucket.min_weight is None else repr(bucket.min_weight),
        "max_weight": "" if bucket.max_weight is None else repr(bucket.max_weight),
        "band": "" if bucket.band is None else json.dumps(band_json(bucket.band)),
        "rules": "" if bucket.rules == Rules() else json.dumps(rules_json(bucket.rules), ensure_ascii=False),
        "holdings": _holdings_cell(bucket.holdings),
        LOCKED: "true" if bucket.locked else "",
    }


def _holdings_cell(holdings: tuple[Holding, ...]) -> str:
    if any(";" in h.symbol or h.symbol.startswith("[") for h in holdings):
        return json.dumps([{"symbol": h.symbol, "share": h.share} for h in holdings], ensure_ascii=False)
    return ";".join(f"{h.symbol}:{h.share!r}" for h in holdings)


def read_csv(text: str, place: Place, name: str) -> tuple[Framework, tuple[Issue, ...]]:
    """The framework of a CSV text, called ``name``, and what is worth saying about it."""
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, place)
    header_line, header = next(rows, (1, []))
    columns = [tidy(unguarded(c)).lower().replace(" ", "_") for c in header]
    at = Place(place.file, header_line)
    _require_columns(columns, at)
    notes = [
        Place(place.file, header_line, c).warning(
            "unknown_field", f"The column {shown(c)} is not known and was ignored."
        )
        for c in columns
        if c and c not in (*COLUMNS, LOCKED)
    ]
    drafts = [
        _draft(_named_cells(cells, columns, Place(place.file, n)), n, place, notes, delimiter)
        for n, cells in islice(rows, MOST_BUCKETS + 1)
    ]
    require_few(len(drafts), place)
    if not drafts:
        raise at.error("there is a header but no bucket.", "Add a row per bucket.")
    buckets, tree_notes = finish(drafts, place)
    return Framework(name=name, buckets=buckets, method="imported"), (*notes, *tree_notes)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max((",", ";", "\t"), key=first.count)


def _rows(text: str, delimiter: str, place: Place) -> Iterator[tuple[int, list[str]]]:
    """The number of its first line and the cells of each record that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Place(place.file, line).error(f"the row cannot be split into cells ({plain(str(error))}).") from None
        if any(cell.strip() for cell in cells):
            yield line, cells


def _require_columns(columns: list[str], place: Place) -> None:
    if len(columns) > MOST_COLUMNS:
        raise place.error(f"there are {len(columns):,} columns.", f"The columns are {', '.join(COLUMNS)}.")
    for name in REQUIRED:
        if name not in columns:
            seen = ", ".join(plain(c, 20) for c in columns[:6] if c) or "none"
            hint = f"The first row names the columns: {', '.join(COLUMNS)}."
            raise place.error(f"there is no column {name}; the file has {plain(seen)}.", hint)
    twice = next((c for n, c in enumerate(columns) if c and c in columns[:n]), None)
    if twice is not None:
        raise place.error(f"the column {shown(twice)} is there twice.", "Remove one of them.")


def _named_cells(cells: list[str], columns: list[str], place: Place) -> Mapping[str, str]:
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = f"there are {len(cells)} cells for {len(columns)} columns."
        raise place.error(message, "Put a cell that holds a comma in double quotes.")
    return {name: unguarded(cell).strip() for name, cell in zip(columns, cells, strict=False) if name}


def _draft(cells: Mapping[str, str], row: int, place: Place, notes: list[Issue], delimiter: str) -> Draft:
    def at(column: str) -> Place:
        return Place(place.file, row, column)

    def weight(column: str) -> float | None:
        cell = cells.get(column, "")
        return read_weight(cell.replace(",", ".") if delimiter == ";" else cell, at(column)) if cell else None

    def value(column: str) -> object:
        return load_json(cells[column], at(column)) if cells.get(column) else None

    path = read_path(cells.get("path", ""), at("path"))
    asked = value("rules")
    rules, rule_notes = read_rules({} if asked is None else asked, at("rules"))
    holdings, holding_notes = _holdings(cells.get("holdings", ""), at("holdings"))
    notes.extend((*rule_notes, *holding_notes))
    target = weight("target_weight")
    bucket = Bucket(
        path=path,
        label=tidy(cells.get("label", "")) or path.rpartition("/")[2],
        target_weight=0.0 if target is None else target,
        min_weight=weight("min_weight"),
        max_weight=weight("max_weight"),
        band=read_band(value("band"), at("band"), notes, path),
        locked=read_switch(cells[LOCKED], at(LOCKED)) if cells.get(LOCKED) else False,
        rules=rules,
        holdings=holdings,
    )
    return Draft(bucket, target is not None, at("target_weight"))


def _holdings(cell: str, place: Place) -> tuple[tuple[Holding, ...], list[Issue]]:
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
