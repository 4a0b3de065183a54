"""Prices of one's own: a file looked at, stored as series of a dataset, and taken out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from keel.domain.market.choice import CURRENCIES_DATASET
from keel.domain.market.currencies import CURRENCIES, is_pair
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType, new_id
from keel.domain.reading.day import DayForm
from keel.domain.text import has_controls, plain, some, tidy
from keel.errors import InputError
from keel.services.shared import jobs
from keel.services.shared.files import keep, kept
from keel.services.shared.job import Job, Kind, Passed, Request, StoppedError, unwatched
from keel.sources.files.disk import PRICES_LIMIT, content_sha256
from keel.sources.files.large import LargeFile, find_large
from keel.sources.files.prices import read_price_file
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.market import imports, staging
from keel.store.market.imports import Import
from keel.store.market.shape import Shape
from keel.store.market.staging import Order, Staged
from keel.store.values import now

DATASET = "My prices"  # so that a folder of files becomes one dataset
LONGEST_NAME = 60
HEAD = 8  # rows shown of a file
AT_ONCE = 4_000_000  # bytes that are imported while one waits: about a second


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is said beside a file: the dataset it goes into, and type and currency of symbols that nobody knows.

    ``dates`` is the form of dates that may begin with the day or with the month.
    """

    dataset: str = DATASET
    currency: str = "USD"
    type: InstrumentType = InstrumentType.etf
    dates: DayForm | None = None


class Day(NamedTuple):
    """One row of a file as it was read; what it does not say is None."""

    symbol: str
    date: date
    close: float | None
    adjusted_close: float
    volume: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A series in a file: the instrument it is matched with, None for a new one, and what it takes the place of."""

    series: Coverage
    instrument: Instrument | None
    replaces: Coverage | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become; ``same`` is the import that brought the same content before, None mostly."""

    name: str
    rows: int
    lines: tuple[Line, ...]
    head: tuple[Day, ...]
    notes: tuple[str, ...]
    same: Import | None


@dataclass(frozen=True, slots=True)
class _Read:
    """The prices of a file, and what is to be said of how they were read."""

    staged: Staged
    format: str
    notes: tuple[str, ...]


def preview(db: Database, path: Path, name: str, incoming: Incoming) -> Preview:
    """What the file at ``path``, called ``name``, would become; raises ImportFormatError, InputError."""
    dataset = require_dataset(incoming.dataset)
    _require_currency(incoming.currency)
    with _read(path, name, incoming.dates) as read:
        _require_past(read.staged)
        _require_pairs(read.staged, dataset)
        lines = _lines(db, read.staged, dataset)
        same = imports.find_same(db, dataset, content_sha256(path))
        notes = (*read.notes, *_said(lines, incoming, "will be"))
        return Preview(name, read.staged.rows, lines, _head(read.staged), notes, same)


def commit(db: Database, path: Path, name: str, incoming: Incoming, passed: Passed = unwatched) -> Import:
    """The import of a file: its series take the place of the same symbols' in the dataset, all or nothing.

    A symbol that nobody knows becomes an instrument of the user's. The same content a second time changes nothing, and
    says so. ``passed`` is told how many rows are in, and of how many. Raises ImportFormatError, InputError.
    """
    dataset = require_dataset(incoming.dataset)
    _require_currency(incoming.currency)
    sha = content_sha256(path)
    same = imports.find_same(db, dataset, sha)
    if same is not None:
        return replace(same, notes=(f"The same content was imported before, as {same.id}; nothing changed.",))
    with _read(path, name, incoming.dates, _by_id(db, incoming)) as read:
        _require_past(read.staged)
        _require_pairs(read.staged, dataset)
        lines = _lines(db, read.staged, dataset)
        series = [line.series for line in lines]
        new = [] if dataset == CURRENCIES_DATASET else [line for line in lines if line.instrument is None]
        unknown = [_new(line.series.symbol, incoming) for line in new]
        made = Import(
            dataset=dataset,
            format=read.format,
            content_sha256=sha,
            symbols=tuple(one.symbol for one in series),
            rows=read.staged.rows,
            first=min(one.first for one in series),
            last=max(one.last for one in series),
            notes=(*read.notes, *_said(lines, incoming, "was")),
        )
        return imports.add(db, read.staged, made, unknown, lambda rows: passed(rows, made.rows))


def ask_import(db: Database, files: Sequence[tuple[str, bytes | Path]], incoming: Incoming) -> Job[tuple[Import, ...]]:
    """The import of files, name and content of each, as background work; stopped, it has those that were whole.

    Raises InputError for a dataset or a currency that cannot be one.
    """
    require_dataset(incoming.dataset)
    _require_currency(incoming.currency)
    request = {
        **keep(files),
        "dataset": incoming.dataset,
        "currency": incoming.currency,
        "type": incoming.type.value,
        "dates": incoming.dates.value if incoming.dates else None,
    }
    return jobs.begin(db, IMPORT, request)


def last_import(db: Database) -> Job[tuple[Import, ...]] | None:
    """The background import that was asked for last."""
    return jobs.find_last(db, IMPORT)


def _run(db: Database, request: Request, job: Job[tuple[Import, ...]]) -> tuple[Import, ...]:
    """The imports of a request's files, each whole or not at all."""
    made = list[Import]()
    said = None if request["dates"] is None else DayForm(request["dates"])
    incoming = Incoming(request["dataset"], request["currency"], InstrumentType(request["type"]), said)

    def passed(rows: int, of: int) -> None:
        before = sum(one.rows for one in made)
        job.passed(before + rows, before + of)

    with kept(request) as files, suppress(StoppedError):
        for name, path in files:
            made.append(commit(db, path, name, incoming, passed))
    return tuple(made)


IMPORT: Kind[tuple[Import, ...]] = Kind(
    "import",
    "prices",
    _run,
    lambda made: {"imports": [document(one) for one in made]},
    alone=True,
    lasting=True,
    opening="Reading the file",
)
JOBS: Mapping[str, Kind[Any]] = {IMPORT.name: IMPORT}


def undo(db: Database, id: str) -> Import:
    """The import, undone: what it replaced stands again. Raises ImportNotFoundError, InputError."""
    return imports.undo(db, id)


def history(db: Database) -> tuple[Import, ...]:
    """The imports that hold, the newest first."""
    return imports.active(db)


def currencies(db: Database, symbols: Sequence[str]) -> tuple[str, ...]:
    """The currencies of some symbols, that of most first; dollars where none is known."""
    known = Counter(i.currency for i in instruments.find_many(db, symbols) if i.currency)
    return tuple(currency for currency, _ in known.most_common()) or ("USD",)


def document(made: Import) -> dict[str, object]:
    """An import as the command line prints it and REST answers it."""
    return {
        "import": made.id,
        "dataset": made.dataset,
        "symbols": list(made.symbols),
        "rows": made.rows,
        "first": made.first.isoformat(),
        "last": made.last.isoformat(),
        "notes": list(made.notes),
    }


def preview_document(seen: Preview) -> dict[str, object]:
    """A preview as REST answers it."""
    return {
        "file": seen.name,
        "rows": seen.rows,
        "series": [_line_document(line) for line in seen.lines],
        "head": [day._asdict() | {"date": day.date.isoformat()} for day in seen.head],
        "notes": list(seen.notes),
        "same_as": seen.same.id if seen.same else None,
    }


def _line_document(line: Line) -> dict[str, object]:
    series = line.series
    return {
        "symbol": series.symbol,
        "first": series.first.isoformat(),
        "last": series.last.isoformat(),
        "rows": series.sessions,
        "frequency": series.frequency,
        "instrument": line.instrument.id if line.instrument else None,
        "name": line.instrument.name if line.instrument else None,
        "replaces": line.replaces is not None,
    }


def require_dataset(name: str) -> str:
    """The name of a dataset as it is stored. Raises InputError for what cannot be one."""
    text = tidy(name)
    if not text or text == "*" or len(text) > LONGEST_NAME or has_controls(text):
        message = f"{plain(text) or 'An empty text'} cannot be the name of a dataset."
        raise InputError(message, hint=f"Give it a name of up to {LONGEST_NAME} characters.", subject="dataset")
    return text


def _require_currency(code: str) -> None:
    if code not in CURRENCIES:
        raise InputError(f"{plain(code)} is no currency.", hint="Write it as USD.", subject="currency")


def _require_past(staged: Staged) -> None:
    """Raise for a price of a day that is still to come everywhere on earth."""
    tomorrow = now().date() + timedelta(days=1)
    late = min((one for one in staged.series if one.last > tomorrow), key=lambda one: one.symbol, default=None)
    if late is not None:
        message = f"{plain(late.symbol)} has a price on {late.last.isoformat()}, which is still to come."
        raise InputError(message, hint="Correct the date.", subject=late.symbol)


def _require_pairs(staged: Staged, dataset: str) -> None:
    """Raise for what is no exchange rate in the dataset of exchange rates."""
    wrong = min((one.symbol for one in staged.series if not is_pair(one.symbol)), default=None)
    if dataset == CURRENCIES_DATASET and wrong is not None:
        message = f"{plain(wrong)} is no exchange rate."
        raise InputError(message, hint="Name each after its pair: EURUSD are the dollars of one euro.", subject=wrong)


def _by_id(db: Database, incoming: Incoming) -> Order:
    """The order of the ids that symbols have, or will have."""

    def in_order(symbols: Sequence[str]) -> Sequence[str]:
        known = {i.symbol: i.id for i in reversed(instruments.find_many(db, symbols))}
        return sorted(symbols, key=lambda symbol: known.get(symbol) or new_id(incoming.type, symbol))

    return in_order


@contextmanager
def _read(path: Path, name: str, dates: DayForm | None, in_order: Order = sorted) -> Iterator[_Read]:
    """The prices of a file, checked; a large one is streamed, and there while the block runs."""
    large = find_large(path, name)
    if large is not None:
        with staging.of_file(path, replace(_shape(large), said=dates), in_order) as staged:
            yield _Read(_described(staged, large.columns is not None and large.columns.adjusted), "csv", _one(large))
        return
    file = read_price_file(path, name, PRICES_LIMIT, dates)
    staged = staging.of_matrix(file.prices, file.raw, file.volume, in_order)
    notes = file.notes if file.raw is not None else (*file.notes, ONE_PRICE)
    kind = Path(name).suffix.lower().lstrip(".")
    yield _Read(_described(staged, file.raw is not None), kind or "csv", notes)


ONE_PRICE = "There is one price a day: studies and valuations both use it."


def _one(large: LargeFile) -> tuple[str, ...]:
    return () if large.columns is not None and large.columns.raw is not None else (ONE_PRICE,)


def _shape(large: LargeFile) -> Shape:
    shape = Shape(large.place, large.separator, large.above, large.symbols, large.first_date, large.names)
    columns = large.columns
    if columns is None:
        return shape
    return replace(
        shape,
        date=columns.date,
        symbol=columns.symbol,
        price=columns.price,
        raw=columns.raw,
        volume=columns.volume,
    )


def _described(staged: Staged, adjusted: bool) -> Staged:
    """The series with what their dates say of their frequency, and adjusted closes as total returns."""
    kind = "total_return" if adjusted else ""
    series = [replace(one, frequency=_frequency(one), price_kind=kind) for one in staged.series]
    return replace(staged, series=tuple(series))


def _frequency(series: Coverage) -> str:
    """What the sessions are called by their distance, were they spread evenly."""
    from keel.backtest.spacing import spacing_of

    if series.sessions < 2:
        return "daily"
    first, last = (np.datetime64(day, "D").astype(np.int64) for day in (series.first, series.last))
    return spacing_of(np.linspace(first, last, series.sessions).round().astype("datetime64[D]")).name


def _lines(db: Database, staged: Staged, dataset: str) -> tuple[Line, ...]:
    found = instruments.find_many(db, [series.symbol for series in staged.series])
    known = {i.symbol: i for i in reversed(found)}  # of several the lowest id
    held = {series.symbol: series for series in prices.coverage(db) if series.dataset == dataset}
    series = sorted(staged.series, key=lambda one: one.symbol)
    return tuple(Line(one, known.get(one.symbol), held.get(one.symbol)) for one in series)


def _said(lines: tuple[Line, ...], incoming: Incoming, word: str) -> Iterator[str]:
    new = [line.series.symbol for line in lines if line.instrument is None]
    if new and incoming.dataset != CURRENCIES_DATASET:
        yield f"Not known before, {word} added as {incoming.type} in {incoming.currency}: {some(new)}."
    replaced = [line.series.symbol for line in lines if line.replaces is not None]
    if replaced:
        yield f"Replaced in {incoming.dataset}: {some(replaced)}."
    shorter = [x.series.symbol for x in lines if x.replaces is not None and x.series.first > x.replaces.first]
    if shorter:
        yield f"The file begins later than what it replaces: {some(shorter)}."
    foreign = [x.series.symbol for x in lines if x.instrument and x.instrument.currency not in ("", incoming.currency)]
    if foreign:
        yield f"Known in another currency than {incoming.currency}: {some(foreign)}."


def _new(symbol: str, incoming: Incoming) -> Instrument:
    return Instrument(new_id(incoming.type, symbol), symbol, symbol, incoming.type, currency=incoming.currency)


def _head(staged: Staged) -> tuple[Day, ...]:
    """The first rows, as they are stored."""
    for batch in staged.read():
        rows = batch.slice(0, HEAD).to_pylist()
        return tuple(
            Day(staged.series[r["place"]].symbol, r["date"], r["close"], r["adjusted_close"], r["volume"]) for r in rows
        )
    return ()
