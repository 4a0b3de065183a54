"""A bundle's bytes as a bundle: somebody's file, judged before anything in it is believed."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.exchange.formula_guard import unguarded
from keel.domain.exchange.framework_json import read_edit
from keel.domain.framework.records import Holding
from keel.domain.market.prices import PriceMatrix, StandIn
from keel.domain.portfolio.filling import Filling
from keel.domain.reading.day import read_day
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.rows import MOST_CELLS, Record, fitted, records, require_distinct
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_list, read_number, read_object, read_text, require_few
from keel.domain.study.question import MOST_POLICIES, Question, parse_question
from keel.pack.bundle.contents import (
    ABOUT,
    BENCHMARK,
    EVENTS,
    FORMAT,
    FRAMEWORK,
    LARGEST,
    MEGABYTE,
    PARTS,
    PRICES,
    STUDY,
    WEALTH,
    About,
    Answered,
    Bundle,
    Event,
)

Object = Mapping[str, object]
Parts = Mapping[str, bytes]
TEXTS = ("keel", "made", "run", "prices_fingerprint")
GIVE = "Give a file that keel export pack wrote."
REQUIRED = (ABOUT, FRAMEWORK, STUDY, PRICES, WEALTH, EVENTS)


def read_bundle(data: bytes, name: str) -> Bundle:
    """The bundle of a file's bytes. Raises ImportFormatError, naming the part and the place, for what is none."""
    parts = _parts(data, Place(name))
    about = _json(parts, ABOUT)
    place = Place(ABOUT)
    if about.get("keel_bundle") != FORMAT:
        raise place.field("keel_bundle").error(f"this Keel reads bundles of format {FORMAT}.")
    study = _json(parts, STUDY)
    known = read_object(study.get("prices"), Place(STUDY, column="prices"))
    answers = tuple(_answers(parts, study))
    other = study.get("benchmark")
    given = None if other is None else read_object(other, Place(STUDY, column="benchmark"))
    if given is not None and (BENCHMARK not in parts or len(answers) < 2):
        raise Place(name).error(f"it has a benchmark without {BENCHMARK}.")
    return Bundle(
        about=_about(about, parts),
        framework=read_edit(parts[FRAMEWORK], Place(FRAMEWORK))[0],
        filling=_filling(study),
        question=_question(study),
        prices=_prices(parts[PRICES], known, PRICES),
        answers=answers if given is None else answers[:-1],
        notes=_texts(study.get("notes"), Place(STUDY, column="notes")),
        benchmark=None if given is None else answers[-1],
        beside=None if given is None else _prices(parts[BENCHMARK], _of(given, "prices"), BENCHMARK),
        frequency=""
        if given is None
        else read_text(given.get("frequency"), Place(STUDY, column="benchmark.frequency")),
    )


def _parts(data: bytes, place: Place) -> Parts:
    """The parts by name: those a bundle has and no others, none larger than it may be."""
    if len(data) > LARGEST:
        raise place.error(f"it is larger than the {LARGEST / MEGABYTE:.0f} MB that a bundle may have.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
            _require_parts([part.filename for part in listed], place)
            return {part.filename: _unpacked(archive, part, place) for part in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, ValueError) and hasattr(error, "hint"):
            raise  # a complaint of our own
        raise place.error(
            "it is not a bundle, or it is damaged.", "Give a file that keel export pack wrote."
        ) from error


def _require_parts(names: Sequence[str], place: Place) -> None:
    strange = next((name for name in names if name not in PARTS), None)
    if strange is not None:
        raise place.error("it holds something that is no part of a bundle.", GIVE)
    lacking = next((name for name in REQUIRED if name not in names), None)
    if lacking is not None or len(set(names)) < len(names):
        raise place.error(f"it lacks {lacking}." if lacking else "it holds a part twice.")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, place: Place) -> bytes:
    """A part's bytes; what it says of its own size is not believed."""
    most = PARTS[part.filename]
    with archive.open(part) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise place.error(f"{part.filename} in it is larger than {most / MEGABYTE:.0f} MB once unpacked.")
    return data


def _json(parts: Parts, name: str) -> Object:
    place = Place(name)
    return read_object(load_json(decode(parts[name], place), place), place)


def _about(given: Object, parts: Parts) -> About:
    place = Place(ABOUT)
    written = read_object(given.get("sha256"), place.field("sha256"))
    altered = tuple(n for n, data in parts.items() if n != ABOUT and written.get(n) != sha256(data).hexdigest())
    texts = {
        name: read_text(given.get(name), place.field(name)) for name in ("keel", "made", "run", "prices_fingerprint")
    }
    portfolio = read_object(given.get("portfolio"), place.field("portfolio"))
    return About(texts["keel"], texts["made"], texts["run"], portfolio, texts["prices_fingerprint"], altered)


def _question(study: Object) -> Question:
    place = Place(STUDY)
    asked = read_object(study.get("question"), place.field("question"))
    question = parse_question(read_text(study.get("portfolio_id"), place.field("portfolio_id")), asked)
    if not question.policies:
        raise place.field("question.policies").error("it asks about no policy.")
    return question


def _filling(study: Object) -> Filling:
    place = Place(STUDY).field("filling")
    held = read_object(study.get("filling"), place)
    return {path: tuple(_holdings(listed, place.field(path))) for path, listed in held.items()}


def _holdings(listed: object, place: Place) -> Iterator[Holding]:
    for n, item in enumerate(read_list(listed, place)):
        at = place.item(n)
        given = read_object(item, at)
        symbol = read_text(given.get("symbol"), at.field("symbol"))
        yield Holding(symbol, read_number(given.get("share"), at.field("share")))


def _of(given: Object, name: str) -> Object:
    return read_object(given.get(name), Place(STUDY).field(name))


def _texts(value: object, place: Place) -> tuple[str, ...]:
    return tuple(read_text(item, place.item(n)) for n, item in enumerate(read_list(value, place)))


def _prices(data: bytes, known: Object, name: str) -> PriceMatrix:
    """The closes of a part with what is known of them."""
    dates, symbols, closes = _matrix(data, name)
    place = Place(STUDY).field("prices")
    said = {field: _texts(known.get(field), place.field(field)) for field in ("kinds", "notes", "survivors")}
    stand_ins = read_list(known.get("proxied"), place.field("proxied"))
    return PriceMatrix(
        dates,
        symbols,
        closes,
        kinds=said["kinds"],
        proxied=tuple(_stand_in(item, place.field("proxied").item(n)) for n, item in enumerate(stand_ins)),
        notes=said["notes"],
        survivors=said["survivors"],
    )


def _stand_in(item: object, place: Place) -> StandIn:
    listed = read_list(item, place)
    if len(listed) != 3:
        raise place.error("must be a symbol, a series and a day.")
    symbol, series = (read_text(text, place) for text in listed[:2])
    return StandIn(symbol, series, None if listed[2] is None else np.datetime64(read_day(listed[2], place), "D"))


def _matrix(data: bytes, name: str) -> tuple[Days, tuple[str, ...], Floats]:
    """Dates (n,), symbols and closes (n, k) of a wide table, NaN where a cell is empty."""
    place = Place(name)
    rows = records(decode(data, place), place, strict=True)
    header = next(rows, Record(1, ["date"])).cells
    symbols = tuple(unguarded(cell) for cell in header[1:])
    require_distinct(symbols, replace(place, row=1))
    dates: list[date] = []
    closes: list[list[float]] = []
    for row in rows:
        at = replace(place, row=row.line)
        require_few((len(dates) + 1) * len(header), MOST_CELLS, "cells", place)
        day, *cells = fitted(row, len(header), at)
        dates.append(read_day(day, replace(at, column="date")))
        closes.append(_closes(cells, symbols, at))
    return np.array(dates, dtype="datetime64[D]"), symbols, np.array(closes, dtype=np.float64).reshape(-1, len(symbols))


def _closes(cells: Sequence[str], symbols: Sequence[str], place: Place) -> list[float]:
    """The closes of a row, NaN where a cell is empty; one by one only where one of them is no number."""
    try:
        return [float(cell) if cell else math.nan for cell in cells]
    except ValueError:
        columns = zip(cells, symbols, strict=True)
        return [read_number(cell, replace(place, column=symbol)) if cell else math.nan for cell, symbol in columns]


def _answers(parts: Parts, study: Object) -> Iterator[Answered]:
    """What each policy came to, and the benchmark last where there is one."""
    place = Place(STUDY).field("results")
    listed = read_list(study.get("results"), place)
    require_few(len(listed), MOST_POLICIES + 1, "results", place)
    paths = _by_result(parts[WEALTH], WEALTH, len(listed), 1)
    events = _by_result(parts[EVENTS], EVENTS, len(listed), 2)
    for n, item in enumerate(listed):
        given = read_object(item, place.item(n))
        days = [day for day, _ in paths[n]]
        yield Answered(
            name=read_text(given.get("name"), place.item(n).field("name")),
            dates=np.array(days, dtype="datetime64[D]"),
            wealth=np.array([numbers[0] for _, numbers in paths[n]], dtype=np.float64),
            metrics=read_object(given.get("metrics"), place.item(n).field("metrics")),
            events=tuple(Event(day, *numbers) for day, numbers in events[n]),
        )


def _by_result(data: bytes, name: str, count: int, width: int) -> list[list[tuple[date, list[float]]]]:
    """The rows of a long table by the place of their result: a day and so many numbers each."""
    place = Place(name)
    rows = records(decode(data, place), place, strict=True)
    next(rows, None)
    out: list[list[tuple[date, list[float]]]] = [[] for _ in range(count)]
    for row in rows:
        at = replace(place, row=row.line)
        which, day, *cells = fitted(row, 2 + width, at)
        if not (which.isascii() and which.isdigit() and len(which) < 4 and int(which) < count):
            raise replace(at, column="result").error("names no result.")
        out[int(which)].append((read_day(day, replace(at, column="date")), [read_number(c, at) for c in cells]))
    return out
