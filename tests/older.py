"""A database as an earlier Keel left it: schema 2 with frameworks, portfolios and runs, and the sample keyed by symbol.

``store/schema_2.json`` holds the rows that Keel wrote at that schema: a framework with two versions, one read from a
file that names a symbol nobody knows, the worked example with a portfolio made of its changed picks, and runs with
flows, fees, costs by product, a frozen bucket, another dataset, archived and renamed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from keel import settings
from keel.domain.market.instrument import Instrument
from keel.sources.embedded.sample import fingerprint, load
from keel.store import migrations
from keel.store.connection import Cursor

ROWS = json.loads((Path(__file__).parent / "store" / "schema_2.json").read_text(encoding="utf-8"))
COLUMNS = (
    "id", "symbol", "name", "type", "asset_class", "region", "sector", "subclass", "sleeve", "currency",
    "expense_ratio", "aum_usd", "adv_usd", "inception", "leverage", "proxy", "price_kind", "survivor", "dataset",
)  # fmt: skip


def write(path: Path) -> None:
    """Makes the file at ``path``, closed."""
    old = migrations.open(path, migrations.shipped()[:2])
    with old.write() as cursor:
        for table, rows in ROWS.items():
            _insert(cursor, table, rows)
        _insert_sample(cursor)
    old.close()


def run_ids() -> tuple[str, ...]:
    """The ids of the stored runs."""
    return tuple(row["id"] for row in ROWS["runs"])


def _insert(cursor: Cursor, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        columns = list(rows[0])
        places = ", ".join("?" for _ in columns)
        sql = f"insert into {table} ({', '.join(columns)}) values ({places})"
        cursor.executemany(sql, [list(row.values()) for row in rows])


def _insert_sample(cursor: Cursor) -> None:
    data = settings.load({}).data_dir
    loaded = load(data)
    _insert(cursor, "instruments", [_row(instrument) for instrument in loaded.instruments])
    for series in loaded.series:
        own, matrix = series.dataset, series.prices
        source = f"{own.source}, sample {fingerprint(data)}"
        cursor.execute(
            "insert into price_sources values (?, ?, ?, ?, 1, timestamp '2026-01-01')",
            [own.id, own.frequency, own.price_kind, source],
        )
        for symbol, closes in zip(matrix.symbols, matrix.closes.T, strict=True):
            cursor.register("one", {"date": matrix.dates.astype("datetime64[s]"), "close": closes})
            cursor.execute(
                "insert into prices select ?, ?, date::date, close from one where not isnan(close)", [own.id, symbol]
            )
    cursor.execute(
        "insert into price_series select p.dataset, p.symbol, min(p.date), max(p.date), count(*), s.frequency,"
        " s.price_kind from prices p join price_sources s on s.dataset = p.dataset"
        " group by p.dataset, p.symbol, s.frequency, s.price_kind"
    )


def _row(instrument: Instrument) -> dict[str, Any]:
    row = {name: getattr(instrument, name) for name in COLUMNS} | {"type": instrument.type.value}
    row["tags"] = json.dumps(instrument.tags)
    row["sources"] = json.dumps(
        [[fact, source, as_of.isoformat() if as_of else None] for fact, source, as_of in instrument.sources]
    )
    return row
