"""What a dataset is stored as: the sample's are there for all, and everybody has names of their own beside them."""

from __future__ import annotations

from keel.domain.market.instrument import Coverage
from keel.store.connection import Database
from keel.store.names import OwnerKind
from keel.vocabulary import LOCAL

_MARK = "\x1f"  # no name of a dataset holds one


def key(db: Database, name: str, whose: OwnerKind = "user") -> str:
    """What stands in the column ``dataset`` for a dataset's name."""
    return name if whose == "sample" or db.owner == LOCAL else f"{db.owner}{_MARK}{name}"


def key_of(db: Database, series: Coverage) -> str:
    """What stands in the column ``dataset`` for that of a series."""
    return key(db, series.dataset, "sample" if series.owner == "sample" else "user")


def named(db: Database, key: str) -> str:
    """The name of the dataset that is stored as ``key``."""
    return key.removeprefix(f"{db.owner}{_MARK}")
