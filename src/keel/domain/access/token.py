"""Tokens: what a program shows to be let in, for some time and for some things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keel.domain.access.ending import ending_json, state
from keel.domain.reading.place import Place
from keel.errors import ForbiddenError, NotSignedInError


class Scope(StrEnum):
    """What a token is good for; one that writes reads too."""

    read = "read"
    write = "write"


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret, which nobody has but its bearer."""

    name: str
    scope: Scope
    id: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


def read_scope(text: str, place: Place) -> Scope:
    """The scope of that name. Raises ImportFormatError."""
    if text not in set(Scope):
        raise place.error("is no scope.", f"Give one of {', '.join(Scope)}.")
    return Scope(text)


def require_usable(token: Token, now: datetime, *, writes: bool) -> None:
    """Raises NotSignedInError for a token that is over, ForbiddenError for one that may not do this."""
    ended = state(token, now)
    if ended != "active":
        raise NotSignedInError(f"The token {token.name} is {ended}.", hint="Make another.", subject=token.id)
    if writes and token.scope is not Scope.write:
        message = f"The token {token.name} may read only."
        raise ForbiddenError(message, hint="Make one with the scope write.", subject=token.id)


def token_json(token: Token, now: datetime) -> dict[str, object]:
    """A token as JSON values."""
    said = {"id": token.id, "name": token.name, "scope": token.scope.value}
    return {**said, **ending_json(token, now, "last_used_at")}
