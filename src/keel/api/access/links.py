"""Links to a portfolio over REST: made and shown once, listed without their secrets, revoked; and what they show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.once import UNKEPT
from keel.api.pages import Paged
from keel.api.request import Db, Raw, field, json_object
from keel.domain.access.terms import LINK_DAYS
from keel.services import report
from keel.services.access import links

router = APIRouter(route_class=Route)


@router.get("/portfolios/{portfolio_id}/shares")
def list_links(db: Db, portfolio_id: str, page: Paged) -> list[dict[str, Any]]:
    """A page of the links to a portfolio, the newest first."""
    return [links.document(link) for link in page.of(links.listed(db, portfolio_id))]


@router.post("/portfolios/{portfolio_id}/shares", status_code=201)
def create_link(db: Db, portfolio_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """A new link with its secret, told this once: ``{name, days}`` or nothing."""
    given = json_object(body)
    issued = links.create(db, portfolio_id, field(given, "name", str, ""), field(given, "days", int, LINK_DAYS))
    response.headers["Cache-Control"] = UNKEPT
    response.headers["Location"] = f"/api/v1/shares/{issued.link.id}"
    return links.issued_document(issued)


@router.delete("/shares/{link_id}")
def revoke_link(db: Db, link_id: str) -> dict[str, Any]:
    """The link, which leads nowhere any more."""
    return links.document(links.revoke(db, link_id))


@router.get("/shared/{secret}")
def show_shared(db: Db, secret: str, response: Response) -> dict[str, Any]:
    """What a link shows, to whoever has it."""
    response.headers["Cache-Control"] = UNKEPT
    theirs, link = links.follow(db, secret)
    shown = report.shown(theirs, link.portfolio_id, datetime.now(UTC).date())
    return {"expires_at": link.expires_at and link.expires_at.isoformat(), **report.shown_document(shown)}
