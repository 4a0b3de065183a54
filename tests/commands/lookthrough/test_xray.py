"""``keel xray`` on a file of holdings and on a framework alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, framework_json, refused

import keel as notebook
from keel import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules


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


def test_a_notebook_sees_what_the_command_line_does(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("symbol,dimension,member,weight\nVT,region,US,60%\nVT,region,Japan,30%\n", encoding="utf-8")
    assert notebook.import_exposures(path)["symbols"] == ["VT"]
    shares = Rules(include_tags=("asset_class:equity", "region:us"))
    one = Framework("One", (Bucket("A/US", "US", 1.0, rules=shares, holdings=(Holding("VT", 1.0),)),))
    frame = notebook.xray(one).set_index(["dimension", "label"])
    assert frame.loc[("region", "US")].tolist() == [1.0, 0.6]
    assert frame.loc[("region", "International"), "held"] == 0.3
    assert frame.groupby("dimension")["held"].sum().tolist() == pytest.approx([1.0] * 5)
