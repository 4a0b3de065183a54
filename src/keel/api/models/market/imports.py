"""Prices: files that were imported, and what one would bring."""

from __future__ import annotations

from pydantic import BaseModel, Field

from keel.api.models.values import Day


class PriceImport(BaseModel):
    """What a file brought into a dataset, as ``keel prices import --json`` prints it."""

    id: str = Field(alias="import")
    dataset: str
    symbols: list[str]
    rows: int
    first: Day
    last: Day
    notes: list[str]


class PreviewSeries(BaseModel):
    """A symbol of a file; ``instrument`` is null where nobody knows it, ``replaces``: the dataset has a series."""

    symbol: str
    first: Day
    last: Day
    rows: int
    frequency: str
    instrument: str | None
    name: str | None
    replaces: bool


class PreviewDay(BaseModel):
    """A row of a file as it was read."""

    symbol: str
    date: Day
    close: float | None
    adjusted_close: float
    volume: float | None


class PricePreview(BaseModel):
    """What a file would become; ``same_as`` is the import that brought the same content before."""

    file: str
    rows: int
    series: list[PreviewSeries]
    head: list[PreviewDay]
    notes: list[str]
    same_as: str | None


class ExposureImport(BaseModel):
    """What a file said of products, as ``keel exposures import --json`` prints it."""

    id: str = Field(alias="import")
    file: str
    symbols: list[str]
    rows: int
    notes: list[str]
