"""Sweeps: a grid of policies and settings, and what it is asked of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, JsonValue

from keel.api.models.policy import Preset
from keel.api.models.values import Day


class Spaced(BaseModel):
    """Evenly spaced numbers, both ends among them."""

    from_: Annotated[float, Field(alias="from")]
    to: float
    count: Annotated[int, Field(ge=1)]


class Grid(BaseModel):
    """Every combination of the axes' values. ``base`` is what all share: a preset, or fields of policy and settings.

    An axis is a field by its dotted name, such as ``band.width_bps``.
    """

    base: Preset | dict[str, JsonValue] | None = None
    axes: Annotated[dict[str, list[JsonValue] | Spaced], Field(min_length=1)]


class SweepBody(BaseModel):
    """A grid, asked of a portfolio or of the newest portfolio of a framework."""

    grid: Grid
    portfolio_id: str | None = None
    framework_id: str | None = None
    start: Day | None = None
    end: Day | None = None
    dataset: str | None = None
    proxies: bool | None = None
