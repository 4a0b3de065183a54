"""``keel holdings show`` and ``keel drift --portfolio``: what is held, what it is worth, how far it is off."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Keel, refused
from tests.commands.holdings.conftest import PORTFOLIO

FILE = "symbol,quantity,account,price,cost,acquired\nMSCI US,10,IRA,100,90,2020-01-31\nCASH,1000,,,,\nODD,1,,,,\n"


def test_what_is_held_is_shown_by_account_and_judged(keel: Keel, example: None, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(FILE)
    assert keel("holdings", "import", tmp_path / "h.csv", "--portfolio", PORTFOLIO).code == 0
    told = keel("holdings", "show", "--portfolio", PORTFOLIO, "--json").data
    ira, main = told["accounts"]
    assert [ira["name"], ira["kind"], ira["currency"], main["name"]] == ["IRA", "deferred", "USD", "Main"]
    lot = {"quantity": 10, "cost": 90, "currency": "USD", "acquired": "2020-01-31"}
    assert ira["positions"][0]["lots"] == [lot]
    assert (told["value"], told["unpriced"]) == (2_000, ["ODD"])
    assert "No price: ODD." in keel("holdings", "show", "--portfolio", PORTFOLIO).out
    drift = keel("drift", "--portfolio", PORTFOLIO, "--last-rebalance", "2026-01-05", "--json")
    assert drift.code == 0, drift.err
    assert (drift.data["value"], drift.data["last_rebalance"]) == (2_000, "2026-01-05")
    assert [account["weight"] for account in drift.data["accounts"]] == [0.5, 0.5]
    refused(keel("drift", "--portfolio", PORTFOLIO, "--framework", "f.json"), "Give --portfolio, or all of")
