"""``keel backtest`` refuses in a line what it cannot use."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, framework_json, refused, walk, weekdays, write_prices


def test_no_price_column_for_a_holding(keel: Keel, tmp_path: Path, prices: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(framework_json({"AAA": 0.6, "QQQ": 0.4})), encoding="utf-8")
    refused(
        keel("backtest", "--framework", path, "--prices", prices, "--policy", "annual", "--json"), "QQQ", "prices.csv"
    )


def test_no_price_column_for_a_leafs_label(keel: Keel, tmp_path: Path, prices: Path) -> None:
    given = framework_json({"AAA": 0.6, "Bonds": 0.4})
    given["buckets"][1].pop("holdings")
    path = tmp_path / "f.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    refused(keel("backtest", "--framework", path, "--prices", prices, "--json"), "Bonds", "prices.csv")


@pytest.mark.parametrize("bad", ["0", "-3.5", "0.0", "x", "inf", "1e999"])
def test_a_price_that_is_no_price(keel: Keel, tmp_path: Path, framework: Path, prices: Path, bad: str) -> None:
    lines = prices.read_text(encoding="utf-8").splitlines()
    cells = lines[700].split(",")
    lines[700] = ",".join([*cells[:2], bad, *cells[3:]])
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = keel("backtest", "--framework", framework, "--prices", path, "--policy", "annual", "--json")
    refused(done, "bad.csv", "BBB")
    assert "701" in done.err or cells[0] in done.err


def test_a_date_twice(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    lines = prices.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "twice.csv"
    path.write_text("\n".join([*lines, lines[40]]), encoding="utf-8")
    refused(
        keel("backtest", "--framework", framework, "--prices", path, "--json"), "twice.csv", lines[40].split(",")[0]
    )


@pytest.mark.parametrize(("sessions", "code"), [(5, 0), (6, 2)])
def test_a_hole_is_carried_five_sessions_and_no_longer(
    keel: Keel, tmp_path: Path, framework: Path, prices: Path, sessions: int, code: int
) -> None:
    lines = prices.read_text(encoding="utf-8").splitlines()
    for i in range(300, 300 + sessions):
        cells = lines[i].split(",")
        lines[i] = ",".join([*cells[:3], "", cells[4]])
    path = tmp_path / "hole.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = keel("backtest", "--framework", framework, "--prices", path, "--policy", "annual", "--json")
    if code:
        refused(done, "hole.csv", "CCC")
    else:
        assert done.code == 0, done.err


def test_a_start_before_an_instrument_exists(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    lines = prices.read_text(encoding="utf-8").splitlines()
    for i in range(1, 400):
        lines[i] = lines[i].rsplit(",", 1)[0] + ","
    path = tmp_path / "late.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    base = ("backtest", "--framework", framework, "--prices", path, "--policy", "annual", "--json")
    assert keel(*base).data["meta"]["first"] == lines[400].split(",")[0]
    refused(keel(*base, "--start", "2011-06-01"), "late.csv", "DDD")


def test_a_start_after_the_end(keel: Keel, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices)
    refused(keel(*base, "--start", "2014-01-01", "--end", "2013-01-01"), "--start", "2014-01-01")


def test_a_window_outside_the_prices(keel: Keel, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices)
    refused(keel(*base, "--start", "2031-01-01"), "prices.csv")
    refused(keel(*base, "--end", "1990-01-01"), "prices.csv")


def test_an_unknown_benchmark_gets_the_closest_column(keel: Keel, framework: Path, prices: Path) -> None:
    refused(keel("backtest", "--framework", framework, "--prices", prices, "--benchmark", "BBC"), "BBC", "BBB")


def test_an_unknown_policy_gets_the_closest_preset(keel: Keel, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices, "--policy")
    refused(keel(*base, "anual"), "anual", "Did you mean annual?")
    refused(keel(*base, "xyzzy"), "xyzzy", "five_twenty_five")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"trigger": "band"', "JSON"),
        ('{"trigger": "band", "band": {"width_bps": 500}}', "kind"),
        ('{"trigger": "calendar", "look": "annual", "destination": 1}', "destination"),
        ('{"trigger": "calendar", "look": "fortnightly"}', "look"),
        ('{"trigger": "band", "band": {"kind": "absolute", "width_bps": NaN}}', "NaN"),
        ('{"trigger": "band", "band": {"kind": "absolute", "width_bps": -5}}', "width_bps"),
        ('{"triger": "never"}', "triger"),
        ("[1]", "policy"),
    ],
)
def test_a_policy_that_cannot_be_used(keel: Keel, framework: Path, prices: Path, text: str, word: str) -> None:
    refused(keel("backtest", "--framework", framework, "--prices", prices, "--policy", text), "--policy", word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("missing.json", "missing.json"),
        ('{"lag": -1}', "lag"),
        ('{"cost_bps": "ten"}', "cost_bps"),
        ('{"costs": 1}', "costs"),
        ("[]", "--run"),
        ('{"frozen": ["Nowhere"]}', "Nowhere"),
        ('{"risk_free": "NOBILL"}', "NOBILL"),
        ('{"contributions": {"amount": -50000}}', "withdrawal"),
        ('{"risk_free": Infinity}', "Infinity"),
        ("{" * 100_000, "--run"),
    ],
)
def test_run_settings_that_cannot_be_used(keel: Keel, framework: Path, prices: Path, text: str, word: str) -> None:
    refused(keel("backtest", "--framework", framework, "--prices", prices, "--run", text), word)


@pytest.mark.parametrize(
    "arguments",
    [["--cost-bps", "-1"], ["--cost-bps", "nan"], ["--cost-bps", "x"], ["--lag", "2"], ["--start", "soon"]],
)
def test_options_out_of_range_are_named(keel: Keel, framework: Path, prices: Path, arguments: list[str]) -> None:
    refused(keel("backtest", "--framework", framework, "--prices", prices, *arguments), arguments[0])


def test_weights_are_never_written_over_an_input(keel: Keel, tmp_path: Path, framework: Path, prices: Path) -> None:
    base = ("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--weights")
    before = prices.read_bytes()
    refused(keel(*base, prices), "--weights", "prices.csv")
    assert prices.read_bytes() == before
    refused(keel(*base, tmp_path / "w.txt"), "--weights", ".csv")
    refused(keel(*base, tmp_path / "none" / "w.csv"), "--weights")


def test_two_sessions_are_enough_and_one_is_not(keel: Keel, tmp_path: Path, framework: Path) -> None:
    days, rows = weekdays(date(2020, 1, 6), 2), walk(3, 2)
    two = write_prices(tmp_path / "two.csv", days, rows)
    one = write_prices(tmp_path / "one.csv", days[:1], rows[:1])
    data = keel("backtest", "--framework", framework, "--prices", two, "--policy", "annual", "--json").data
    assert len(data["wealth"]) == 2
    assert data["metrics"]["volatility"] is None
    refused(keel("backtest", "--framework", framework, "--prices", one, "--policy", "annual"), "one.csv")


def test_every_missing_column_is_named_and_files_are_called_as_they_were_given(
    keel: Keel, prices: Path, tmp_path: Path
) -> None:
    (tmp_path / "two.csv").write_text("path,target_weight\nA/AAA,0.6\nA/XX,0.2\nA/YY,0.2\n", encoding="utf-8")
    refused(keel("backtest", "--framework", tmp_path / "two.csv", "--prices", prices), "'XX', 'YY'", str(prices))
    gone = tmp_path / "gone.csv"
    refused(keel("backtest", "--framework", gone, "--prices", prices), str(gone))
