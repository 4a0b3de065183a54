"""``keel luck``: one document of what could be luck, the same from a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

import keel as python

FEW = ("--histories", 20, "--seed", 3, "--block", 5)


def test_the_first_policy_is_compared_with_each_other_one(keel: Keel, framework: Path, prices: Path) -> None:
    files = ("--framework", framework, "--prices", prices, "--cost-bps", 10)
    policies = ("--policy", "quarterly", "--policy", "never", "--policy", "edge_5pp")
    done = keel("luck", *files, *policies, *FEW, "--json")
    assert (done.code, done.err) == (0, "")
    assert [day["policy"] for day in done.data["days"]] == ["quarterly", "never", "edge_5pp"]
    assert [(one["histories"]["a"], one["histories"]["b"]) for one in done.data["against"]] == [
        ("quarterly", "never"),
        ("quarterly", "edge_5pp"),
    ]
    of_it = python.luck_of(
        python.read_framework(framework),
        prices,
        {name: name for name in ("quarterly", "never", "edge_5pp")},
        python.Resampling(20, 3, block=5),
        cost_bps=10,
    )
    assert of_it == done.data
    seen = {r.name: r.metrics["cagr"] for r in python.backtest_policies(
        python.read_framework(framework), prices, {name: name for name in ("quarterly", "never")}, cost_bps=10
    )}  # fmt: skip
    first = done.data["against"][0]["histories"]["differences"]["cagr"]
    assert first["seen"] == pytest.approx(seen["quarterly"] - seen["never"], abs=1e-12)
    assert first["low"] <= first["median"] <= first["high"]
    own = done.data["days"][0]
    assert own["spreads"]["cagr"]["low"] <= own["own"]["cagr"] <= own["spreads"]["cagr"]["high"]
    said = keel("luck", *files, *policies, *FEW).out
    assert done.data["days"][0]["words"] in said
    assert done.data["against"][1]["histories"]["words"] in said


def test_what_cannot_be_drawn_is_refused(keel: Keel, framework: Path, prices: Path) -> None:
    two = ("--policy", "annual", "--policy", "never")
    refused(keel("luck", "--framework", framework, "--prices", prices, *two, "--block", 9_999), "block", "9999")
