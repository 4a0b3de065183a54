"""Portfolios: the products chosen for the buckets of one framework version."""

from __future__ import annotations

from pydantic import BaseModel

from keel.api.models.values import Moment, Version


class PickBody(BaseModel):
    """A product for a bucket; ``share`` is its fraction of the bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float = 1.0
    locked: bool = False


class PortfolioBody(BaseModel):
    """What a portfolio is made of; without ``picks`` the best usable product of each bucket.

    ``overrides`` set weights of the whole by instrument id or symbol. ``framework_version`` else is the newest.
    """

    framework_id: str
    framework_version: Version | None = None
    picks: list[PickBody] | None = None
    overrides: dict[str, float] | None = None
    name: str | None = None


class Pick(BaseModel):
    """A product of a bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float
    locked: bool


class Portfolio(BaseModel):
    """A portfolio at one version."""

    id: str
    version: Version
    name: str
    framework_id: str
    framework_version: Version
    created_at: Moment
    picks: list[Pick]
