"""``keel map`` on the embedded universe and on one of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.commands.conftest import Keel, refused


def tree(**rules: Any) -> dict[str, Any]:
    return {
        "keel": 1,
        "name": "Two",
        "buckets": [
            {"path": "AssetClass/Equity", "label": "Equity", "target_weight": 0.6, "rules": rules},
            {"path": "AssetClass/Bonds", "label": "Bonds", "target_weight": 0.4},
        ],
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "f.json"
    file.write_text(json.dumps(tree()), encoding="utf-8")
    return file


def test_every_bucket_gets_up_to_five_scored_products(keel: Keel, path: Path) -> None:
    data = keel("map", path, "--json").data
    assert [bucket["path"] for bucket in data["buckets"]] == ["AssetClass/Equity", "AssetClass/Bonds"]
    for bucket in data["buckets"]:
        assert set(bucket) >= {"path", "considered", "rejected", "unknown", "suggestions", "gaps"}
        assert 1 <= len(bucket["suggestions"]) <= 5
        for found in bucket["suggestions"]:
            assert set(found) >= {"symbol", "score", "parts", "health"}
            assert 0 <= found["score"] <= 1
            assert all(part is None or 0 <= part <= 1 for part in found["parts"].values())
            assert all(line["passed"] for line in found["rules"])


def test_filters_narrow_and_may_leave_a_gap(keel: Keel, path: Path, tmp_path: Path) -> None:
    filters = '{"max_expense_ratio": 0.0004}'
    cheap = keel("map", path, "--filters", filters, "--json").data
    assert cheap["buckets"][0]["rejected"]["max_expense_ratio"] > 0
    none = keel("map", path, "--filters", '{"min_history_years": 200}', "--json").data
    assert none["buckets"][0]["suggestions"] == []
    assert none["buckets"][0]["gaps"]
    file = tmp_path / "filters.json"
    file.write_text(filters, encoding="utf-8")
    assert keel("map", path, "--filters", file, "--json").data == cheap


def test_weights_say_what_counts_in_the_score(keel: Keel, path: Path) -> None:
    data = keel("map", path, "--weights", '{"history": 1}', "--json").data
    assert data["score_weights"] == {"cost": 0, "liquidity": 0, "history": 1, "fit": 0, "size": 0}
    for bucket in data["buckets"]:
        assert all(s["score"] == (s["parts"]["history"] or 0) for s in bucket["suggestions"])
    refused(keel("map", path, "--weights", '{"price": 1}'), "no part of a score")


def test_a_near_miss_says_the_limit_that_would_admit_it(keel: Keel, tmp_path: Path) -> None:
    file, own = tmp_path / "f.json", tmp_path / "u.csv"
    file.write_text(json.dumps(tree(min_adv_usd=5e6)), encoding="utf-8")
    own.write_text("symbol,type,asset_class,region,adv_usd\nMINE,ETF,Equity,Global,4137211\n", encoding="utf-8")
    miss = keel("map", file, "--universe", own, "--json").data["buckets"][0]["near_misses"][0]
    assert miss == {"symbol": "MINE", "rule": "min_adv_usd", "seen": "$4 million", "limit": 4.1e6}
    assert "near: MINE at min_adv_usd 4.1 M" in keel("map", file, "--universe", own).out


def test_a_named_product_that_is_not_known_is_a_gap_and_one_outside_the_rules_is_kept(
    keel: Keel, tmp_path: Path
) -> None:
    given, file = tree(), tmp_path / "f.json"
    for bucket, symbol in zip(given["buckets"], ("VWCE", "SPY"), strict=True):
        bucket["holdings"] = [{"symbol": symbol, "share": 1}]
    given["buckets"][1]["rules"] = {"include_tags": ["asset_class:bonds"]}
    given["constraints"] = [{"type": "min_bonds", "value": 30}]
    file.write_text(json.dumps(given), encoding="utf-8")
    data = keel("map", file, "--json").data
    assert [gap["code"] for gap in data["buckets"][0]["gaps"]] == ["unknown_product"]
    assert [w["code"] for w in data["warnings"]] == ["outside_rules"]
    assert data["constraints"][0]["status"] == "fail"
    assert '"VWCE" is not known here. Nothing takes its place' in keel("map", file).out


def test_a_universe_of_ones_own(keel: Keel, path: Path, tmp_path: Path) -> None:
    own = tmp_path / "u.csv"
    own.write_text("symbol,name,type,asset_class,currency\nMINE,Mine,ETF,Equity,USD\n", encoding="utf-8")
    data = keel("map", path, "--universe", own, "--json").data
    assert [s["symbol"] for s in data["buckets"][0]["suggestions"]] == ["MINE"]
    assert data["buckets"][0]["considered"] == 1
    assert data["buckets"][1]["suggestions"] == []


def test_the_text_names_products_and_gaps(keel: Keel, path: Path) -> None:
    text = keel("map", path).out
    assert "Equity" in text
    assert "60.0%" in text
    assert "considered" in text
    gaps = keel("map", path, "--filters", '{"min_history_years": 200}').out
    assert "gap:" in gaps


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--filters", "{"], ["--filters", "JSON"]),
        (["--filters", '{"max_cost": 1}'], ["--filters", "max_cost"]),
        (["--filters", '{"max_expense_ratio": "low"}'], ["--filters", "max_expense_ratio"]),
        (["--filters", "[1]"], ["--filters"]),
        (["--filters", "none.json"], ["none.json"]),
        (["--universe", "none.csv"], ["none.csv"]),
    ],
)
def test_what_cannot_be_used(keel: Keel, path: Path, options: list[str], words: list[str]) -> None:
    refused(keel("map", path, *options), *words)


def test_a_universe_may_be_a_spreadsheet(keel: Keel, path: Path, tmp_path: Path) -> None:
    own = tmp_path / "u.xlsx"
    pd.DataFrame({"Symbol": ["MINE"], "Asset class": ["Equity"], "Region": ["US"]}).to_excel(own, index=False)
    assert keel("map", path, "--universe", own, "--json").data["buckets"][0]["considered"] == 1


def test_a_universe_that_cannot_be_read(keel: Keel, path: Path, tmp_path: Path) -> None:
    own = tmp_path / "u.csv"
    own.write_text("symbol,expense_ratio\nAAA,cheap\n", encoding="utf-8")
    refused(keel("map", path, "--universe", own), "u.csv", "2", "expense_ratio")
    own.write_text("name\nAAA\n", encoding="utf-8")
    refused(keel("map", path, "--universe", own), "u.csv", "symbol")
