"""``keel benchmark``: blends kept, listed and deleted; ``keel backtest --benchmark`` takes one as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Keel, refused


def test_a_blend_is_saved_listed_and_deleted(keel: Keel) -> None:
    saved = keel("benchmark", "save", "60/40", "SPY:60%, BND:40%", "--look", "quarterly", "--json").data
    assert {**saved, "id": ""} == {
        "id": "",
        "name": "60/40",
        "parts": {"SPY": 0.6, "BND": 0.4},
        "look": "quarterly",
    }
    assert keel("benchmark", "list", "--json").data == [saved]
    assert "60/40  60% SPY, 40% BND, rebalanced quarterly" in keel("benchmark", "list").out.replace("\u00a0", " ")
    assert keel("benchmark", "delete", "60/40").out == "60/40 is deleted.\n"
    refused(keel("benchmark", "delete", "60/40"), "60/40", "none yet")
    refused(keel("benchmark", "save", "X", "SPY:60%"), "parts", "60.0%")


def test_a_backtest_takes_a_blend_beside_it(keel: Keel, framework: Path, prices: Path) -> None:
    blend = json.dumps({"parts": {"AAA": 0.5, "BBB": "50%"}, "look": "never"})
    done = keel("backtest", "--framework", framework, "--prices", prices, "--benchmark", blend, "--json").data
    beside = done["benchmark"]
    assert (beside["symbol"], beside["blend"]["parts"], beside["events"]) == ("Benchmark", {"AAA": 0.5, "BBB": 0.5}, [])
    single = [
        keel("backtest", "--framework", framework, "--prices", prices, "--benchmark", symbol, "--json").data[
            "benchmark"
        ]
        for symbol in ("AAA", "BBB")
    ]
    for mixed, a, b in zip(beside["wealth"], *(one["wealth"] for one in single), strict=True):
        assert abs(mixed["wealth"] - (a["wealth"] + b["wealth"]) / 2) < 1e-12
    wrong = json.dumps({"parts": {"AAA": 0.5, "ZZZ": 0.5}})
    refused(keel("backtest", "--framework", framework, "--prices", prices, "--benchmark", wrong), "ZZZ")
