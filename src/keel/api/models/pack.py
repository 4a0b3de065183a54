"""Client packs: who hands over, and a bundle computed again."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, JsonValue

from keel.api.models.values import Base64, Day


class Brand(BaseModel):
    """Who hands over: the firm's name, a line for the foot of the cover, what kind of logo there is, and the paper.

    Without a paper it is the one that is usual for the currency.
    """

    firm: str
    line: str
    logo: Literal["png", "svg"] | None
    paper: Literal["a4", "letter"] | None


class BrandBody(BaseModel):
    """What is to be another; null or left out: it stays. ``logo`` is a PNG or SVG in base64.

    An empty logo or paper takes it away.
    """

    firm: str | None = Field(default=None, max_length=80)
    line: str | None = Field(default=None, max_length=160)
    logo: Base64 | None = None
    paper: Literal["a4", "letter", ""] | None = None


class Difference(BaseModel):
    """What is not as it was: where, what the bundle says, and what was computed."""

    where: str
    day: Day | None
    stored: JsonValue
    computed: JsonValue


class Replay(BaseModel):
    """What computing a bundle again came to."""

    same: bool
    policies: list[str]
    closes: int
    compared: int
    keel: str
    prices_fingerprint: str
    differences: list[Difference]
