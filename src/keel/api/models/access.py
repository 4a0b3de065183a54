"""Who asks, and the tokens that programs show."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.values import Moment
from keel.domain.access.token import Scope

_LABEL = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"


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

    name: Annotated[str, Field(max_length=60, pattern=_LABEL)]
    scope: Scope = Scope.read
    days: Annotated[int, Field(ge=1, le=366)] = 90


class Me(BaseModel):
    """Whose everything is that a request sees."""

    user_id: str
    token: Token | None
