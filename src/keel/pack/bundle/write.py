"""A pack's material as a bundle: JSON and CSV that anybody can read, in a zip file that is the same each time."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO

import numpy as np

import keel
from keel.backtest.result import BacktestResult, to_json
from keel.domain.exchange.csv_text import csv_text
from keel.domain.exchange.framework_json import framework_json
from keel.domain.market.prices import PriceMatrix
from keel.domain.study.question import question_json
from keel.pack.bundle.contents import ABOUT, BENCHMARK, EVENTS, FORMAT, FRAMEWORK, PRICES, STUDY, WEALTH
from keel.pack.material import Material
from keel.vocabulary import HYPOTHETICAL

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file knows; the day stands in ``about.json``


def bundle(material: Material) -> bytes:
    """The bundle of a study as a zip file."""
    results = material.beside
    parts = {
        FRAMEWORK: framework_json(material.framework),
        STUDY: _json(_study(material)),
        PRICES: prices_csv(material.prices),
        WEALTH: _wealth_csv(results),
        EVENTS: _events_csv(results),
    }
    if material.benchmark:
        parts[BENCHMARK] = prices_csv(material.benchmark.prices)
    packed = {name: text.encode() for name, text in parts.items()}
    return _zipped({ABOUT: _json(_about(material, packed)).encode(), **packed})


def _about(material: Material, parts: Mapping[str, bytes]) -> Mapping[str, object]:
    portfolio = material.portfolio
    return {
        "keel_bundle": FORMAT,
        "notice": HYPOTHETICAL,
        "keel": keel.__version__,
        "made": material.made.isoformat(),
        "run": material.run_id,
        "framework": {"id": material.framework.id, "version": material.framework.version},
        "portfolio": {"id": portfolio.id, "version": portfolio.version, "name": portfolio.name},
        "prices_fingerprint": material.results[0].meta.fingerprint,
        "sha256": {name: sha256(data).hexdigest() for name, data in parts.items()},
    }


def _study(material: Material) -> Mapping[str, object]:
    """What was asked of which products, and all that came of it but the paths."""
    other = material.benchmark
    return {
        "question": question_json(material.question),
        "portfolio_id": material.question.portfolio_id,
        "portfolio_version": material.question.portfolio_version,
        "filling": _filling(material.results[0]),
        "prices": _kept(material.prices),
        "benchmark": {"frequency": other.frequency, "prices": _kept(other.prices)} if other else None,
        "results": [{"name": result.name, "metrics": to_json(result)["metrics"]} for result in material.beside],
        "notes": list(dict.fromkeys((*material.notes, *material.results[0].meta.notes))),
    }


def _filling(result: BacktestResult) -> Mapping[str, list[dict[str, object]]]:
    """The products and shares of each bucket, as the run held them."""
    book = result.book
    held: dict[str, list[dict[str, object]]] = {path: [] for path in book.paths}
    for leaf, symbol, share in zip(book.leaf.tolist(), book.symbols, book.shares.tolist(), strict=True):
        held[book.paths[leaf]].append({"symbol": symbol, "share": share})
    return held


def _kept(prices: PriceMatrix) -> Mapping[str, object]:
    """What is known of prices beside their closes."""
    stand_ins = [[s.symbol, s.series, None if s.until is None else str(s.until)[:10]] for s in prices.proxied]
    about = {"kinds": prices.kinds, "notes": prices.notes, "survivors": prices.survivors}
    return {**{name: list(values) for name, values in about.items()}, "proxied": stand_ins}


def prices_csv(prices: PriceMatrix) -> str:
    """The closes as CSV, a column a symbol, a cell without a close empty; no digit is lost."""
    days = np.datetime_as_string(prices.dates.astype("datetime64[D]")).tolist()
    rows = zip(days, prices.closes.tolist(), strict=True)
    # No cell of numbers needs a guard, and a table of 200 products has millions of them.
    lines = (f"{day},{','.join(['' if close != close else repr(close) for close in row])}\n" for day, row in rows)
    return csv_text(["date", *prices.symbols], ()) + "".join(lines)


def _wealth_csv(results: Iterable[BacktestResult]) -> str:
    """One row a day and result, which is named by its place."""
    rows = (
        (place, day, wealth)
        for place, result in enumerate(results)
        for day, wealth in zip(_days(result), result.wealth.tolist(), strict=True)
    )
    return csv_text(["result", "date", "wealth"], rows)


def _days(result: BacktestResult) -> list[str]:
    days: list[str] = np.datetime_as_string(result.dates, unit="D").tolist()
    return days


def _events_csv(results: Iterable[BacktestResult]) -> str:
    rows = (
        (place, event.date, event.turnover, event.cost)
        for place, result in enumerate(results)
        for event in result.events
    )
    return csv_text(["result", "date", "turnover", "cost"], rows)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED, 3)
    return out.getvalue()
