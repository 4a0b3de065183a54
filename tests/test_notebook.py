"""Keel from Python: frames and files in, results and frames out."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from tests.commands.conftest import TARGETS, framework_json, walk, weekdays, write_prices
from tests.sources.yahoo.stand_in import Listing, Yahoo

import keel
from keel.domain.study.question import Question
from keel.services import example, study
from keel.store.connection import Database


@pytest.fixture
def framework(tmp_path: Path) -> keel.Framework:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(framework_json(TARGETS)), encoding="utf-8")
    return keel.read_framework(path)


def test_wrong_input_raises_our_errors(framework: keel.Framework, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(framework_json({"AAA": 0.5})), encoding="utf-8")
    with pytest.raises(keel.KeelError, match="50"):
        keel.read_framework(tmp_path / "bad.json")
    with pytest.raises(keel.KeelError, match="anual"):
        keel.backtest_policies(framework, pd.DataFrame(), "anual")


def test_public_prices_are_fetched_and_listed(
    yahoo: Yahoo, sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sample_file, tmp_path / "keel.duckdb")
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    days = weekdays(date(2024, 1, 2), 6)
    yahoo.listings["SPY"] = Listing(days, [100.0 + n for n in range(6)])
    assert keel.refresh_prices("SPY") == {"fetched": ["SPY"], "unchanged": [], "restated": [], "failed": []}
    assert keel.refresh_prices(["SPY"])["unchanged"] == ["SPY"]
    status = keel.price_status()
    (series,) = status[status["dataset"] == "public"].to_dict("records")
    assert (series["symbol"], series["rows"], series["first"]) == ("SPY", 6, pd.Timestamp(days[0]))
    assert "short_history" in series["findings"]


def test_a_blend_stands_beside_the_policies_and_is_kept_under_its_name(
    framework: keel.Framework, tmp_path: Path
) -> None:
    path = write_prices(tmp_path / "p.csv", weekdays(date(2015, 1, 5), 400), walk(2, 400))
    blend = {"name": "Half", "parts": {"AAA": 0.5, "BBB": "50%"}, "look": "monthly"}
    own, beside = keel.backtest_policies(framework, path, "annual", benchmark=blend)
    assert len(keel.risk_of(own, path)["buckets"]) == len(TARGETS)  # type: ignore[arg-type]
    assert (beside.name, len(beside.events) > 10, beside.metrics["cost_drag"]) == ("Half", True, 0.0)
    assert own.metrics == keel.backtest_policies(framework, path, "annual")[0].metrics
    saved = keel.save_benchmark("60/40", {"SPY": 0.6, "BND": "40%"})
    assert keel.list_benchmarks() == [saved]
    keel.delete_benchmark("60/40")
    assert keel.list_benchmarks() == []


def test_a_bucket_is_filled_from_a_frame(tmp_path: Path) -> None:
    path = write_prices(tmp_path / "p.csv", weekdays(date(2015, 1, 5), 60), walk(2, 60))
    found = keel.fill_bucket(path, "equal", {"AAA": [0, 0.25]}, symbols=["AAA", "BBB"])
    assert [part["share"] for part in found["parts"]] == pytest.approx([0.25, 0.75])  # type: ignore[attr-defined]
    with pytest.raises(keel.KeelError, match="must be one of equal"):
        keel.fill_bucket(path, "best")


def test_products_are_suggested_from_the_store(
    sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sample_file, tmp_path / "keel.duckdb")
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    made = keel.Framework("One", (keel.Bucket("AssetClass/Equity", "Equity", 1.0),))
    cheap = keel.map_products(made, {"max_expense_ratio": 0.001}, {"cost": 1})
    assert list(cheap["score"]) == list(cheap["cost"])
    assert cheap["usable"].all()
    with pytest.raises(keel.KeelError, match="no part of a score"):
        keel.map_products(made, weights={"price": 1})


def test_a_run_is_handed_over_and_computed_again(db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = study.run_backtest(db, Question(example.open_example(db).id, {"Yearly": keel.PRESETS["annual"]}))
    monkeypatch.setenv("KEEL_DB", db.path)
    db.close()
    made = keel.client_pack(done.run_id, tmp_path / "a.keel.zip", made=date(2026, 11, 21))
    assert keel.replay(made)["same"] is True
    assert keel.client_pack(done.run_id, tmp_path / "a.pdf", "The Okafors").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_a_framework_is_written_and_read_again(framework: keel.Framework, tmp_path: Path, kind: str) -> None:
    path = keel.write_framework(framework, tmp_path / f"{framework.name}.{kind}")
    assert keel.read_framework(path).buckets == framework.buckets
    with pytest.raises(keel.KeelError, match="no framework file"):
        keel.write_framework(framework, tmp_path / "framework.pdf")
