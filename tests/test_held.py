"""What portfolios hold, from Python: taken in, shown, judged."""

from __future__ import annotations

from pathlib import Path

import pytest

import keel
from keel.services import example
from keel.store.connection import Database


def test_holdings_are_taken_in_shown_and_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    db = Database.open(tmp_path / "keel.duckdb")
    example.open_example(db)
    db.close()
    (tmp_path / "h.csv").write_text("symbol,quantity,price\nOWN,3,100\n")
    assert keel.import_holdings(tmp_path / "h.csv", example.PORTFOLIO_ID, {})["changed"] == 1
    (tmp_path / "t.csv").write_text("Code;Pieces\nSPY;3\n")
    begun = keel.begin_portfolio(tmp_path / "t.csv", "Hers", columns={"symbol": "Code", "quantity": "Pieces"})
    assert [pick["symbol"] for pick in begun["picks"]] == ["SPY"]  # type: ignore[attr-defined]
    assert keel.brand("Harbour") == {"firm": "Harbour", "line": "", "logo": None, "paper": None}
    frame = keel.holdings(example.PORTFOLIO_ID)
    assert frame[["account", "symbol", "value"]].to_numpy().tolist() == [["Main", "OWN", 300]]
    assert keel.drift(example.PORTFOLIO_ID)["value"] == 300
    plan = keel.plan_trades(example.PORTFOLIO_ID, "annual", deposit=100)
    assert (plan["rule"], plan["total_after"]) == ("relative_waterfill", 400)
    again = keel.plan_schedule(example.PORTFOLIO_ID, 100, "quarterly", policy="annual")
    assert str(again["finding"]).startswith("$100 a quarter: ")
    row = next(row for row in keel.morning() if row["id"] == example.PORTFOLIO_ID)
    assert (row["id"], row["value"], row["rebalance_needed"]) == (example.PORTFOLIO_ID, 300, True)
    assert {alert["kind"] for alert in keel.watch()["begun"]} == {alert["kind"] for alert in keel.alerts(holding=True)}
    link = keel.share_portfolio(example.PORTFOLIO_ID, "The Okafors", 7)
    assert str(link["address"]).endswith(str(link["secret"]))
    assert keel.revoke_link(str(link["id"]))["state"] == "revoked"
    assert [told["name"] for told in keel.shared_links(example.PORTFOLIO_ID)] == ["The Okafors"]
    seen = keel.move_portfolio(example.PORTFOLIO_ID, 1, accept=True)
    assert (seen["to"], seen["changes"], seen["accepted"], seen["portfolio_version"]) == (1, [], True, 1)
