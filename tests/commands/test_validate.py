"""``keel validate``, and what any command says about a framework file that cannot be used."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.commands.conftest import TARGETS, Keel, framework_json, refused

CSV = "path,label,target_weight,min_weight,max_weight,band,rules,holdings\n"


def write(folder: Path, data: Any, name: str = "f.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_a_valid_framework(keel: Keel, framework: Path) -> None:
    done = keel("validate", framework, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.data["valid"] is True
    assert done.data["errors"] == []
    assert set(done.data) == {"valid", "errors", "warnings", "constraints"}


def test_limits_come_with_how_the_targets_meet_them(keel: Keel, tmp_path: Path) -> None:
    limits = [{"type": "max_asset_class", "value": 70}, {"type": "min_bonds", "value": 50}]
    path = write(tmp_path, framework_json({"Equity": 0.6, "Bonds": 0.4}, constraints=limits))
    met, broken = keel("validate", path, "--json").data["constraints"]
    assert (met["type"], met["status"], met["observed"], met["limit"]) == ("max_asset_class", "pass", 0.6, 0.7)
    assert (broken["status"], broken["observed"], broken["message"]) == (
        "fail",
        0.4,
        "Bonds must be at least 50.0%; now 40.0%.",
    )
    assert "limit broken: Bonds must be at least 50.0%; now 40.0%." in keel("validate", path).out


def test_weights_of_99_percent_are_invalid_but_readable(keel: Keel, tmp_path: Path) -> None:
    path = write(tmp_path, framework_json({"AAA": 0.60, "BBB": 0.39}))
    done = keel("validate", path, "--json")
    assert (done.code, done.err) == (1, "")
    assert done.data["valid"] is False
    assert set(done.data["errors"][0]) == {"code", "subject", "message", "fix"}
    shown = keel("validate", path)
    assert (shown.code, "not valid" in shown.out) == (1, True)


def test_an_invalid_framework_in_another_command_is_refused(keel: Keel, tmp_path: Path, prices: Path) -> None:
    path = write(tmp_path, framework_json({"AAA": 0.60, "BBB": 0.39}))
    refused(keel("backtest", "--framework", path, "--prices", prices, "--policy", "annual", "--json"), "f.json")
    refused(keel("map", path, "--json"), "f.json")


def test_all_issues_come_at_once(keel: Keel, tmp_path: Path) -> None:
    given = framework_json({"AAA": 0.5, "BBB": 0.3}, base_ccy="XXQ")
    given["buckets"][0] |= {"min_weight": 0.6, "max_weight": 0.4}
    given["buckets"][1]["holdings"] = [{"symbol": "BBB", "share": 0.7}]
    data = keel("validate", write(tmp_path, given), "--json").data
    assert len(data["errors"]) >= 4
    assert len({issue["code"] for issue in data["errors"]}) >= 4


def test_a_csv_tree_is_read(keel: Keel, tmp_path: Path) -> None:
    text = CSV + "AssetClass/Equity,Equity,60%,,,,,VTI:0.6;VXUS:0.4\nAssetClass/Bonds,Bonds,0.4,,,,,\n"
    assert keel("validate", write(tmp_path, text, "f.csv"), "--json").data["valid"] is True


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_bom_and_utf16_are_simply_read(keel: Keel, tmp_path: Path, encoding: str, kind: str) -> None:
    text = json.dumps(framework_json(TARGETS)) if kind == "json" else CSV + "AssetClass/Équité,Équité,1,,,,,\n"
    path = tmp_path / f"f.{kind}"
    path.write_bytes(text.encode(encoding))
    assert keel("validate", path, "--json").data["valid"] is True


def test_text_in_a_weight_names_row_and_column(keel: Keel, tmp_path: Path) -> None:
    text = CSV + "AssetClass/Equity,Equity,60%,,,,,\nAssetClass/Bonds,Bonds,forty,,,,,\n"
    refused(keel("validate", write(tmp_path, text, "f.csv"), "--json"), "f.csv", "3", "target_weight")


def test_text_in_a_json_weight_names_the_field(keel: Keel, tmp_path: Path) -> None:
    given = framework_json(TARGETS)
    given["buckets"][2]["target_weight"] = "much"
    refused(keel("validate", write(tmp_path, given), "--json"), "f.json", "target_weight")


UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t\n",
    "cut_off": b'{"keel": 1, "buckets": [',
    "not_an_object": b"[1, 2]",
    "a_number": b"42",
    "null": b"null",
    "binary": bytes(range(256)) * 50,
    "zeros": b"\0" * 5000,
    "png": b"\x89PNG\r\n\x1a\n" + os.urandom(500),
    "deep_list": b"[" * 100_000,
    "deep_object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep_inside": b'{"keel": 1, "buckets": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nan": b'{"keel": 1, "buckets": [{"path": "A/B", "label": "B", "target_weight": NaN}]}',
    "infinity": b'{"keel": 1, "buckets": [{"path": "A/B", "label": "B", "target_weight": -Infinity}]}',
    "huge_number": b'{"keel": 1, "buckets": [{"path": "A/B", "label": "B", "target_weight": ' + b"9" * 6000 + b"}]}",
    "buckets_is_text": b'{"keel": 1, "buckets": "all"}',
    "bucket_is_a_number": b'{"keel": 1, "buckets": [7]}',
    "newer": b'{"keel": 99, "buckets": []}',
    "half_utf16": b"\xff\xfe{\x00\xd8",
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_file_that_cannot_be_read_is_refused(keel: Keel, tmp_path: Path, name: str, ending: str) -> None:
    path = tmp_path / f"{name}.{ending}"
    path.write_bytes(UNREADABLE[name])
    refused(keel("validate", path, "--json"), path.name)


def test_a_file_of_50_mb_is_refused_unread(keel: Keel, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    refused(keel("validate", path, "--json"), "large.json", "MB")


def test_a_missing_file_a_folder_and_a_locked_file(keel: Keel, tmp_path: Path) -> None:
    refused(keel("validate", tmp_path / "none.json"), "none.json")
    refused(keel("validate", tmp_path), tmp_path.name)
    refused(keel("validate", ""), "no name")
    locked = write(tmp_path, "{}", "locked.json")
    locked.chmod(0)
    if not os.access(locked, os.R_OK):
        refused(keel("validate", locked), "locked.json")


def test_a_name_full_of_control_characters_stays_on_one_line(keel: Keel, tmp_path: Path) -> None:
    path = tmp_path / "a\nb\x1b[31m.json"
    path.write_text("{", encoding="utf-8")
    done = keel("validate", path)
    assert (done.code, done.err.count("\n"), "\x1b" in done.err) == (2, 1, False)
