"""Signing in: who one is, what is shown before, and that nothing is served to others without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from keel.errors import InputError, NotSignedInError
from keel.settings import host, require_login
from keel.store.connection import Database
from keel.ui.frame import login, root

APP = Path(__file__).parents[3] / "app.py"


def test_one_is_who_the_issuer_says_by_its_subject() -> None:
    ann = login.owner_id("https://login.example", "1")
    assert ann == login.owner_id("https://login.example", "1")
    assert ann not in (login.owner_id("https://login.example", "2"), login.owner_id("https://other.example", "1"))
    for issuer, subject in (("", "1"), ("https://login.example", "")):
        with pytest.raises(NotSignedInError):
            login.owner_id(issuer, subject)


def test_without_a_login_everything_is_the_one_users(db: Database) -> None:
    assert (login.configured(), login.hosts(), login.owner()) == (False, frozenset(), "local")
    with root.using(db):
        assert root.database() is db


def test_serving_beyond_this_machine_needs_a_login(capsys: pytest.CaptureFixture[str]) -> None:
    assert host({}) == "localhost"
    assert host({"KEEL_HOST": "0.0.0.0"}) == "0.0.0.0"
    with pytest.raises(InputError, match="everybody"):
        require_login("0.0.0.0", False)
    with pytest.raises(SystemExit):
        login.require_for("192.168.1.5")
    assert "docs/access.md" in capsys.readouterr().err


def test_nobody_sees_a_page_before_signing_in(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "configured", lambda: True)
    with root.using(db):
        at = AppTest.from_file(str(APP), default_timeout=30).run()
        assert not at.exception
        assert [title.value for title in at.title] == ["Sign in to see your portfolios"]
        assert [button.key for button in at.button] == ["sign-in"]
        with pytest.raises(NotSignedInError):
            root.database()
