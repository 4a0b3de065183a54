"""Tokens are stored by their digest, listed for their owner, and found by whoever shows one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keel.domain.access.token import Scope, Token
from keel.errors import TokenNotFoundError
from keel.store.access import tokens
from keel.store.connection import Database

ENDS = datetime(2027, 1, 1, tzinfo=UTC)


def test_a_token_comes_back_as_it_was_and_is_found_by_its_digest(store: Database) -> None:
    ann = store.of("ann")
    saved = tokens.add(ann, Token("laptop", Scope.write, expires_at=ENDS), "digest")
    assert tokens.list_all(ann) == (tokens.get(ann, saved.id),) == (saved,)
    found = tokens.find(store, "digest")
    assert found is not None
    assert (found.owner, found.digest, found.token) == ("ann", "digest", saved)
    assert tokens.find(store, "other") is None
    tokens.used(ann, saved.id, ENDS)
    assert tokens.get(ann, saved.id).last_used_at == ENDS


def test_a_token_is_its_owners_to_revoke(store: Database) -> None:
    ann = store.of("ann")
    saved = tokens.add(ann, Token("laptop", Scope.read), "digest")
    assert tokens.list_all(store) == ()
    for ask in (tokens.get, tokens.revoke):
        with pytest.raises(TokenNotFoundError, match=saved.id):
            ask(store, saved.id)
    revoked = tokens.revoke(ann, saved.id)
    assert revoked.revoked_at is not None
    assert tokens.revoke(ann, saved.id) == revoked
