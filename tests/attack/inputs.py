"""Hostile inputs, made anew from a seed: what files and options may hold, and lawful values of impossible size."""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SYMBOLS = ("AAA", "BBB", "CCC")
VALUES: tuple[Any, ...] = (
    None, True, "", " ", "x", -1, 0, 1, 3, 0.5, 1e-10, 1e308, -1e308, 5e-324, 1e18, -1e18, 2**63, 2**64, 10**30,
    [], {}, [[]], [None], {"a": 1}, "9999-12-31", "0001-01-01", "2020-02-30", "\0", "\u202e", "=1+1", "a,b;c", "é" * 40,
    "a" * 5_000, "60%", "1e309", "NaN", "-0", "AAA", "CASH", "annual", "band", "absolute", "monthly", "{", '"', "\r\n",
)  # fmt: skip
NUMBERS = (0.0, 1e-10, 5e-324, 1e-3, 1.0, 100.0, 9_999.0, 1e9, 1e15, 1e18, 1e100, 1e308, -1.0, -100.0, -0.5)
DAYS = ("2020-01-01", "2020-01-31", "1970-01-01", "9999-12-31", "0001-01-01", "2020-06-30")
OPTIONS = ("annual", "never", "abs_5pp", "monthly", "quarterly")
Random = random.Random


def framework(rng: Random) -> dict[str, Any]:
    """A framework that is right, of random weights."""
    cuts = sorted(rng.random() for _ in range(len(SYMBOLS) - 1))
    targets = [b - a for a, b in zip([0.0, *cuts], [*cuts, 1.0], strict=True)]
    if rng.random() < 0.1:
        targets = [1.0 - 1e-10, 1e-10, 0.0]
    buckets = [
        {"path": f"A/{s}", "label": s, "target_weight": t, "holdings": [{"symbol": s, "share": 1.0}]}
        for s, t in zip(SYMBOLS, targets, strict=True)
    ]
    buckets[0] |= {"band": {"kind": "absolute", "width_bps": rng.choice([0, 100, 500])}, "rules": {"include_tags": []}}
    limits = [{"type": "max_single_name", "value": rng.choice([0, 10, 100]), "unit": "percentage"}]
    return {
        "keel": 1,
        "name": "Mix",
        "base_ccy": "USD",
        "rebalancing": "annual",
        "constraints": limits,
        "buckets": buckets,
    }


def policy(rng: Random) -> Any:
    """A policy, often one that is allowed."""
    if rng.random() < 0.3:
        return rng.choice(OPTIONS)
    given: dict[str, Any] = {"trigger": rng.choice(["calendar", "band", "never"])}
    if rng.random() < 0.7:
        given["look"] = rng.choice(
            ["daily", "weekly", "monthly", "annual", {"every_sessions": rng.choice([1, 7, 10**6])}]
        )
    if given["trigger"] == "band":
        kind = rng.choice(["absolute", "relative", "corridor", "hybrid", "tracking_error"])
        given["band"] = {"kind": kind, rng.choice(["width_bps", "limit_bps"]): rng.choice([0, 1, 300, 5_000, 1e9])}
    for name, values in (("offset", (0, 5, 10**6, -3)), ("destination", (0, 0.5, 1)), ("tranches", (1, 3, 12))):
        if rng.random() < 0.2:
            given[name] = rng.choice(values)
    return given


def settings(rng: Random) -> dict[str, Any]:
    """Run settings, each from nothing to more than there is money in the world."""
    numbers = ("cost_bps", "fixed_fee", "min_trade", "initial_value", "annual_fee_bps", "risk_free")
    given: dict[str, Any] = {name: rng.choice(NUMBERS) for name in numbers if rng.random() < 0.25}
    if rng.random() < 0.4:
        given["contributions"] = {"amount": rng.choice(NUMBERS), "cadence": rng.choice(["daily", "monthly", "weekly"])}
        if rng.random() < 0.5:
            given["contributions"] |= {
                "mode": rng.choice(["steer", "proportional"]),
                "growth_per_year": rng.choice(NUMBERS),
            }
    if rng.random() < 0.2:
        given["frozen"] = rng.choice([["AAA"], ["A/AAA", "BBB", "CCC"], ["nothing"]])
    return given


def days(rng: Random, n: int) -> list[date]:
    """Ascending days, a step apart."""
    first, step = date(rng.choice([1970, 2015, 2020]), 1, 1), rng.choice([1, 1, 7, 31, 365])
    return [first + timedelta(days=step * i) for i in range(n)]


def closes(rng: Random, n: int) -> list[list[float]]:
    """Prices that walk, stand still, explode or vanish."""
    scale, noise = rng.choice([1.0, 100.0, 1e300, 1e-300]), rng.choice([0.0, 0.01, 0.5, 50.0])
    rows = [[scale] * len(SYMBOLS)]
    for _ in range(n - 1):
        rows.append(
            [min(max(p * float(np.exp(min(max(rng.gauss(0, noise), -600), 600))), 5e-324), 1e308) for p in rows[-1]]
        )
    return rows


def wide(rng: Random) -> str:
    """A wide price file, right or nearly."""
    n = rng.choice([1, 2, 3, 5, 40])
    lines = [f"{d}," + ",".join(repr(x) for x in row) for d, row in zip(days(rng, n), closes(rng, n), strict=True)]
    return "\n".join(["date," + ",".join(SYMBOLS), *lines]) + "\n"


def long(rng: Random) -> str:
    """A long price file."""
    n = rng.choice([1, 3, 20])
    rows = zip(days(rng, n), closes(rng, n), strict=True)
    lines = [f"{d},{s},{x!r}" for d, row in rows for s, x in zip(SYMBOLS, row, strict=True)]
    return "\n".join(["date,symbol,close", *lines]) + "\n"


def parquet(rng: Random) -> bytes:
    """A parquet file of prices with columns of any kind."""
    n = rng.choice([1, 3, 20])
    when: Any = rng.choice([days(rng, n), [str(d) for d in days(rng, n)], list(range(n)), [None] * n])
    columns: dict[str, Any] = {rng.choice(["date", "Date", "day"]): when}
    for symbol in SYMBOLS:
        columns[symbol] = rng.choice(
            [[1.5] * n, np.full(n, 2**64 - 1, np.uint64), ["x"] * n, [None] * n, [True] * n, [5e-324] * n, [b"1"] * n]
        )
    table = pa.table(columns)
    if rng.random() < 0.3:
        told = rng.choice(["null", "[]", "1", '{"index_columns":{"a":1}}', "{", '{"index_columns":["AAA"]}'])
        table = table.replace_schema_metadata({"pandas": told})
    out = io.BytesIO()
    pq.write_table(table, out, compression=rng.choice(["snappy", "zstd", "none"]))
    return out.getvalue()


def holdings(rng: Random) -> str:
    """A holdings file."""
    rows = [f"{s},{rng.choice(NUMBERS)!r},{rng.choice(['', '10', '1e308', '5e-324'])}" for s in (*SYMBOLS, "CASH")]
    return "\n".join(["symbol,quantity,price", *rng.sample(rows, rng.randint(1, len(rows)))]) + "\n"


def universe(rng: Random) -> str:
    """A universe file."""
    columns = (
        "symbol",
        "type",
        "asset_class",
        "region",
        "expense_ratio",
        "aum_usd",
        "adv_usd",
        "inception",
        "leverage",
    )
    rows = [
        f"{s},{rng.choice(['ETF', 'Stock', 'x', ''])},Equity,US,{rng.choice(NUMBERS)!r},1e9,1e6,{rng.choice(DAYS)},1"
        for s in SYMBOLS
    ]
    return "\n".join([",".join(columns), *rows]) + "\n"


def grid(rng: Random) -> dict[str, Any]:
    """A small grid, or one that claims to be large."""
    axes: dict[str, Any] = {"cost_bps": [0, rng.choice(NUMBERS)]}
    if rng.random() < 0.5:
        axes["band.width_bps"] = {
            "from": rng.choice(NUMBERS),
            "to": rng.choice(NUMBERS),
            "count": rng.choice([1, 3, 10**12]),
        }
    if rng.random() < 0.2:
        axes["history"] = [0, 1]
    return {"base": {"trigger": "band", "band": {"kind": "absolute"}}, "axes": axes}


def filters(rng: Random) -> dict[str, Any]:
    """Rules that narrow every bucket."""
    return {"include_tags": [rng.choice(["region:us", "x", ""])], "max_expense_ratio": rng.choice(NUMBERS)}


def weights(rng: Random) -> dict[str, Any]:
    """What counts in the score."""
    return {name: rng.choice(NUMBERS) for name in ("cost", "liquidity", "history", "fit", "size")[: rng.randrange(6)]}


def spoiled_json(rng: Random, value: Any) -> str:
    """The text of a JSON value in which a few things were changed."""
    value = copy.deepcopy(value)
    for _ in range(rng.choice([0, 1, 1, 1, 2, 4])):
        value = _changed(rng, value)
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    return spoiled_text(rng, text) if rng.random() < 0.1 else text


def _changed(rng: Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        match rng.randrange(6):
            case 0:
                del value[key]
            case 1:
                value[rng.choice(["x", "", "\0", key + " ", "__proto__"])] = value[key]
            case _:
                value[key] = _changed(rng, value[key])
        return value
    if isinstance(value, list) and value and rng.random() < 0.9:
        n = rng.randrange(len(value))
        if rng.random() < 0.2:
            value.append(copy.deepcopy(value[n]))
        else:
            value[n] = _changed(rng, value[n])
        return value
    return copy.deepcopy(rng.choice(VALUES))


def spoiled_text(rng: Random, text: str) -> str:
    """The text with cells, signs or lines changed."""
    for _ in range(rng.choice([0, 1, 1, 2, 5])):
        at = rng.randrange(len(text) + 1)
        match rng.randrange(5):
            case 0:
                text = text[:at]
            case 1:
                text = text[:at] + str(rng.choice(VALUES)) + text[at:]
            case 2:
                text = text[:at] + rng.choice(',;\t|"\n\r\0\ufeff%-.eE') + text[at + 1 :]
            case 3:
                lines = text.split("\n")
                lines.insert(rng.randrange(len(lines)), rng.choice(lines))
                text = "\n".join(lines)
            case _:
                cells = text.split(",")
                cells[rng.randrange(len(cells))] = str(rng.choice(VALUES))
                text = ",".join(cells)
    return text


def spoiled_bytes(rng: Random, data: bytes) -> bytes:
    """The bytes with some of them changed, or fewer."""
    changed = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 4])):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed[: rng.randrange(len(changed))] if rng.random() < 0.1 else changed)


def encoded(rng: Random, text: str) -> bytes:
    """The text in one of many encodings."""
    codec = rng.choice(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"])
    return text.encode(codec, errors="replace")


def pick(rng: Random, kinds: Sequence[Callable[[Random], str]]) -> str:
    """What one of the kinds makes."""
    return rng.choice(kinds)(rng)
