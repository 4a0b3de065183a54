"""When what lets somebody in is over."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


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
