"""All live portfolios in short."""

from __future__ import annotations

from pydantic import BaseModel

from keel.api.models.values import Version


class MorningLine(BaseModel):
    """A portfolio in short; figures are null where it cannot be judged, and ``trouble`` says why."""

    id: str
    name: str
    framework_id: str
    framework_version: Version
    currency: str
    value: float | None
    total_drift: float | None
    largest: str
    drift: float | None
    out_of_band: int
    rebalance_needed: bool
    trouble: str


class Morning(BaseModel):
    """Every portfolio that holds something, as ``keel morning --json`` prints it."""

    portfolios: list[MorningLine]
