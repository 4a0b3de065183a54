"""Values that stand in many documents: texts, weights, days and moments."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from keel.domain.text import NAME, TEXT

Text = Annotated[str, Field(max_length=1_000, pattern=TEXT)]
Name = Annotated[str, Field(max_length=1_000, pattern=NAME)]
Percent = Annotated[str, Field(pattern=r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+) *%?$", max_length=60, examples=["60%"])]
Amount = float | Percent  # a number, or the text of one
Weight = Amount  # a fraction of the whole portfolio, or its percentage as text
Base64 = Annotated[str, Field(pattern=r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Version = Annotated[int, Field(ge=1, le=1_000_000_000)]
