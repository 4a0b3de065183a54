"""Links: what shows one portfolio to whoever has it, for some time, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keel.domain.access.ending import ending_json

PARAMETER = "share"  # of the pages' address


@dataclass(frozen=True, slots=True)
class Link:
    """A link without its secret, which nobody has but those whom it was given; ``name`` says for whom it is."""

    portfolio_id: str
    name: str = ""
    id: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    last_opened_at: datetime | None = None
    revoked_at: datetime | None = None


def link_json(link: Link, now: datetime) -> dict[str, object]:
    """A link as JSON values."""
    said = {"id": link.id, "portfolio_id": link.portfolio_id, "name": link.name}
    return {**said, **ending_json(link, now, "last_opened_at")}


def address(secret: str) -> str:
    """Where the pages show what a link leads to, after the server's name.

    >>> address("abc")
    '/?share=abc'
    """
    return f"/?{PARAMETER}={secret}"
