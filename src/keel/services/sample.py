"""The embedded sample into the database."""

from __future__ import annotations

from keel.settings import Settings
from keel.sources.embedded.sample import DATASETS, Dataset, fingerprint, load
from keel.store import instruments, prices
from keel.store.connection import Database


def build(db: Database, settings: Settings) -> bool:
    """True when the sample was loaded, False when the database already holds this very one.

    What is stored is recognised by the content of the sample's files, so that a new release replaces an older sample.
    All or nothing: one transaction. Raises SourceUnavailableError naming a file that is missing.
    """
    mark = fingerprint(settings.data_dir)
    stored = prices.origins(db)
    if all(stored.get(dataset.id) == _source(dataset, mark) for dataset in DATASETS):
        return False
    sample = load(settings.data_dir)
    with db.write():
        instruments.upsert_many(db, sample.instruments, "sample")
        for series in sample.series:
            dataset = series.dataset
            if dataset.id in stored:
                prices.delete_dataset(db, dataset.id)
            prices.write_matrix(
                db, dataset.id, dataset.frequency, series.prices, source=_source(dataset, mark), owner_kind="sample"
            )
    return True


def _source(dataset: Dataset, mark: str) -> str:
    return f"{dataset.source}, sample {mark}"
