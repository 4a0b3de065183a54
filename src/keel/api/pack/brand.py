"""Who hands over client packs, over REST."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from fastapi import APIRouter

from keel.api.answer import Route
from keel.api.request import BODY, Db, Raw, json_object, optional
from keel.domain.reading.place import Place
from keel.services import pack
from keel.services.pack import Change

router = APIRouter(route_class=Route)


@router.get("/brand")
def get_brand(db: Db) -> dict[str, Any]:
    """Who hands over client packs."""
    return pack.brand_json(pack.brand(db))


@router.put("/brand")
def put_brand(db: Db, body: Raw) -> dict[str, Any]:
    """The same with what the body says; ``logo`` is the file in base64. An empty logo or paper takes it away."""
    given = json_object(body)
    firm, line, logo, paper = (optional(given, name, str, None) for name in ("firm", "line", "logo", "paper"))
    change = Change(firm, line, None if logo is None else _unpacked(logo), paper)
    return pack.brand_json(pack.save_brand(db, change))


def _unpacked(logo: str) -> bytes:
    try:
        return b64decode(logo, validate=True)
    except ValueError:
        raise Place(BODY).field("logo").error("is not base64.") from None
