"""Tokens for programs, from Python."""

from __future__ import annotations

from keel.domain.access.terms import TOKEN_DAYS
from keel.notebook import stored


def create_token(name: str, scope: str = "read", days: int = TOKEN_DAYS) -> dict[str, object]:
    """A new token with its secret, told this once, as ``keel token create --json`` says it. Raises InputError."""
    from keel.domain.access.token import read_scope
    from keel.domain.reading.place import Place
    from keel.services.access import tokens

    with stored() as db:
        return tokens.issued_document(tokens.create(db, name, read_scope(scope, Place("scope")), days))


def list_tokens() -> list[dict[str, object]]:
    """Every token without its secret, the newest first."""
    from keel.services.access import tokens

    with stored() as db:
        return [tokens.document(token) for token in tokens.listed(db)]


def revoke_token(id: str) -> dict[str, object]:
    """The token, which lets nobody in any more. Raises TokenNotFoundError."""
    from keel.services.access import tokens

    with stored() as db:
        return tokens.document(tokens.revoke(db, id))
