"""``keel watch --once``: a look, and the calendar of the next ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

from keel.services import example
from keel.store.connection import Database


def test_a_look_at_the_worked_client(
    keel: Keel, sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keel.duckdb"
    path.write_bytes(sample_file.read_bytes())
    monkeypatch.setenv("KEEL_DB", str(path))
    monkeypatch.delenv("KEEL_NOTIFY", raising=False)
    assert keel("watch", "--once", "--json").data == {
        "portfolios": 0, "holding": [], "begun": [], "ended": [], "told": 0, "trouble": "",
    }  # fmt: skip
    db = Database.open(path)
    example.open_client(db)
    db.close()
    looked = keel("watch", "--once", "--json", "--calendar", tmp_path / "looks.ics").data
    assert looked["portfolios"] == 1
    assert {alert["kind"] for alert in looked["begun"]} >= {"breach", "prices"}
    assert (tmp_path / "looks.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "still" in keel("watch", "--once").out
    refused(keel("watch", "--once", "--calendar", tmp_path / "looks.txt"), "--calendar")
