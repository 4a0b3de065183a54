"""Links that show a portfolio to whoever has them, and what they show."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.live.drift import Drift
from keel.api.models.live.plan import PlanSaid
from keel.api.models.values import Moment
from keel.domain.access.terms import LINK_DAYS, LONGEST_NAME, MOST_DAYS
from keel.domain.text import TEXT


class SharedLink(BaseModel):
    """A link without its secret."""

    id: str
    portfolio_id: str
    name: str
    state: Literal["active", "expired", "revoked"]
    created_at: Moment | None
    expires_at: Moment | None
    last_opened_at: Moment | None
    revoked_at: Moment | None


class IssuedLink(SharedLink):
    """A new link with its secret and the address of the pages after the server's name, told this once."""

    secret: str
    address: str


class LinkBody(BaseModel):
    """For whom a link is, and for how many days."""

    name: Annotated[str, Field(max_length=LONGEST_NAME, pattern=TEXT)] = ""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = LINK_DAYS


class SharedPlan(PlanSaid):
    """The plan that waits to be carried out."""

    accepted_at: Moment | None


class SharedPortfolio(BaseModel):
    """What a link shows: the newest state of one portfolio; without a drift ``trouble`` says why."""

    name: str
    expires_at: Moment | None
    drift: Drift | None
    trouble: str
    plan: SharedPlan | None
