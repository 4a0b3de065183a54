"""A token is active until it ends or is revoked, and may do what its scope says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keel.domain.access.ending import state
from keel.domain.access.token import Scope, Token, read_scope, require_usable, token_json
from keel.domain.reading.place import Place
from keel.errors import ForbiddenError, ImportFormatError, NotSignedInError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READ = Token("laptop", Scope.read, "tok_1", NOW, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (READ, "active"),
        (replace(READ, expires_at=NOW), "expired"),
        (replace(READ, expires_at=NOW, revoked_at=NOW), "revoked"),
        (replace(READ, expires_at=None), "active"),
    ],
)
def test_a_token_is_active_until_it_ends_or_is_revoked(token: Token, expected: str) -> None:
    assert state(token, NOW) == expected
    assert token_json(token, NOW)["state"] == expected
    if expected == "active":
        require_usable(token, NOW, writes=False)
    else:
        with pytest.raises(NotSignedInError, match=expected):
            require_usable(token, NOW, writes=False)


def test_only_a_token_that_may_write_writes() -> None:
    require_usable(replace(READ, scope=Scope.write), NOW, writes=True)
    with pytest.raises(ForbiddenError, match="read only"):
        require_usable(READ, NOW, writes=True)


def test_a_scope_is_read_or_refused_with_those_there_are() -> None:
    assert read_scope("write", Place("x")) is Scope.write
    with pytest.raises(ImportFormatError, match="no scope") as refused:
        read_scope("admin", Place("x"))
    assert "read, write" in refused.value.hint
