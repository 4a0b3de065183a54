"""``keel token``: made and shown once, listed without its secret, revoked."""

from __future__ import annotations

from tests.commands.conftest import Keel, refused


def test_a_token_is_made_listed_and_revoked(keel: Keel) -> None:
    made = keel("token", "create", "laptop", "--scope", "write", "--days", 30, "--json").data
    assert made["token"].startswith("keel_")
    assert (made["name"], made["scope"], made["state"]) == ("laptop", "write", "active")
    listed = keel("token", "list", "--json").data
    assert listed == [{key: value for key, value in made.items() if key != "token"}]
    assert made["token"] not in keel("token", "list").out
    assert keel("token", "revoke", made["id"]).out == "laptop is revoked.\n"
    assert "revoked" in keel("token", "list").out
    refused(keel("token", "revoke", "tok_none"), "tok_none")


def test_a_new_token_is_shown_with_its_end_and_a_bad_one_is_refused(keel: Keel) -> None:
    said = keel("token", "create", "ci").out
    assert said.startswith("keel_")
    assert "may read, until" in said
    assert "as you keep a password" in said
    refused(keel("token", "create", " "), "name")
    refused(keel("token", "create", "ci", "--days", 0), "days")
    refused(keel("token", "create", "ci", "--scope", "admin"), "scope")
