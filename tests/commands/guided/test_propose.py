"""``keel propose``: a framework with its reasons, from a profile that is stored or written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

ANN = json.dumps({"answers": answered(2), "wishes": {"exclude": ["sector:energy"]}})


def test_a_profile_leads_to_a_framework_that_other_commands_take(keel: Keel, tmp_path: Path) -> None:
    out = tmp_path / "f.json"
    done = keel("propose", ANN, "--products", "--out", out, "--json")
    assert (done.code, done.err, done.data["valid"], done.data["source"]) == (0, "", True, "rules")
    assert {"source", "framework", "reasons", "notes", "valid", "errors", "warnings", "constraints", "changes"} < set(
        done.data
    )
    assert done.data["products"]["picks"]
    assert keel("validate", out, "--json").data["valid"] is True
    assert "AssetClass/Equity: 60% is the most that goes with" in keel("propose", ANN).out


def test_a_stored_profile_is_meant_by_its_id_and_a_framework_is_changed(keel: Keel, tmp_path: Path) -> None:
    saved = keel("profile", "save", json.dumps({"name": "Ann", "answers": answered(2)}), "--json").data["id"]
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps({"name": "Mine", "buckets": [{"path": "AssetClass/Equity", "target_weight": 1}]}))
    done = keel("propose", saved, "--beside", mine, "--json").data
    assert (done["beside"], done["framework"]["name"], done["framework"]["profile_id"]) == ("Mine", "Mine", saved)


def test_what_another_said_is_judged(keel: Keel, tmp_path: Path) -> None:
    said = tmp_path / "said.json"
    said.write_text(json.dumps(pair(0.65)))
    assert keel("propose", ANN, "--said", said, "--json").data["valid"] is False
    said.write_text(json.dumps(pair(rebalancing="now")))
    refused(keel("propose", ANN, "--said", said), "said.json", "rebalancing")


def test_what_is_no_profile_is_refused(keel: Keel, tmp_path: Path) -> None:
    refused(keel("propose", "profile_nothing"), "profile_nothing")
    refused(keel("propose", '{"answers": {}}'), "horizon")
    refused(keel("propose", tmp_path / "no.json"), "no.json")
    refused(keel("propose", ANN, "--out", tmp_path / "f.txt"), "--out")


def test_a_model_that_does_not_answer_gives_way_and_it_is_said(keel: Keel, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(keel("propose", ANN, "--by", "model"), "No model is set up")
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    done = keel("propose", ANN, "--by", "model", "--json").data
    assert (done["source"], done["fallback"]) == (
        "rules",
        "pydantic-ai is not installed, which asks a model. The rules propose instead.",
    )
