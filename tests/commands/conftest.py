"""What the command tests share: a way to run ``keel`` in this process, and small inputs on disk."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from tests.engine import beside

from keel.cli import main

SYMBOLS = ("AAA", "BBB", "CCC", "DDD")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Keel = Callable[..., Done]


@pytest.fixture
def keel(capsys: pytest.CaptureFixture[str]) -> Keel:
    """Run the command line here; gives back the exit code and both streams."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        with beside():
            code = main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return run


def refused(done: Done, *words: str) -> None:
    """The treatment of unusable input: exit 2, nothing on stdout, one line on stderr that holds the words."""
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.endswith("\n")
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    assert "internal problem" not in done.err, done.err
    for word in words:
        assert word in done.err, f"{word!r} is not in {done.err!r}"


def weekdays(first: date, count: int) -> list[date]:
    days, day = [], first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def walk(seed: int, count: int, symbols: tuple[str, ...] = SYMBOLS) -> list[list[float]]:
    """A seeded random walk of prices, one row a session."""
    return [list(row) for row in _walk(seed, count, len(symbols))]


@cache
def _walk(seed: int, count: int, width: int) -> list[list[float]]:
    rng = random.Random(seed)
    rows = [[rng.uniform(20, 200) for _ in range(width)]]
    for _ in range(count - 1):
        common = rng.gauss(0.0002, 0.008)
        rows.append([p * math.exp(common + rng.gauss(0.0002, 0.012)) for p in rows[-1]])
    return rows


def write_prices(path: Path, dates: list[date], rows: list[list[float]], symbols: tuple[str, ...] = SYMBOLS) -> Path:
    text = _price_text(tuple(dates), tuple(map(tuple, rows)), symbols)
    path.write_text(text, encoding="utf-8")
    return path


@lru_cache(4)
def _price_text(dates: tuple[date, ...], rows: tuple[tuple[float, ...], ...], symbols: tuple[str, ...]) -> str:
    lines = ["date," + ",".join(symbols)]
    lines += [f"{d}," + ",".join(repr(x) for x in row) for d, row in zip(dates, rows, strict=True)]
    return "\n".join(lines) + "\n"


def framework_json(targets: dict[str, float], **fields: Any) -> dict[str, Any]:
    buckets = [
        {
            "path": f"AssetClass/{symbol}",
            "label": symbol,
            "target_weight": target,
            "holdings": [{"symbol": symbol, "share": 1.0}],
        }
        for symbol, target in targets.items()
    ]
    return {"keel": 1, "name": "Test", "base_ccy": "USD", "method": "imported", "buckets": buckets, **fields}


TARGETS = {"AAA": 0.4, "BBB": 0.3, "CCC": 0.2, "DDD": 0.1}


@pytest.fixture
def framework(tmp_path: Path) -> Path:
    path = tmp_path / "framework.json"
    path.write_text(json.dumps(framework_json(TARGETS)), encoding="utf-8")
    return path


@pytest.fixture
def dates() -> list[date]:
    return weekdays(date(2011, 3, 7), 1000)


@pytest.fixture
def rows() -> list[list[float]]:
    return walk(7, 1000)


@pytest.fixture
def prices(tmp_path: Path, dates: list[date], rows: list[list[float]]) -> Path:
    return write_prices(tmp_path / "prices.csv", dates, rows)
