"""``keel brand``: shown, changed by what is given, and refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.domain.test_brand import SVG


def test_who_hands_over_is_kept_and_shown(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    assert keel("brand", "--json").data == {"firm": "", "line": "", "logo": None}
    told = keel("brand", "--firm", "Harbour", "--logo", logo, "--json").data
    assert told == {"firm": "Harbour", "line": "", "logo": "svg"}
    assert keel("brand", "--line", "12 Quay").out.splitlines() == ["Harbour", "12 Quay", "Logo: SVG."]
    assert keel("brand", "--no-logo", "--firm", "").out.splitlines() == ["No firm is named.", "12 Quay", "No logo."]
    logo.write_bytes(b"GIF89a")
    refused(keel("brand", "--logo", logo), "logo.svg")
    refused(keel("brand", "--logo", logo, "--no-logo"), "--no-logo")
