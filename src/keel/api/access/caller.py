"""Who asks."""

from __future__ import annotations

from typing import NamedTuple

from keel.domain.access.token import Token
from keel.store.connection import Database


class Caller(NamedTuple):
    """Who asks: the database as it is theirs, and the token that was shown."""

    db: Database
    token: Token | None
