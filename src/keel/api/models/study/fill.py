"""How a bucket is to be split over products."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from keel.api.models.values import Day, Name, Weight
from keel.domain.portfolio.split import Method


class FillBody(BaseModel):
    """A bucket, a method and the products; ``bounds`` are the least and the most share of a product."""

    path: Name
    method: Method
    products: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None
    bounds: dict[str, Annotated[list[Weight], Field(min_length=2, max_length=2)]] | None = None
    start: Day | None = None
    end: Day | None = None
    dataset: str | None = None
