"""A token is told once, lets its bearer in to what is theirs, and nobody after it has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keel.domain.access.token import Scope
from keel.errors import ForbiddenError, InputError, NotSignedInError
from keel.services.access import tokens
from keel.store.access import tokens as stored
from keel.store.connection import Database
from keel.store.values import now


def test_a_secret_lets_in_to_what_is_its_owners_and_is_stored_nowhere(db: Database) -> None:
    ann = db.of("ann")
    issued = tokens.create(ann, " laptop ", Scope.read, 30)
    assert issued.token.name == "laptop"
    assert issued.secret not in repr(issued)
    theirs, token = tokens.admit(db, issued.secret, writes=False)
    assert (theirs, token) == (ann, issued.token)
    with db.cursor() as cursor:
        kept = cursor.execute("select * from api_tokens").fetchall()
    assert issued.secret not in str(kept)
    assert issued.secret.removeprefix(tokens.PREFIX) not in str(kept)
    assert tokens.issued_document(issued)["token"] == issued.secret
    assert "token" not in tokens.document(issued.token)


def test_what_has_ended_or_never_was_lets_nobody_in(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = tokens.create(db, "laptop", Scope.read, 1)
    with pytest.raises(NotSignedInError, match="no such token"):
        tokens.admit(db, issued.secret + "x", writes=False)
    with pytest.raises(ForbiddenError, match="read only"):
        tokens.admit(db, issued.secret, writes=True)
    with monkeypatch.context() as later:
        later.setattr(tokens, "now", lambda: now() + timedelta(days=1))
        with pytest.raises(NotSignedInError, match="expired"):
            tokens.admit(db, issued.secret, writes=False)
    tokens.revoke(db, issued.token.id)
    with pytest.raises(NotSignedInError, match="revoked"):
        tokens.admit(db, issued.secret, writes=False)


def test_the_last_use_is_noted_once_a_minute(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = tokens.create(db, "laptop", Scope.read)
    tokens.admit(db, issued.secret, writes=False)
    first = stored.get(db, issued.token.id).last_used_at
    assert first is not None
    tokens.admit(db, issued.secret, writes=False)
    assert stored.get(db, issued.token.id).last_used_at == first
    monkeypatch.setattr(tokens, "now", lambda: first + timedelta(minutes=2))
    tokens.admit(db, issued.secret, writes=False)
    assert stored.get(db, issued.token.id).last_used_at == first + timedelta(minutes=2)


def test_a_token_made_with_a_token_does_not_outlive_it(db: Database) -> None:
    short = tokens.create(db, "short", Scope.write, 2)
    longer = tokens.create(db, "longer", Scope.write, 300, short.token)
    assert longer.token.expires_at == short.token.expires_at


@pytest.mark.parametrize(("name", "days"), [("", 1), ("x" * 61, 1), ("a\x00b", 1), ("ok", 0), ("ok", 367)])
def test_a_token_needs_a_name_and_an_end(db: Database, name: str, days: int) -> None:
    with pytest.raises(InputError):
        tokens.create(db, name, Scope.read, days)


def test_there_are_only_so_many_at_a_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 1)
    first = tokens.create(db, "one", Scope.read)
    with pytest.raises(InputError, match="tokens in use"):
        tokens.create(db, "two", Scope.read)
    tokens.revoke(db, first.token.id)
    assert tokens.create(db, "two", Scope.read).token in tokens.listed(db)
