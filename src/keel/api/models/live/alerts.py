"""Alerts of watched portfolios."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from keel.api.models.values import Moment


class Alert(BaseModel):
    """What was seen of a portfolio, from when to when (null while it holds), when it was told outside and known.

    ``subject`` is a bucket's path, a plan's id, or ``prices``.
    """

    id: str
    portfolio_id: str
    kind: Literal["breach", "plan", "prices"]
    subject: str
    message: str
    began_at: Moment
    ended_at: Moment | None
    sent_at: Moment | None
    read_at: Moment | None


class Looked(BaseModel):
    """What a look at all portfolios came to; ``trouble`` says why nobody was told outside."""

    portfolios: int
    holding: list[Alert]
    begun: list[Alert]
    ended: list[Alert]
    told: int
    trouble: str
