"""A portfolio: picks for the buckets of one framework version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pick:
    """One instrument accepted for a bucket; ``share`` is its fraction of the bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The accepted mapping of one framework version; a bucket without a pick stays in cash."""

    name: str
    framework_id: str
    framework_version: int
    picks: tuple[Pick, ...] = ()
    id: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
