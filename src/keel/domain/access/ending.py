"""When what lets somebody in is over, and when it was last used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

EXACT = timedelta(minutes=1)  # how exactly the last use is known: each note of it is a write


class Ending(Protocol):
    """What lets somebody in until it expires or is revoked."""

    @property
    def expires_at(self) -> datetime | None:
        """When it ends by itself; None: never."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was ended; None: it was not."""


def state(one: Ending, now: datetime) -> str:
    """``active``, ``expired`` or ``revoked``; it ends with the moment that it names."""
    if one.revoked_at is not None:
        return "revoked"
    return "expired" if one.expires_at is not None and now >= one.expires_at else "active"


def ending_json(one: Ending, now: datetime, last: str) -> dict[str, object]:
    """How it stands, and its moments, as JSON values; ``last`` is the name of when it was last used."""
    moments = {name: getattr(one, name) for name in ("created_at", "expires_at", last, "revoked_at")}
    return {"state": state(one, now), **{name: at and at.isoformat() for name, at in moments.items()}}


def last_day(one: Ending) -> str:
    """The day that it ends on by itself, ``–`` for none."""
    return one.expires_at.date().isoformat() if one.expires_at else "–"


def is_news(last: datetime | None, at: datetime) -> bool:
    """Whether a use is to be noted, the ``last`` that is known being so long ago."""
    return last is None or at - last > EXACT
