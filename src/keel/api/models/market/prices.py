"""Stored prices, and what is asked of a public source."""

from __future__ import annotations

from pydantic import BaseModel

from keel.api.models.values import Day, Moment
from keel.domain.issue import Severity


class SeriesFinding(BaseModel):
    """Something about a series."""

    severity: Severity
    code: str
    subject: str
    message: str
    fix: str


class PriceSeries(BaseModel):
    """One stored series: its dates, and where and when it came from."""

    symbol: str
    first: Day
    last: Day
    rows: int
    source: str
    fetched_at: Moment | None
    findings: list[SeriesFinding]


class PriceDataset(BaseModel):
    """One set of series; ``owner`` is ``sample`` or ``user``."""

    id: str
    owner: str
    frequency: str
    price_kind: str
    symbols: list[PriceSeries]


class PriceStatus(BaseModel):
    """Every stored series by dataset."""

    datasets: list[PriceDataset]


class DatasetHealth(BaseModel):
    """What is wrong with the series of one dataset, the grave ones first."""

    id: str
    owner: str
    findings: list[SeriesFinding]


class DataHealth(BaseModel):
    """What is wrong with the stored prices, by dataset."""

    datasets: list[DatasetHealth]


class RefreshBody(BaseModel):
    """The symbols whose public prices are wanted; none: those that portfolios hold and those fetched before."""

    symbols: list[str] | None = None
