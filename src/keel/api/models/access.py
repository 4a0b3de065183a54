"""Who asks, and the tokens that programs show."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.values import Moment
from keel.domain.access.terms import LONGEST_NAME, MOST_DAYS, TOKEN_DAYS
from keel.domain.access.token import Scope
from keel.domain.text import NAME


class Token(BaseModel):
    """A token without its secret."""

    id: str
    name: str
    scope: Scope
    state: Literal["active", "expired", "revoked"]
    created_at: Moment | None
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None


class IssuedToken(Token):
    """A new token with its secret, told this once."""

    token: str


class TokenBody(BaseModel):
    """What a token is for, what it may do, and for how many days."""

    name: Annotated[str, Field(max_length=LONGEST_NAME, pattern=NAME)]
    scope: Scope = Scope.read
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = TOKEN_DAYS


class Me(BaseModel):
    """Whose everything is that a request sees."""

    user_id: str
    token: Token | None
