"""``keel brand``: shown, changed by what is given, and refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.domain.test_brand import SVG

from keel.store.connection import Database


def test_who_hands_over_is_kept_and_shown(
    keel: Keel, db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEL_DB", db.path)
    db.close()
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    told = keel("brand", "--firm", "Harbour", "--logo", logo, "--json").data
    assert told == {"firm": "Harbour", "line": "", "logo": "svg", "paper": None}
    assert keel("brand", "--line", "12 Quay").out.splitlines() == ["Harbour", "12 Quay", "Logo: SVG."]
    assert keel("brand", "--no-logo", "--firm", "").out.splitlines() == ["No firm is named.", "12 Quay", "No logo."]
    assert keel("brand", "--paper", "a4").out.splitlines()[-1] == "Paper: A4."
    assert keel("brand", "--paper", "usual", "--json").data["paper"] is None
    logo.write_bytes(b"GIF89a")  # refused before the database is opened
    refused(keel("brand", "--logo", logo), "logo.svg")
    refused(keel("brand", "--logo", logo, "--no-logo"), "--no-logo")
