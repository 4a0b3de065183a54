"""Answers by key: kept for a day, an owner's own, and forgotten where nothing came of the request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keel.store.connection import Database
from keel.store.values import now
from keel.store.work import request_keys
from keel.store.work.request_keys import Kept

ANSWER = Kept("POST /x", "ab", 201, {"location": "/x/1"}, b"{}")


def test_a_key_is_taken_answered_and_forgotten(store: Database) -> None:
    assert request_keys.begin(store, "k", "POST /x") is None
    assert request_keys.begin(store, "k", "POST /y") == Kept("POST /x")
    request_keys.keep(store, "k", ANSWER)
    assert request_keys.begin(store, "k", "POST /x") == ANSWER
    assert request_keys.begin(store.of("usr_2"), "k", "POST /x") is None
    request_keys.release(store, "k")
    assert request_keys.begin(store, "k", "POST /x") is None


def test_after_a_day_a_key_is_new(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    request_keys.begin(store, "k", "POST /x")
    tomorrow = now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(request_keys, "now", lambda: tomorrow)
    assert request_keys.begin(store, "k", "POST /x") is None
