"""Benchmarks: blends of products under a name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.values import Name, Weight
from keel.domain.policy.records import Cadence
from keel.domain.study.blend import MOST_PARTS

NAMES = {"propertyNames": {"type": "string", "maxLength": 60, "pattern": r"^[A-Za-z0-9][A-Za-z0-9 .:^=_-]*$"}}


class Blend(BaseModel):
    """Parts as fractions that sum to 1, traded back to them at each ``look``."""

    name: Name
    parts: Annotated[dict[str, Weight], Field(min_length=1, max_length=MOST_PARTS, json_schema_extra=NAMES)]
    look: Cadence | Literal["never"] = Cadence.annual


class NamedBlend(Blend):
    """A stored blend."""

    id: str
