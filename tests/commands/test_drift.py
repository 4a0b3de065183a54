"""``keel drift``: live holdings against targets, checked by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, framework_json, refused, write_prices

TARGETS = {"AAA": 0.6, "BBB": 0.4}
POLICY = "five_twenty_five"


@pytest.fixture
def files(tmp_path: Path) -> tuple[object, ...]:
    """60/40 at 10 and 20 a unit on the last day, Friday 12 Jan 2024."""
    (tmp_path / "f.json").write_text(json.dumps(framework_json(TARGETS)), encoding="utf-8")
    days = [date(2024, 1, 10), date(2024, 1, 11), date(2024, 1, 12)]
    write_prices(tmp_path / "p.csv", days, [[5.0, 20.0], [8.0, 20.0], [10.0, 20.0]], ("AAA", "BBB"))
    (tmp_path / "h.csv").write_text("symbol,quantity\nAAA,70\nBBB,15\n", encoding="utf-8")
    return (
        "drift",
        "--framework",
        tmp_path / "f.json",
        "--holdings",
        tmp_path / "h.csv",
        "--prices",
        tmp_path / "p.csv",
    )


def hold(folder: Path, text: str) -> Path:
    path = folder / "h.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_report_by_hand(keel: Keel, files: tuple[object, ...]) -> None:
    data = keel(*files, "--policy", POLICY, "--json").data
    first, second = data["buckets"]
    assert (first["path"], first["label"], first["status"]) == ("AssetClass/AAA", "AAA", "over")
    assert [first[k] for k in ("actual", "target", "drift", "band")] == pytest.approx([0.7, 0.6, 0.1, 0.05])
    assert first["relative_drift"] == pytest.approx(1 / 6)
    assert second["status"] == "under"
    assert (data["as_of"], data["next_check"], data["last_rebalance"]) == ("2024-01-12", "2024-01-16", None)
    assert (data["total_drift"], data["max_drift"]) == pytest.approx((0.1, 0.1))
    assert data["rebalance_needed"] is True
    assert [h["symbol"] for h in data["holdings"]] == ["AAA", "BBB"]
    assert [b["value_to_trade"] for b in data["buckets"]] == pytest.approx([-100.0, 100.0])


def test_an_earlier_date_uses_its_prices(keel: Keel, files: tuple[object, ...]) -> None:
    data = keel(*files, "--policy", POLICY, "--as-of", "2024-01-10", "--json").data
    assert data["buckets"][0]["actual"] == pytest.approx(350 / 650)
    assert data["as_of"] == "2024-01-10"


def test_a_price_in_the_holdings_wins(keel: Keel, files: tuple[object, ...], tmp_path: Path) -> None:
    hold(tmp_path, "symbol,quantity,price\nAAA,60,\nBBB,15,26.666666666666668\n")
    data = keel(*files, "--policy", POLICY, "--json").data
    assert data["buckets"][0]["actual"] == pytest.approx(0.6)
    assert data["rebalance_needed"] is False


def test_frozen_excluded_cash_and_strangers(keel: Keel, files: tuple[object, ...], tmp_path: Path) -> None:
    hold(tmp_path, "symbol,quantity,role,price\nAAA,60,frozen,\nBBB,20,,\nBBB,5,excluded,\nCASH,50,,\nZZZ,1,,40\n")
    data = keel(*files, "--policy", POLICY, "--json").data
    by_label = {row["label"]: row for row in data["buckets"]}
    assert by_label["AAA"]["status"] == "frozen"
    value = 600 + 400 + 50 + 40
    assert data["value"] == pytest.approx(value)
    assert data["excluded"] == pytest.approx(100)
    assert sum(row["actual"] for row in data["buckets"]) == pytest.approx(1)
    assert any(row["status"] == "not_targeted" for row in data["buckets"])
    text = keel(*files, "--policy", POLICY).out
    assert "Excluded" in text


def test_a_holding_without_a_price_is_shown(keel: Keel, files: tuple[object, ...], tmp_path: Path) -> None:
    hold(tmp_path, "symbol,quantity\nAAA,60\nBBB,20\nQQQ,3\n")
    done = keel(*files, "--policy", POLICY, "--json")
    assert done.code == 0
    assert "QQQ" in done.out


def test_the_text_is_a_table_and_a_verdict(keel: Keel, files: tuple[object, ...]) -> None:
    text = keel(*files, "--policy", POLICY).out
    for word in ("$1,000", "70.0%", "+10.0", "±5.0", "over", "−$100", "A rebalance is needed.", "16 Jan 2024"):
        assert word in text, word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["h.csv", "empty"]),
        ("symbol\nAAA\n", ["h.csv", "quantity"]),
        ("symbol,quantity\nAAA,many\n", ["h.csv", "2", "quantity"]),
        ("symbol,quantity\nAAA,-1\n", ["h.csv", "2", "quantity"]),
        ("symbol,quantity\nAAA,0\n", ["h.csv", "worth nothing"]),
        ("symbol,quantity\nXXX,5\n", ["h.csv", "worth nothing", "XXX"]),
        ("symbol,quantity,role\nAAA,1,stuck\n", ["h.csv", "2", "role"]),
        ("symbol,quantity\nAAA,nan\n", ["h.csv", "2", "quantity"]),
    ],
)
def test_holdings_that_cannot_be_used(
    keel: Keel, files: tuple[object, ...], tmp_path: Path, text: str, words: list[str]
) -> None:
    hold(tmp_path, text)
    refused(keel(*files, "--json"), *words)


def test_a_date_before_all_prices(keel: Keel, files: tuple[object, ...]) -> None:
    refused(keel(*files, "--as-of", "2020-01-01"), "p.csv", "2020-01-01")


def test_a_leaf_that_nothing_can_price_is_refused(keel: Keel, files: tuple[object, ...], tmp_path: Path) -> None:
    given = framework_json({"AAA": 0.6, "Gold": 0.4})
    given["buckets"][1].pop("holdings")
    (tmp_path / "f.json").write_text(json.dumps(given), encoding="utf-8")
    hold(tmp_path, "symbol,quantity\nAAA,1\nCASH,100\n")
    refused(keel(*files), "Gold", "p.csv")


def test_what_is_held_is_judged_by_the_limits_and_by_the_bounds_of_buckets(
    keel: Keel, files: tuple[object, ...], tmp_path: Path
) -> None:
    given = framework_json(TARGETS, constraints=[{"type": "max_single_product", "value": 650, "unit": "dollars"}])
    given["buckets"][0]["max_weight"] = 0.65
    (tmp_path / "f.json").write_text(json.dumps(given), encoding="utf-8")
    product, bucket = keel(*files, "--policy", POLICY, "--json").data["constraints"]
    assert (product["status"], product["offenders"]) == ("fail", ["AAA"])
    assert (product["observed"], product["limit"]) == pytest.approx((0.7, 0.65))
    assert (bucket["type"], bucket["scope"], bucket["status"]) == ("max_weight", "AssetClass/AAA", "fail")
    assert "limit broken: Weight in AAA must be at most 65.0%; now 70.0%" in keel(*files, "--policy", POLICY).out


def test_the_chance_of_a_breach_stands_beside_each_bucket(
    keel: Keel, files: tuple[object, ...], tmp_path: Path
) -> None:
    hold(tmp_path, "symbol,quantity\nAAA,60\nBBB,20\n")
    days = [date(2023, 1, 2) + timedelta(days=n) for n in range(60)]
    write_prices(tmp_path / "p.csv", days, [[10.0, 20.0] if n % 2 else [14.0, 20.0] for n in range(60)], ("AAA", "BBB"))
    data = keel(*files, "--policy", POLICY, "--json").data
    assert data["buckets"][0]["breach_chance"]["21"] > 0.9
    assert data["forecast"]["returns"] == 59
    assert any("252 sessions" in note for note in data["forecast"]["notes"])
    assert "resampled histories" in keel(*files, "--policy", POLICY).out


def test_without_a_history_the_chance_is_null_and_says_why(keel: Keel, files: tuple[object, ...]) -> None:
    data = keel(*files, "--policy", "never", "--json").data
    assert [bucket["breach_chance"]["21"] for bucket in data["buckets"]] == [1.0, 1.0]  # 70/30 is out of 5/25 already
    assert "too short a history" in data["forecast"]["notes"][0]
