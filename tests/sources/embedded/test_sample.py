"""The sample: every file there, or named; recognised by its content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from keel.errors import SourceUnavailableError
from keel.sources.embedded.sample import DATASETS, fingerprint, load, load_instruments, require_files

DATA = Path(__file__).resolve().parents[3] / "data"


def test_every_series_is_of_a_product_and_of_the_kind_its_dataset_says() -> None:
    sample = load(DATA)
    assert load_instruments(DATA) == sample.instruments
    products = {instrument.symbol for instrument in sample.instruments}
    for series in sample.series:
        assert set(series.prices.symbols) <= products
        assert set(series.prices.kinds) == {series.dataset.price_kind}
        assert sample.prices(series.dataset.id) is series.prices


def test_the_fingerprint_follows_the_content_and_a_missing_file_is_named(tmp_path: Path) -> None:
    for path in require_files(DATA):
        copy = tmp_path / path.relative_to(DATA)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    assert fingerprint(tmp_path) == fingerprint(DATA)
    with (tmp_path / "series.csv").open("a") as file:
        file.write("\n")
    assert fingerprint(tmp_path) != fingerprint(DATA)
    (tmp_path / "sample" / f"{DATASETS[0].id}.parquet").unlink()
    with pytest.raises(SourceUnavailableError, match=rf"{DATASETS[0].id}\.parquet is missing"):
        load(tmp_path)
    with pytest.raises(SourceUnavailableError):
        load_instruments(tmp_path)
