"""``keel profile``: kept in versions, shown and listed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Keel, refused
from tests.domain.profile.answered import answered

ANN = {"name": "Ann", "answers": answered(2), "wishes": {"exclude": ["sector:energy"]}}


def test_a_profile_is_saved_shown_listed_and_answered_again(keel: Keel, tmp_path: Path) -> None:
    saved = keel("profile", "save", json.dumps(ANN), "--json").data
    assert (saved["name"], saved["version"], saved["risk_band"]) == ("Ann", 1, "medium")
    assert saved["templates"] == ["balanced", "core_satellite"]
    assert saved["wishes"] == {"goal": "growth", "exclude": ["sector:energy"], "prefer": []}
    assert keel("profile", "show", saved["id"], "--json").data == saved
    file = tmp_path / "ann.json"
    file.write_text(json.dumps({**ANN, "answers": answered(0)}), encoding="utf-8")
    again = keel("profile", "save", file, "--id", saved["id"], "--json").data
    assert (again["id"], again["version"], again["risk_band"]) == (saved["id"], 2, "low")
    assert keel("profile", "list", "--json").data == [again]
    assert keel("profile", "show", saved["id"], "--version", "1", "--json").data == saved
    said = keel("profile", "show", saved["id"]).out
    assert "Low risk: ability 0 of 9 points" in said
    assert "Fits: Conservative" in said
    assert "version 2" in keel("profile", "list").out


def test_a_profile_is_archived_and_restored(keel: Keel) -> None:
    saved = keel("profile", "save", json.dumps(ANN), "--json").data
    assert keel("profile", "archive", saved["id"]).out == f"Archived {saved['id']}.\n"
    assert keel("profile", "list", "--json").data == []
    assert keel("profile", "list", "--archived", "--json").data == [saved]
    assert keel("profile", "restore", saved["id"], "--json").data == saved
    refused(keel("profile", "archive", "profile_nothing"), "profile_nothing")


def test_a_profile_is_renamed_and_copied(keel: Keel) -> None:
    saved = keel("profile", "save", json.dumps(ANN), "--json").data
    renamed = keel("profile", "rename", saved["id"], "Anna", "--json").data
    assert (renamed["id"], renamed["name"], renamed["version"]) == (saved["id"], "Anna", 2)
    copy = keel("profile", "copy", saved["id"], "--json").data
    assert (copy["name"], copy["version"], copy["answers"]) == ("Anna copy", 1, saved["answers"])
    assert keel("profile", "list", "--json").data == [copy, renamed]
    refused(keel("profile", "rename", saved["id"], " "), "A name is needed")
    refused(keel("profile", "copy", "profile_nothing"), "profile_nothing")


def test_what_is_no_profile_is_refused(keel: Keel) -> None:
    refused(keel("profile", "save", '{"name": "Ann"}'), "answers.horizon", "missing")
    refused(keel("profile", "save", json.dumps({**ANN, "name": ""})), "name")
    refused(keel("profile", "show", "profile_nothing"), "profile_nothing")
    assert keel("profile", "list").out == "There are none yet.\n"


def test_the_questions_are_listed_with_the_ids_of_their_answers(keel: Keel) -> None:
    assert keel("profile", "questions", "--json").data[0]["answers"][0]["id"] == "within_3_years"
    assert "within_3_years    Within 3 years" in keel("profile", "questions").out
