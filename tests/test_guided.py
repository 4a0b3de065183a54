"""Profiles and runs from Python."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

import keel
from keel.domain.workflow import run as runs
from keel.notebook import stored
from keel.store.guided import workflow_runs


def test_a_profile_is_kept_and_read(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keel.duckdb").write_bytes(sample_file.read_bytes())
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    saved = keel.save_profile({"name": "Ann", "answers": answered(9)})
    assert (saved["risk_band"], saved["version"]) == ("high", 1)
    again = keel.save_profile({"name": "Ann", "answers": answered(0)}, str(saved["id"]))
    assert keel.profiles() == [again]
    assert keel.get_profile(str(saved["id"]), 1) == saved
    assert keel.archive_profile(str(saved["id"])) == []
    assert (keel.profiles(), keel.profiles(archived=True)) == ([], [again])
    assert keel.restore_profile(str(saved["id"])) == again
    keel.rename("profile", str(saved["id"]), "Anna")
    assert keel.get_profile(keel.duplicate("profile", str(saved["id"])))["name"] == "Anna copy"


def test_a_framework_is_proposed_for_a_profile(
    sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keel.duckdb").write_bytes(sample_file.read_bytes())
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    given = {"name": "Ann", "answers": answered(2)}
    by_rules = keel.propose(given, products=True)
    assert (by_rules["source"], by_rules["valid"], by_rules["beside"]) == ("rules", True, "Balanced")
    judged = keel.propose(str(keel.save_profile(given)["id"]), said=pair(0.65))
    assert (judged["source"], judged["valid"]) == ("another generator", False)


def test_a_run_is_begun_and_gone_on_with(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keel.duckdb").write_bytes(sample_file.read_bytes())
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    begun = keel.run_workflow("portfolio_creation", {"framework": {"template": "growth"}}, entry="framework")
    done = keel.resume_workflow(begun["id"], {"portfolio": {"name": "Mine"}})
    assert (begun["next"], done["status"]) == ("portfolio", "done")
    taken = keel.run_workflow("portfolio_creation", {"framework": {"template": "growth"}}, entry="framework", take=True)
    assert (taken["status"], taken["steps"][4]["by"]) == ("done", {"name": "rules"})
    waits = keel.run_workflow("portfolio_creation")
    assert [one["by"] for one in keel.put_questions(waits["id"])["questions"]] == ["", "", "rules", "rules"]
    assert done in keel.workflow_runs()
    again = keel.repeat_step(begun["id"], "portfolio", {"portfolio": {"name": "Mine too"}})
    assert (again["status"], again["steps"][4]["earlier"]) == ("done", [done["steps"][4]["outputs"]])
    with stored() as db:  # as a process that ended in a step leaves it
        workflow_runs.change(db, waits["id"], lambda run: runs.start(run, "profile", {}, datetime.now(UTC)))
    assert keel.cancel_workflow(waits["id"])["status"] == "cancelled"
