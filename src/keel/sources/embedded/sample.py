"""The embedded sample: real series and products that work without a network. `data/SOURCES.md` says what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from keel.domain.market.instrument import FactSource, Instrument
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, read_table
from keel.domain.reading.text import decode
from keel.errors import SourceUnavailableError
from keel.sources.files.disk import read_bytes
from keel.sources.files.universe import read_instrument, read_universe


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set of the sample: its id, what it is called on screen, and what kind of closes it holds."""

    id: str
    label: str
    frequency: str
    price_kind: str
    source: str


DATASETS = (
    Dataset("monthly", "Asset classes, monthly", "monthly", "total_return", "optimalportfolios 9.1.5"),
    Dataset("stocks_daily", "US stocks and Treasuries, daily", "daily", "total_return", "skfolio 1.12.2"),
    Dataset("etf_daily", "US-listed ETFs, daily, dividends excluded", "daily", "price_return", "mlfinpy 0.1.2"),
)
UNIVERSE_SOURCES = {
    "adv_usd": "etfpy 1.0.20, price times average volume",
    "inception": "issuer pages and fund data sets, see data/SOURCES.md",
    "asset_class": "our classification from the fund's name and stated objective",
}
SERIES_SOURCES = {"asset_class": "our classification"}


@dataclass(frozen=True, slots=True)
class Series:
    """The closes of one dataset, one column a symbol, NaN where there is none."""

    dataset: Dataset
    prices: PriceMatrix


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything embedded: the products, and the series that some of them have."""

    instruments: tuple[Instrument, ...]
    series: tuple[Series, ...]

    def prices(self, dataset: str) -> PriceMatrix:
        """The closes of one dataset by its id."""
        return next(series.prices for series in self.series if series.dataset.id == dataset)


def require_files(data_dir: Path) -> tuple[Path, ...]:
    """The files of the sample, in a fixed order; SourceUnavailableError names one that is not there."""
    sets = tuple(data_dir / "sample" / f"{dataset.id}.parquet" for dataset in DATASETS)
    files = (data_dir / "universe.csv", data_dir / "series.csv", *sets)
    for path in files:
        if not path.is_file():
            raise SourceUnavailableError(
                f"The embedded sample is incomplete: {path.name} is missing.",
                hint="Install again, or set KEEL_DATA to the folder that holds it.",
                subject=path.name,
            )
    return files


def fingerprint(data_dir: Path) -> str:
    """Sixteen hex digits that change when any file of the sample does."""
    digest = sha256()
    for path in require_files(data_dir):
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def load(data_dir: Path) -> Sample:
    """The sample in ``data_dir``; SourceUnavailableError names a file that is not there."""
    instruments = load_instruments(data_dir)
    return Sample(instruments, tuple(Series(dataset, _read_series(data_dir, dataset)) for dataset in DATASETS))


def load_instruments(data_dir: Path) -> tuple[Instrument, ...]:
    """The products of the sample alone: its prices take ten times as long. Raises SourceUnavailableError as ``load``.

    The universe's come first, then those that only have a series; one with both keeps the universe's facts.
    """
    require_files(data_dir)
    products = {i.symbol: i for i in read_universe(data_dir / "universe.csv", UNIVERSE_SOURCES)}
    series = Place("series.csv")
    table = read_table(decode(read_bytes(data_dir / series.file), series), series)
    datasets = {dataset.id: dataset for dataset in DATASETS}
    for row in table.rows:
        known = products.get(row.cells["symbol"]) or read_instrument(row, SERIES_SOURCES)
        products[known.symbol] = _with_series(known, row, datasets[row.cells["dataset"]])
    return tuple(products.values())


def _read_series(data_dir: Path, dataset: Dataset) -> PriceMatrix:
    pq: Any = import_module("pyarrow.parquet")
    table = pq.read_table(data_dir / "sample" / f"{dataset.id}.parquet")
    symbols = tuple(table.column_names[1:])
    dates = table.column("date").to_numpy().astype("datetime64[D]")
    closes = np.column_stack([table.column(symbol).to_numpy() for symbol in symbols])
    return PriceMatrix(dates, symbols, closes, kinds=(dataset.price_kind,) * len(symbols))


def _with_series(instrument: Instrument, row: Row, dataset: Dataset) -> Instrument:
    """The instrument with the facts of its series: its set, whether it is real, a survivor, and what to beware of."""
    survivor = row.cells.get("survivor") == "yes"
    marks = {"derived": row.cells.get("origin") == "derived", "survivor": survivor}
    sources = [FactSource("prices", "see data/SOURCES.md" if marks["derived"] else dataset.source)]
    if row.cells.get("caveat"):
        sources.append(FactSource("caveat", row.cells["caveat"]))
    return replace(
        instrument,
        dataset=dataset.id,
        price_kind=dataset.price_kind,
        survivor=survivor,
        tags=tuple(sorted({*instrument.tags, *(mark for mark, holds in marks.items() if holds)})),
        sources=(*instrument.sources, *sources),
    )
