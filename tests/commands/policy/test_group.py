"""``keel policy``: policies kept, listed, assigned to a stored framework and deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

import keel as library
from keel.services import example
from keel.store.connection import Database


def test_a_policy_is_kept_assigned_and_deleted(
    keel: Keel, sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sample_file, tmp_path / "keel.duckdb")
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    db = Database.open(tmp_path / "keel.duckdb")
    example.open_client(db)
    db.close()
    saved = keel("policy", "save", "Ours", '{"trigger": "calendar", "look": "quarterly"}', "--json").data
    assert (saved["name"], saved["policy"]["look"]) == ("Ours", "quarterly")
    assert library.save_policy("Ours", "annual")["id"] == saved["id"]
    assert [one["policy"]["look"] for one in library.list_policies()] == ["annual"]
    assert keel("policy", "list").out.startswith("Ours")
    done = keel("policy", "assign", "ours", example.CLIENT_FRAMEWORK_ID, "--json").data
    assert (done["framework_id"], done["framework_version"], done["policy"]["look"]) == (
        example.CLIENT_FRAMEWORK_ID,
        2,
        "annual",
    )
    again = library.assign_policy("Ours", example.CLIENT_FRAMEWORK_ID)
    assert (again.version, again.rebalancing.look) == (2, "annual")
    assert "version 3" in keel("policy", "assign", "never", example.CLIENT_FRAMEWORK_ID).out
    assert keel("policy", "delete", "Ours").out == "Ours is deleted.\n"
    refused(keel("policy", "delete", "Ours"), "There is no policy Ours", "none yet")
    refused(keel("policy", "assign", "annual", "fw_none"), "fw_none")
