"""What is stored under a name: runs, and what is put away."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, JsonValue

from keel.api.models.values import Moment, Name, Version
from keel.store.archive import Noun


class NameBody(BaseModel):
    """What it is to be called."""

    name: Name


class Archived(BaseModel):
    """What left the lists; ``used_by`` names what uses it and keeps working."""

    archived: bool
    used_by: list[str]


class PutAway(BaseModel):
    """One thing that is put away."""

    noun: Noun
    id: str
    name: str
    archived_at: Moment


class RunRow(BaseModel):
    """A line of the list of runs."""

    id: str
    name: str
    portfolio_id: str
    portfolio_version: Version | None
    framework_id: str
    framework_version: Version
    created_at: Moment


class Run(RunRow):
    """A stored run: what was asked, and by policy the metrics it gave on prices of that fingerprint."""

    asked: dict[str, JsonValue]
    metrics: dict[str, dict[str, JsonValue]]
    prices_fingerprint: str


class LuckBody(BaseModel):
    """How histories are drawn; ``block`` is the mean length of a block in sessions, else what suits the returns."""

    histories: Annotated[int, Field(ge=1, le=20_000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31)] | None = None
    block: Annotated[int, Field(ge=1, le=10_000)] | None = None
