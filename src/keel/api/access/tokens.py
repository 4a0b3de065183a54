"""Tokens over REST: made and shown once, listed without their secrets, revoked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.once import UNKEPT
from keel.api.pages import Paged
from keel.api.request import BODY, Asking, Db, Raw, field, json_object
from keel.domain.access.terms import TOKEN_DAYS
from keel.domain.access.token import Scope, read_scope
from keel.domain.reading.place import Place
from keel.services.access import tokens

router = APIRouter(route_class=Route)


@router.get("/me")
def me(caller: Asking) -> dict[str, Any]:
    """Whose everything here is that this request sees, and the token that it shows."""
    token = caller.token
    return {"user_id": caller.db.owner, "token": None if token is None else tokens.document(token)}


@router.get("/tokens")
def list_tokens(db: Db, page: Paged) -> list[dict[str, Any]]:
    """A page of the tokens, the newest first."""
    return [tokens.document(token) for token in page.of(tokens.listed(db))]


@router.post("/tokens", status_code=201)
def create_token(caller: Asking, body: Raw, response: Response) -> dict[str, Any]:
    """A new token with its secret, told this once: ``{name, scope, days}``."""
    given = json_object(body)
    scope = read_scope(field(given, "scope", str, Scope.read.value), Place(BODY).field("scope"))
    days = field(given, "days", int, TOKEN_DAYS)
    issued = tokens.create(caller.db, field(given, "name", str), scope, days, caller.token)
    response.headers["Cache-Control"] = UNKEPT
    response.headers["Location"] = f"/api/v1/tokens/{issued.token.id}"
    return tokens.issued_document(issued)


@router.delete("/tokens/{token_id}")
def revoke_token(db: Db, token_id: str) -> dict[str, Any]:
    """The token, which lets nobody in any more."""
    return tokens.document(tokens.revoke(db, token_id))
