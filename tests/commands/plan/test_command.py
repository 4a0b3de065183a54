"""``keel plan``: trades, deposits and withdrawals, checked by hand against the whole output."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.commands.conftest import Done, Keel, framework_json, refused, write_prices

from keel.domain.portfolio.position import Position
from keel.services import example
from keel.services.holdings import table
from keel.store.connection import Database

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "policies.json").read_text())
CENT = 0.0051
MONTHLY = ("--policy", "monthly")


class Desk:
    """A framework, prices of 1 (or others) and holdings in files, and the command that plans with them."""

    def __init__(self, keel: Keel, folder: Path) -> None:
        self.keel, self.folder = keel, folder

    def plan(self, targets: dict[str, float], holdings: str, *options: object, **prices: float) -> Done:
        symbols = tuple(dict.fromkeys([*targets, *prices]))
        (self.folder / "f.json").write_text(json.dumps(framework_json(targets)), encoding="utf-8")
        (self.folder / "h.csv").write_text(holdings, encoding="utf-8")
        closes = [[prices.get(s, 1.0) for s in symbols]] * 2
        write_prices(self.folder / "p.csv", [date(2026, 1, 5), date(2026, 1, 6)], closes, symbols)
        files = (
            "--framework",
            self.folder / "f.json",
            "--holdings",
            self.folder / "h.csv",
            "--prices",
            self.folder / "p.csv",
        )
        return self.keel("plan", *files, *options, "--json")


@pytest.fixture
def desk(keel: Keel, tmp_path: Path) -> Desk:
    return Desk(keel, tmp_path)


def held(values: list[float], symbols: str = "ABCDEFGH") -> str:
    return "symbol,quantity\n" + "".join(f"{s},{v}\n" for s, v in zip(symbols, values, strict=False))


def named(values: list[float]) -> dict[str, float]:
    return dict(zip("ABCDEFGH", values, strict=False))


def traded(data: Any) -> dict[str, float]:
    return {row["symbol"]: row["value"] for row in data["trades"]}


@pytest.mark.parametrize("case", GOLDEN["deposit"], ids=lambda case: f"{case['amount']}")
def test_every_hand_checked_deposit_and_withdrawal(desk: Desk, case: dict[str, Any]) -> None:
    option = ("--deposit", case["amount"]) if case["amount"] > 0 else ("--withdraw", -case["amount"])
    for rule in ("relative_waterfill", "absolute_waterfill", "gap_proportional"):
        if rule in case:
            data = desk.plan(named(case["targets"]), held(case["values"]), *option, "--rule", rule).data
            assert data["rule"] == rule
            found = [traded(data).get(s, 0.0) for s in named(case["targets"])]
            assert found == pytest.approx(case[rule], abs=CENT)
            assert data["total_after"] == pytest.approx(sum(case["values"]) + case["amount"])
            assert data["leftover"] == pytest.approx(0.0, abs=1e-6)
            assert sum(b["after"] for b in data["buckets"]) == pytest.approx(1.0)


def test_what_has_no_target_goes_first(desk: Desk) -> None:
    case = GOLDEN["withdrawal_with_target_zero"]
    data = desk.plan({"B": 0.6, "C": 0.4}, held(case["values"]), "--withdraw", 800, A=1.0).data
    assert traded(data) == pytest.approx({"A": -500.0, "B": -300.0})


def test_whole_shares_by_hand(desk: Desk) -> None:
    case = GOLDEN["whole_shares"]
    units = [v / p for v, p in zip(case["values"], case["prices"], strict=True)]
    prices = named(case["prices"])
    data = desk.plan(named(case["targets"]), held(units), "--deposit", 1000, "--whole-shares", **prices).data
    assert {t["symbol"]: t["quantity"] for t in data["trades"]} == pytest.approx({"A": 4.0, "C": 8.0})
    assert data["leftover"] == 0.0


def test_frozen_holdings_stay_and_the_others_share_the_rest(desk: Desk) -> None:
    case = GOLDEN["frozen"]
    holdings = "symbol,quantity,role\nA,40,\nB,34,\nC,26,frozen\n"
    data = desk.plan(named(case["targets"]), holdings, *MONTHLY).data
    assert [b["after"] for b in data["buckets"]] == pytest.approx(case["goal"])


@pytest.mark.parametrize("case", GOLDEN["destinations"], ids=lambda case: f"{len(case['targets'])} {case['d']}")
def test_every_hand_checked_destination(desk: Desk, case: dict[str, Any]) -> None:
    band = {"kind": "absolute", "width_bps": 1e4 * case["band"]}
    policy = {"trigger": "band", "look": "daily", "band": band, "destination": case["d"], "scope": case["scope"]}
    values = [1e4 * w for w in case["weights"]]
    data = desk.plan(named(case["targets"]), held(values), "--policy", json.dumps(policy)).data
    assert [b["after"] for b in data["buckets"]] == pytest.approx(case["goal"])


def test_drift_before_by_hand(desk: Desk) -> None:
    case = GOLDEN["drift"]
    data = desk.plan(named(case["targets"]), held([100 * w for w in case["weights"]]), *MONTHLY).data
    assert (data["drift_before"], data["drift_after"]) == pytest.approx((case["total_drift"], 0.0))


def test_cash_that_is_held_is_never_counted_twice(desk: Desk) -> None:
    targets, holdings = {"A": 0.5, "B": 0.3, "C": 0.2}, held([4200, 3600, 1200]) + "CASH,1000\n"
    data = desk.plan(targets, holdings, "--deposit", 1000).data
    assert (data["total_before"], data["total_after"]) == (10000.0, 10000.0)
    assert traded(data) == pytest.approx({"A": 371.43, "C": 628.57}, abs=CENT)
    assert data["leftover"] == 0.0
    new = desk.plan(targets, holdings, "--deposit", 1500).data
    assert (new["total_after"], new["leftover"]) == pytest.approx((11500.0, 1000.0))


def test_idle_cash_is_placed_even_in_band(desk: Desk) -> None:
    data = desk.plan({"A": 0.6, "B": 0.4}, held([58, 38]) + "CASH,4\n", "--policy", "abs_5pp").data
    assert traded(data) == pytest.approx({"A": 2.0, "B": 2.0})
    assert (data["leftover"], data["drift_after"]) == pytest.approx((0.0, 0.0))
    assert data["drift_before"] == pytest.approx(0.04)


def test_what_cannot_be_sold_buys_nothing(desk: Desk) -> None:
    holdings = "symbol,quantity,no_sell\nA,80,yes\nB,20,\n"
    data = desk.plan({"A": 0.6, "B": 0.4}, holdings, *MONTHLY).data
    assert data["trades"] == []
    assert (data["factors"]["no_sell"], data["factors"]["funding"]) == (0.0, 0.0)


def test_turnover_is_one_factor_on_all_sales(desk: Desk) -> None:
    data = desk.plan({"A": 0.4, "B": 0.2, "C": 0.4}, held([50, 30, 20]), *MONTHLY, "--max-turnover", "10%").data
    assert traded(data) == pytest.approx({"A": -5.0, "B": -5.0, "C": 10.0})
    assert data["factors"]["turnover"] == pytest.approx(0.5)


LOTS = "symbol,quantity,cost,acquired\nA,40,0.5,2020-01-01\nA,40,1.1,2025-12-01\nB,20,1,2025-01-01\n"


def test_lots_at_a_loss_go_first_and_the_gain_keeps_to_its_budget(desk: Desk) -> None:
    targets = {"A": 0.2, "B": 0.8}
    data = desk.plan(targets, LOTS, *MONTHLY, "--tax", '{"short_rate": 0.3, "long_rate": 0.1}').data
    assert data["realised_gain"] == pytest.approx(40 * -0.1 + 20 * 0.5)
    assert data["tax"] == pytest.approx(max(0.3 * -4 + 0.1 * 10, 0.0))
    assert data["trades"][0]["gain"] == pytest.approx(6.0)
    less = desk.plan(targets, LOTS, *MONTHLY, "--gain-budget", 1).data
    assert (less["realised_gain"], traded(less)["A"]) == pytest.approx((1.0, -50.0))
    assert less["factors"]["gain_budget"] == pytest.approx(50 / 60)


def test_money_never_crosses_accounts_and_products_of_a_bucket_stand_for_each_other(desk: Desk) -> None:
    holdings = "symbol,quantity,account\nA,60,Taxable\nA,20,IRA\nB,20,IRA\n"
    data = desk.plan({"A": 0.4, "B": 0.6}, holdings, *MONTHLY, "--accounts", '{"IRA": {"kind": "deferred"}}').data
    assert data["drift_after"] == pytest.approx(0.0, abs=1e-9)
    by_account = {a: sum(t["value"] for t in data["trades"] if t["account"] == a) for a in ("Taxable", "IRA")}
    assert by_account == pytest.approx({"Taxable": 0.0, "IRA": 0.0}, abs=1e-6)
    assert data["cash"] == pytest.approx({"Taxable": 0.0, "IRA": 0.0}, abs=1e-9)


def test_classes_lie_where_they_rank_best(desk: Desk) -> None:
    two = {"BND": 0.5, "SPY": 0.5}
    money = "symbol,quantity,account\nCASH,100,Main\nCASH,100,IRA\n"
    asked = (*MONTHLY, "--accounts", '{"IRA": {"kind": "deferred"}}')
    usual = desk.plan(two, money, *asked).data["trades"]
    assert {(o["symbol"], o["account"]) for o in usual} == {("BND", "IRA"), ("SPY", "Main")}
    turned = '{"bonds": {"taxable": 0, "deferred": 1}, "equity": {"taxable": 1, "deferred": 0}}'
    other = desk.plan(two, money, *asked, "--location", turned).data["trades"]
    assert {(o["symbol"], o["account"]) for o in other} == {("BND", "Main"), ("SPY", "IRA")}
    refused(desk.plan(two, money, *asked, "--location", '{"stamps": {}}'), "--location.stamps")
    refused(desk.plan(two, money, *asked, "--location", '{"bonds": {"taxable": 1.5}}'), "whole number")


def test_few_orders_remove_most_of_the_drift(desk: Desk) -> None:
    targets, values = {"A": 0.25, "B": 0.25, "C": 0.25, "D": 0.25}, [45, 27, 18, 10]
    data = desk.plan(targets, held(values), *MONTHLY, "--max-trades", 2).data
    assert traded(data) == pytest.approx({"A": -15.0, "D": 15.0}, abs=1e-6) or len(data["trades"]) == 2
    assert data["drift_after"] == pytest.approx(0.07)
    assert "2 of 4 trades remove 68% of the drift." in data["notes"]


def test_orders_smaller_than_the_smallest_are_said(desk: Desk) -> None:
    data = desk.plan({"A": 0.5, "B": 0.3, "C": 0.2}, held([60, 21, 19]), *MONTHLY, "--min-trade", 2).data
    assert traded(data) == pytest.approx({"A": -10.0, "B": 9.0})
    assert data["leftover"] == pytest.approx(1.0)
    assert any("C ($1)" in note for note in data["notes"])


def test_limits_are_judged_on_what_is_held_afterwards(desk: Desk, keel: Keel, tmp_path: Path) -> None:
    limits = [{"type": "max_turnover", "value": 5, "unit": "percentage"}]
    desk.plan({"A": 0.6, "B": 0.4}, held([80, 20]))
    path = tmp_path / "f.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"constraints": limits}), encoding="utf-8")
    files = ("--framework", path, "--holdings", tmp_path / "h.csv", "--prices", tmp_path / "p.csv")
    (verdict,) = keel("plan", *files, *MONTHLY, "--json").data["constraints"]
    assert (verdict["status"], verdict["observed"]) == ("fail", pytest.approx(0.2))
    text = keel("plan", *files, *MONTHLY).out
    assert "sell" in text
    assert "limit broken: Turnover" in text


def test_what_cannot_be_planned_is_refused_in_one_sentence(desk: Desk) -> None:
    two = {"A": 0.6, "B": 0.4}
    refused(desk.plan(two, held([60, 40]), "--withdraw", 200), "At most $100 can be withdrawn")
    refused(desk.plan(two, held([60, 40]), "--deposit", "-5"), "--deposit")
    refused(desk.plan(two, held([60, 40]), "--deposit", 5, "--withdraw", 5), "not both")
    refused(desk.plan(two, held([60, 40]), "--account", "IRA", "--deposit", 5), "There is no account IRA")
    refused(desk.plan(two, held([60, 40]), "--tax", '{"rate": 1}'), "rate")
    refused(desk.plan(two, held([60, 40]), "--accounts", '{"Main": {"kind": "offshore"}}'), "offshore")


def test_a_stored_portfolio_or_all_three_files(
    keel: Keel, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
    refused(keel("plan", "--deposit", 5), "Give --portfolio, or all of")
    db = Database.open(tmp_path / "keel.duckdb")
    example.open_example(db)
    today = date(2026, 1, 5)
    table.put(db, example.PORTFOLIO_ID, (Position("OWN", 3, 100.0), Position("CASH", 50)), today)
    db.close()
    data = keel("plan", "--portfolio", example.PORTFOLIO_ID, "--withdraw", 40, "--json").data
    assert (data["total_before"], data["total_after"], data["trades"]) == (350, 310, [])
    refused(keel("plan", "--portfolio", "pf_none"), "no portfolio pf_none")
