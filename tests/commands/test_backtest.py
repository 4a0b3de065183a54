"""``keel backtest`` against a second simulator, its output forms, and its refusals."""

from __future__ import annotations

import csv
import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.commands import simulator
from tests.commands.conftest import SYMBOLS, TARGETS, Keel, framework_json, walk, weekdays, write_prices

ABS = {"trigger": "band", "band": {"kind": "absolute", "width_bps": 500}}
NAMED: dict[str, dict[str, Any]] = {
    "never": {"trigger": "never"},
    "annual": {"trigger": "calendar", "look": "annual"},
    "quarterly": {"trigger": "calendar", "look": "quarterly"},
    "monthly": {"trigger": "calendar", "look": "monthly"},
    "five_twenty_five": {"trigger": "band", "band": {"kind": "five_twenty_five"}},
    "abs_5pp": ABS,
    "edge_5pp": {**ABS, "destination": 1.0},
    "opportunistic": {
        "trigger": "band",
        "look": {"every_sessions": 10},
        "band": {"kind": "relative", "width_bps": 2000},
        "destination": 0.5,
    },
    "vanguard_200_175": {"trigger": "band", "band": {"kind": "absolute", "width_bps": 200}, "destination": 0.875},
}
WRITTEN: list[dict[str, Any]] = [
    {"trigger": "calendar", "look": "weekly", "offset": 2},
    {"trigger": "calendar", "look": "semiannual", "offset": 0},
    {"trigger": "calendar", "look": {"every_sessions": 63}, "offset": 5},
    {"trigger": "band", "look": "monthly", "band": {"kind": "hybrid", "relative_bps": 1500, "floor_bps": 150}},
    {"trigger": "band", "look": "weekly", "band": {"kind": "corridor", "below_bps": 150, "above_bps": 350}},
    {**ABS, "destination": 0.5, "cooldown_days": 90},
    {
        "trigger": "band",
        "look": "quarterly",
        "band": {"kind": "absolute", "width_bps": 100},
        "destination": 0.0,
        "scope": "breached_only",
    },
]
CASES = [*NAMED.items(), *((json.dumps(p), p) for p in WRITTEN)]


@pytest.mark.parametrize(("lag", "cost"), [(0, 0.0), (1, 10.0), (0, 25.0), (1, 0.0)])
@pytest.mark.parametrize(("given", "policy"), CASES, ids=[c[0][:40] for c in CASES])
def test_it_agrees_with_a_second_simulator(
    keel: Keel,
    framework: Path,
    prices: Path,
    dates: list[date],
    rows: list[list[float]],
    given: str,
    policy: dict[str, Any],
    lag: int,
    cost: float,
) -> None:
    done = keel(
        "backtest", "--framework", framework, "--prices", prices, "--policy", given, "--lag", lag, "--cost-bps", cost,
        "--json",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    targets = list(TARGETS.values())
    expected = simulator.simulate(dates, rows, targets, policy, lag, cost)
    assert_same(done.data, expected, dates)
    free = simulator.simulate(dates, rows, targets, policy, lag, 0.0) if cost else expected
    for key, value in simulator.compared(dates, rows, targets, expected, free).items():
        assert done.data["metrics"][key] == pytest.approx(value, rel=1e-9, abs=1e-10), key


def assert_same(data: dict[str, Any], expected: simulator.Outcome, dates: list[date]) -> None:
    assert [w["date"] for w in data["wealth"]] == [str(d) for d in dates]
    assert [w["wealth"] for w in data["wealth"]] == pytest.approx(expected.wealth, rel=1e-10, abs=1e-10)
    assert len(data["events"]) == len(expected.events)
    symbols = list(SYMBOLS)
    for event, want in zip(data["events"], expected.events, strict=True):
        assert (event["date"], event["decided"]) == (str(want["date"]), str(want["decided"]))
        assert event["turnover"] == pytest.approx(want["turnover"], abs=1e-10)
        assert event["cost"] == pytest.approx(want["cost"], abs=1e-10)
        moved = {s: want["trades"][i] for i, s in enumerate(symbols) if abs(_move(want["trades"][i])) > 1e-12}
        assert {t["symbol"] for t in event["trades"]} >= set(moved)
        for trade in event["trades"]:
            if trade["symbol"] in moved:
                assert (trade["from"], trade["to"]) == pytest.approx(moved[trade["symbol"]], abs=1e-10)
    pending = data["pending"] and {k: data["pending"][k] for k in ("decided", "fills")}
    want_pending = expected.pending and {k: v and str(v) for k, v in expected.pending.items()}
    assert pending == want_pending
    metrics = simulator.metrics(dates, expected.wealth, 252, expected.events)
    for year, want in zip(data["metrics"]["calendar_years"], metrics.pop("calendar_years"), strict=True):
        assert year == pytest.approx(want, abs=1e-10)
    for key, value in metrics.items():
        exact = value is None or isinstance(value, str)
        wanted = value if exact else pytest.approx(value, rel=1e-9, abs=1e-10)
        assert data["metrics"][key] == wanted, key


def _move(trade: tuple[float, float]) -> float:
    return trade[1] - trade[0]


def test_the_json_has_the_keys_of_the_contract(keel: Keel, framework: Path, prices: Path) -> None:
    data = keel("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--json").data
    assert list(data)[:5] == ["metrics", "wealth", "events", "pending", "meta"]
    assert set(data["events"][0]) == {"date", "decided", "turnover", "cost", "trades"}
    assert set(data["events"][0]["trades"][0]) == {"symbol", "from", "to"}
    for key in ("framework", "version", "first", "last", "periods_per_year", "lag", "conventions"):
        assert key in data["meta"], key
    assert any("fingerprint" in key for key in data["meta"])
    assert (data["meta"]["lag"], data["meta"]["periods_per_year"]) == (1, 252)
    assert set(data["metrics"]) == METRICS


METRICS = {
    *(
        "total_return",
        "cagr",
        "volatility",
        "sharpe",
        "sortino",
        "calmar",
        "ulcer",
        "cvar_95",
        "best_year",
        "worst_year",
    ),
    *("max_drawdown", "max_drawdown_peak", "max_drawdown_trough", "max_drawdown_recovered", "longest_under_water_days"),
    *("calendar_years", "turnover_per_year", "rebalances", "cost_drag", "tracking_error", "tracking_difference"),
    *("mean_total_drift", "max_total_drift"),
}


def test_several_policies_come_as_runs_named_as_they_were_given(keel: Keel, framework: Path, prices: Path) -> None:
    written = json.dumps(ABS)
    given = ["annual", written, "annual"]
    options = [part for text in given for part in ("--policy", text)]
    data = keel("backtest", "--framework", framework, "--prices", prices, *options, "--json").data
    assert [run["policy"] for run in data["runs"]] == given
    one = keel("backtest", "--framework", framework, "--prices", prices, "--policy", written, "--json").data
    assert data["runs"][1]["metrics"] == one["metrics"]


def test_without_a_policy_the_frameworks_own_is_used(keel: Keel, tmp_path: Path, prices: Path) -> None:
    own = framework_json(TARGETS, rebalancing=NAMED["monthly"])
    path = tmp_path / "own.json"
    path.write_text(json.dumps(own), encoding="utf-8")
    data = keel("backtest", "--framework", path, "--prices", prices, "--json").data
    other = keel("backtest", "--framework", path, "--prices", prices, "--policy", "monthly", "--json").data
    assert data["wealth"] == other["wealth"]


def test_a_policy_may_be_a_file(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(ABS), encoding="utf-8-sig")
    a = keel("backtest", "--framework", framework, "--prices", prices, "--policy", path, "--json").data
    b = keel("backtest", "--framework", framework, "--prices", prices, "--policy", "abs_5pp", "--json").data
    assert a["wealth"] == b["wealth"]


def test_options_overrule_run_settings(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"lag": 0, "cost_bps": 50}), encoding="utf-8")
    base = ("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--json")
    plain = keel(*base, "--lag", 0, "--cost-bps", 10).data
    assert keel(*base, "--run", path, "--cost-bps", 10).data["wealth"] == plain["wealth"]
    assert keel(*base, "--run", '{"lag": 0, "cost_bps": 10}').data["wealth"] == plain["wealth"]


def test_contributions_frozen_buckets_and_a_cash_series_come_from_run_settings(
    keel: Keel, framework: Path, prices: Path
) -> None:
    first = next(iter(TARGETS))
    given = {
        "contributions": {"amount": 100, "mode": "steer"},
        "frozen": [first],
        "risk_free": SYMBOLS[1],
        "cost_bps": 10,
    }
    policy = {"trigger": "band", "look": "monthly", "band": {"kind": "tracking_error", "limit_bps": 100}}
    base = ("backtest", "--framework", framework, "--prices", prices, "--json")
    data = keel(*base, "--policy", json.dumps(policy), "--run", json.dumps(given)).data
    metrics = data["metrics"]
    assert metrics["invested"] == pytest.approx(10_000 + 100 * len(data["flows"]))
    assert metrics["end_value"] == data["value"][-1]
    assert metrics["money_weighted_return"] is not None
    assert all(flow["cost"] == pytest.approx(100 - 100 / 1.001) for flow in data["flows"])
    again = keel(*base, "--policy", json.dumps(data["meta"]["policy"]), "--run", json.dumps(data["meta"]["settings"]))
    assert again.data["wealth"] == data["wealth"]
    assert not [t for event in data["events"] for t in event["trades"] if t["symbol"] == first]


@pytest.mark.parametrize("name", ["annual", "five_twenty_five", "edge_5pp", "opportunistic", "vanguard_200_175"])
def test_several_holdings_share_a_bucket(keel: Keel, tmp_path: Path, dates: list[date], name: str) -> None:
    rows = walk(11, len(dates))
    prices = write_prices(tmp_path / "p.csv", dates, rows)
    leaves = {"Mix": (0.5, {"AAA": 0.6, "BBB": 0.4}), "Rest": (0.3, {"CCC": 1.0}), "Cash": (0.2, {"DDD": 1.0})}
    buckets = [
        {
            "path": f"AssetClass/{label}",
            "label": label,
            "target_weight": target,
            "holdings": [{"symbol": symbol, "share": share} for symbol, share in held.items()],
        }
        for label, (target, held) in leaves.items()
    ]
    path = tmp_path / "f.json"
    path.write_text(json.dumps({**framework_json({}), "buckets": buckets}), encoding="utf-8")
    base = ("backtest", "--framework", path, "--prices", prices, "--policy", name, "--cost-bps", 10)
    parts = [(0, 0.6), (0, 0.4), (1, 1.0), (2, 1.0)]
    for lag in (0, 1):
        expected = simulator.simulate(dates, rows, [0.5, 0.3, 0.2], NAMED[name], lag, 10.0, parts)
        assert_same(keel(*base, "--lag", lag, "--json").data, expected, dates)


def test_monthly_prices_fill_at_the_same_close(keel: Keel, tmp_path: Path, framework: Path) -> None:
    days = [d for d, following in pairwise(weekdays(date(2001, 1, 1), 4000)) if d.month != following.month]
    rows = walk(5, len(days))
    prices = write_prices(tmp_path / "p.csv", days, rows)
    data = keel("backtest", "--framework", framework, "--prices", prices, "--policy", "quarterly", "--json").data
    assert (data["meta"]["lag"], data["meta"]["periods_per_year"], data["meta"]["frequency"]) == (0, 12, "monthly")
    expected = simulator.simulate(days, rows, list(TARGETS.values()), NAMED["quarterly"], 0, 0.0)
    assert [w["wealth"] for w in data["wealth"]] == pytest.approx(expected.wealth, rel=1e-10)
    assert data["metrics"]["volatility"] == pytest.approx(
        simulator.metrics(days, expected.wealth, 12, [])["volatility"], rel=1e-9
    )


def test_a_bucket_named_cash_stays_at_its_price_of_one(keel: Keel, tmp_path: Path, dates: list[date]) -> None:
    rows = walk(9, len(dates))
    prices = write_prices(tmp_path / "p.csv", dates, rows)
    given = framework_json({"AAA": 0.7, "Cash": 0.3})
    given["buckets"][1].pop("holdings")
    path = tmp_path / "f.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    data = keel("backtest", "--framework", path, "--prices", prices, "--policy", "annual", "--lag", 0, "--json").data
    with_cash = [[row[0], 1.0] for row in rows]
    expected = simulator.simulate(dates, with_cash, [0.7, 0.3], NAMED["annual"], 0, 0.0)
    assert [w["wealth"] for w in data["wealth"]] == pytest.approx(expected.wealth, rel=1e-10)


def test_rows_in_any_order_utf16_and_bom_are_simply_read(
    keel: Keel, tmp_path: Path, framework: Path, prices: Path
) -> None:
    base = ("backtest", "--framework", framework, "--policy", "annual", "--json", "--prices")
    plain = keel(*base, prices).data
    header, *lines = prices.read_text(encoding="utf-8").splitlines()
    text = "\r\n".join([header, *sorted(lines, key=lambda line: line[::-1])])
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"):
        other = tmp_path / f"{encoding}.csv"
        other.write_bytes(("\ufeff" + text).encode("utf-16-be") if encoding.endswith("bom") else text.encode(encoding))
        assert keel(*base, other).data == plain, encoding


def test_parquet_prices_give_the_same(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    pq.write_table(pc.read_csv(prices), tmp_path / "prices.parquet")
    base = ("backtest", "--framework", framework, "--policy", "annual", "--json", "--prices")
    assert keel(*base, tmp_path / "prices.parquet").data["wealth"] == keel(*base, prices).data["wealth"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_weights_are_written_before_trading_and_sum_to_one(
    keel: Keel, tmp_path: Path, framework: Path, prices: Path, dates: list[date], rows: list[list[float]], ending: str
) -> None:
    out = tmp_path / f"weights.{ending}"
    base = ("backtest", "--framework", framework, "--prices", prices, "--lag", 0)
    assert keel(*base, "--policy", "annual", "--weights", out, "--json").code == 0
    read = read_table(out)
    assert list(read[0]) == ["date", *TARGETS]
    expected = simulator.simulate(dates, rows, list(TARGETS.values()), NAMED["annual"], 0, 0.0)
    for row, want in zip(read, expected.weights, strict=True):
        assert [float(row[s]) for s in TARGETS] == pytest.approx(want, abs=1e-10)


def read_table(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("# ")))
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def test_weights_say_what_they_rest_on(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    import pyarrow.parquet as pq

    base = ("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--json", "--weights")
    table, text = tmp_path / "w.parquet", tmp_path / "w.csv"
    meta = keel(*base, table).data["meta"]
    said = {name.decode(): words.decode() for name, words in pq.read_schema(table).metadata.items()}
    assert (said["notice"], said["keel"]) == (meta["notice"], meta["keel"])
    assert (said["prices fingerprint"], said["framework"]) == (meta["prices_fingerprint"], "Test")
    keel(*base, text)
    lines = text.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {meta['notice']}"
    assert f"# prices fingerprint: {meta['prices_fingerprint']}" in lines
    assert keel("validate", framework, "--json").code == 0


def test_a_symbol_of_the_weights_is_no_formula(keel: Keel, tmp_path: Path, dates: list[date]) -> None:
    framework, prices, out = tmp_path / "f.json", tmp_path / "p.csv", tmp_path / "w.csv"
    framework.write_text(json.dumps(framework_json({"=1+1": 1.0})), encoding="utf-8")
    prices.write_text("date,=1+1\n" + "".join(f"{d},{1 + i}\n" for i, d in enumerate(dates[:9])), encoding="utf-8")
    done = keel("backtest", "--framework", framework, "--prices", prices, "--policy", "never", "--weights", out)
    assert done.code == 0, done.err
    assert "\ndate,'=1+1\n" in out.read_text(encoding="utf-8")


def test_weights_of_several_policies_name_the_policy(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    out = tmp_path / "weights.csv"
    base = ("backtest", "--framework", framework, "--prices", prices, "--weights", out)
    assert keel(*base, "--policy", "annual", "--policy", "never").code == 0
    assert {row["policy"] for row in read_table(out)} == {"annual", "never"}


def test_a_benchmark_stands_beside_the_policies(
    keel: Keel, framework: Path, prices: Path, rows: list[list[float]]
) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--benchmark", "BBB")
    benchmark = keel(*base, "--json").data["benchmark"]
    assert benchmark["symbol"] == "BBB"
    assert benchmark["wealth"][-1]["wealth"] == pytest.approx(rows[-1][1] / rows[0][1], rel=1e-12)
    assert "BBB" in keel(*base).out


def test_the_window_can_be_narrowed(keel: Keel, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--json")
    meta = keel(*base, "--start", "2012-01-01", "--end", "2014-06-29").data["meta"]
    assert (meta["first"], meta["last"]) == ("2012-01-02", "2014-06-27")


def test_the_text_shows_each_policy_and_what_was_assumed(keel: Keel, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices, "--cost-bps", 10)
    text = keel(*base, "--policy", "annual", "--policy", "five_twenty_five").out
    for word in ("annual", "five_twenty_five", "CAGR", "Max drawdown", "−", "lag 1", "10 bps", "not investment advice"):
        assert word in text, word


def test_scaled_weights_are_said(keel: Keel, tmp_path: Path, prices: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(framework_json({"AAA": 0.6, "BBB": 0.3995})), encoding="utf-8")
    base = ("backtest", "--framework", path, "--prices", prices, "--policy", "annual")
    assert any("100" in note for note in keel(*base, "--json").data["meta"]["notes"])
    assert keel("validate", path, "--json").data["warnings"][0]["code"] == "scaled"


# What cannot be used


def test_risk_is_added_when_asked_for(keel: Keel, framework: Path, prices: Path) -> None:
    asked = ("backtest", "--framework", framework, "--prices", prices)
    assert "risk" not in keel(*asked, "--json").data
    found = keel(*asked, "--risk", "--json").data["risk"]
    assert sum(row["contribution"] for row in found["buckets"]) == pytest.approx(found["volatility"], rel=1e-12)
    assert [row["symbol"] for row in found["products"]] == list(TARGETS)
    assert "Risk at the targets:" in keel(*asked, "--risk").out
