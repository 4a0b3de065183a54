"""``keel xray`` on a file of holdings and on a framework alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, framework_json, refused


def test_holdings_are_seen_through_their_products(keel: Keel, tmp_path: Path) -> None:
    given = framework_json({"Equity": 0.6, "Bonds": 0.4}, constraints=[{"type": "min_bonds", "value": 30}])
    given["buckets"][0]["holdings"] = [{"symbol": "VTI", "share": 1.0}]
    given["buckets"][1]["holdings"] = [{"symbol": "BND", "share": 1.0}]
    framework, holdings = tmp_path / "f.json", tmp_path / "h.csv"
    framework.write_text(json.dumps(given), encoding="utf-8")
    holdings.write_text("symbol,quantity,price\nVTI,8,100\nBND,2,100\n", encoding="utf-8")
    data = keel("xray", "--framework", framework, "--holdings", holdings, "--json").data
    classes = {s["label"]: (s["target"], s["held"]) for s in data["dimensions"][0]["slices"]}
    assert classes == {"Shares": pytest.approx((0.6, 0.8)), "Bonds": pytest.approx((0.4, 0.2))}
    assert [(v["type"], v["status"]) for v in data["constraints"]] == [("min_bonds", "fail")]
    shown = keel("xray", "--framework", framework).out
    assert "Asset class" in shown
    assert "limit met: Bonds must be at least 30.0%; now 40.0%." in shown


def test_what_is_asked_for_must_be_one_thing(keel: Keel, tmp_path: Path) -> None:
    refused(keel("xray"), "--portfolio")
    refused(keel("xray", "--portfolio", "p", "--framework", "f.json"), "--portfolio")
    refused(keel("xray", "--portfolio", "none"), "none")
