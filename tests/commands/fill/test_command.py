"""``keel fill``: a draft of a split, from a price file; refusals in a line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.commands.conftest import Keel, framework_json, refused


@pytest.fixture
def stocks(tmp_path: Path) -> Path:
    made = framework_json({"AAA": 0.6, "BBB": 0.4}, constraints=[{"type": "max_single_product", "value": 36}])
    made["buckets"][0]["holdings"] = [{"symbol": "AAA", "share": 0.5}, {"symbol": "CCC", "share": 0.5}]
    made["buckets"][1]["holdings"] = [{"symbol": "BBB", "share": 0.5}, {"symbol": "DDD", "share": 0.5}]
    path = tmp_path / "stocks.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def test_a_bucket_is_split_over_the_products_it_names_inside_its_limits(
    keel: Keel, stocks: Path, prices: Path, rows: list[list[float]]
) -> None:
    asked = ("fill", stocks, "--bucket", "AssetClass/AAA", "--method", "inverse_volatility", "--prices", prices)
    found = keel(*asked, "--json").data
    closes = np.array(rows)[:, [0, 2]]
    calm = 1 / (closes[1:] / closes[:-1] - 1).std(axis=0, ddof=1)
    assert [part["share"] for part in found["parts"]] == pytest.approx((calm / calm.sum()).tolist(), abs=1e-6)
    assert (found["sessions"], found["method"]) == (1000, "inverse_volatility")
    bound = keel(*asked, "--bounds", '{"AAA": [0, "45%"]}', "--products", "AAA,CCC", "--json").data
    assert [part["share"] for part in bound["parts"]] == pytest.approx([0.45, 0.55], abs=1e-6)
    said = keel(*asked).out.replace("\u00a0", " ")
    assert "The framework's limits leave a product 60.0% of the bucket at most." in said


def test_what_cannot_be_filled_is_refused_in_a_line(keel: Keel, stocks: Path, prices: Path) -> None:
    asked = ("fill", stocks, "--prices", prices, "--method")
    refused(keel(*asked, "best", "--bucket", "AssetClass/AAA"), "--method", "equal")
    refused(keel(*asked, "equal", "--bucket", "AssetClass/ZZZ"), "AssetClass/ZZZ", "AssetClass/AAA")
    refused(keel(*asked, "equal", "--bucket", "AssetClass/AAA", "--products", "AAA,ZZZ"), "ZZZ")
    refused(keel(*asked, "equal", "--bucket", "AssetClass/AAA", "--products", "AAA"), "may hold 60.0%")
    refused(keel(*asked, "equal", "--bucket", "AssetClass/AAA", "--bounds", '{"AAA": 1}'), "AAA")
