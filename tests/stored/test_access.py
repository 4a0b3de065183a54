"""Tokens from Python."""

from __future__ import annotations

import pytest

import keel
from keel.errors import ImportFormatError


@pytest.mark.usefixtures("here")
def test_a_token_is_made_listed_and_revoked() -> None:
    made = keel.create_token("laptop", "write", 7)
    assert str(made["token"]).startswith("keel_")
    assert [(one["id"], "token" in one) for one in keel.list_tokens()] == [(made["id"], False)]
    assert keel.revoke_token(str(made["id"]))["state"] == "revoked"
    with pytest.raises(ImportFormatError):
        keel.create_token("laptop", "everything")
