"""``keel sweep``: its table, its refusals, and that a row repeats."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.backtest.sweep.test_run import example
from tests.commands.conftest import TARGETS, Keel, framework_json, refused

from keel.backtest.provenance import Provenance
from keel.backtest.sweep.run import run
from keel.domain.study.grid import parse_grid

ROOT = Path(__file__).resolve().parents[2]
GRID: dict[str, Any] = {
    "base": {"trigger": "band", "band": {"kind": "absolute"}},
    "axes": {
        "band.width_bps": [100, 300],
        "look": ["daily", {"every_sessions": 10}],
        "destination": [0, 0.5],
        "cost_bps": [0, 12.5],
        "lag": [0, 1],
    },
}


def swept(keel: Keel, framework: Path, prices: Path, grid: Any, *options: object) -> tuple[Any, Any]:
    out = framework.parent / "out.parquet"
    text = grid if isinstance(grid, str) else json.dumps(grid)
    done = keel("sweep", "--framework", framework, "--prices", prices, "--grid", text, "--out", out, *options, "--json")
    return done, pq.read_table(out) if done.code == 0 else None


def test_it_writes_a_row_per_policy(keel: Keel, framework: Path, prices: Path) -> None:
    done, table = swept(keel, framework, prices, GRID)
    assert (done.code, done.err) == (0, "")
    assert set(done.data) == {"policies", "seconds", "out"}
    assert done.data["policies"] == table.num_rows == 32
    assert table.column_names[:5] == list(GRID["axes"])
    assert table.column_names[5:] == [
        "total_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "calmar", "turnover_per_year",
        "rebalances", "cost_drag", "tracking_error", "tracking_difference", "policy",
    ]  # fmt: skip
    last = table.to_pylist()[-1]
    assert [last[axis] for axis in GRID["axes"]] == [300, '{"every_sessions": 10}', 0.5, 12.5, 1]


def test_the_table_says_what_it_rests_on(keel: Keel, framework: Path, prices: Path) -> None:
    _, table = swept(keel, framework, prices, GRID)
    said = {name.decode(): words.decode() for name, words in table.schema.metadata.items()}
    single = keel("backtest", "--framework", framework, "--prices", prices, "--policy", "annual", "--json").data["meta"]
    assert said["notice"] == single["notice"]
    assert said["prices fingerprint"] == single["prices_fingerprint"]
    assert (said["framework"], said["window"]) == ("Test", f"{single['first']} to {single['last']}")
    assert (said["lag"], said["cost"]) == ("one a row", "one a row")
    assert json.loads(said["grid"]) == GRID


def test_a_row_repeats_as_a_backtest(keel: Keel, framework: Path, prices: Path) -> None:
    _, table = swept(keel, framework, prices, GRID, "--metrics", "all", "--start", "2012-01-01")
    given = ("--framework", framework, "--prices", prices, "--start", "2012-01-01", "--json")
    for row in table.to_pylist()[::5]:
        single = keel("backtest", *given, "--policy", row["policy"]).data
        assert single["meta"]["lag"] == row["lag"]
        for name, value in single["metrics"].items():
            found = row[name]
            if name.startswith("max_drawdown_"):
                found = found and str(found)
            assert found == (pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value), name


def test_options_win_over_the_settings_a_row_brings(keel: Keel, framework: Path, prices: Path) -> None:
    given = ("backtest", "--framework", framework, "--prices", prices, "--json")
    row = '{"trigger": "calendar", "look": "monthly", "cost_bps": 50, "lag": 1}'
    bare = '{"trigger": "calendar", "look": "monthly"}'
    assert keel(*given, "--policy", row).data["wealth"] == keel(
        *given, "--policy", bare, "--run", '{"cost_bps": 50, "lag": 1}'
    ).data["wealth"]  # fmt: skip
    assert keel(*given, "--policy", row, "--lag", 0).data["meta"]["lag"] == 0
    refused(keel(*given, "--policy", row, "--policy", bare), "different run settings")
    refused(keel(*given, "--policy", '{"trigger": "never", "cost_bps": "x"}'), "cost_bps")


def test_frameworks_and_windows_multiply_the_job(keel: Keel, framework: Path, prices: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(framework_json(dict(zip(TARGETS, (0.1, 0.2, 0.3, 0.4), strict=True)))), "utf-8")
    axes = {"cost_bps": [0, 5], "framework": [str(framework), str(other)], "start": ["2012-01-01", None]}
    _, table = swept(keel, framework, prices, {"base": "annual", "axes": axes})
    rows = table.to_pylist()
    assert table.column_names[:3] == ["framework", "start", "cost_bps"]
    assert [(r["framework"] == str(other), r["start"], r["cost_bps"]) for r in rows] == [
        (f, s, c) for f in (False, True) for s in ("2012-01-01", None) for c in (0, 5)
    ]
    assert len({r["cagr"] for r in rows}) == 8


def test_forbidden_rows_are_left_out_on_request(keel: Keel, framework: Path, prices: Path) -> None:
    grid = {"base": GRID["base"], "axes": {"trigger": ["calendar", "band", "never"], "band.width_bps": [100, -1]}}
    refused(swept(keel, framework, prices, grid)[0], "trigger calendar, band.width_bps 100", "--skip-invalid")
    _, table = swept(keel, framework, prices, grid, "--skip-invalid")
    assert table["trigger"].to_pylist() == ["band", "never"]


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ({"base": "annual", "axes": {"lag": {"from": 0, "to": 9, "count": 10**9}}}, ["1,000,000,000", "--max-"]),
        ({"base": "annual", "axes": {}}, ["no axes"]),
        ({"base": GRID["base"], "axes": {"band.width_bps": [-100]}}, ["band.width_bps", "-100"]),
        ({"base": "annual", "axes": {"start": ["2050-01-01"]}}, ["prices.csv", "1 Jan 2050"]),
        ({"base": "annual", "axes": {"start": ["soon"]}}, ["'soon'", "start"]),
        ({"base": "annual", "axes": {"history": [0.5]}}, ["history", "whole numbers"]),
        ({"base": "annual", "axes": {"framework": ["nowhere.json"]}}, ["nowhere.json"]),
        ("{", ["--grid", "JSON"]),
        ("absent.json", ["absent.json"]),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_line(
    keel: Keel, framework: Path, prices: Path, grid: Any, words: list[str]
) -> None:
    refused(swept(keel, framework, prices, grid)[0], *words)


def test_the_table_needs_a_place(keel: Keel, framework: Path, prices: Path) -> None:
    given = (
        "sweep",
        "--framework",
        framework,
        "--prices",
        prices,
        "--grid",
        '{"base": "annual", "axes": {"lag": [0]}}',
    )
    refused(keel(*given, "--out", "table.xlsx"), ".parquet")
    refused(keel(*given, "--out", framework.parent / "none" / "r.parquet"), "folder")
    refused(keel(*given), "--out")


def test_the_limit_can_be_raised(keel: Keel, framework: Path, prices: Path) -> None:
    grid = {"base": "annual", "axes": {"cost_bps": {"from": 0, "to": 10, "count": 30}}}
    refused(swept(keel, framework, prices, grid, "--max-policies", 20)[0], "30 policies", "limit of 20")
    assert swept(keel, framework, prices, grid, "--max-policies", 30)[1].num_rows == 30


@pytest.mark.slow
def test_an_interrupt_writes_what_is_done(framework: Path, prices: Path) -> None:
    out = framework.parent / "part.parquet"
    axes = {"band.width_bps": {"from": 1, "to": 900, "count": 90_000}}
    grid = json.dumps({"base": {**GRID["base"], "fixed_fee": 1}, "axes": axes})
    code = (
        "import os, signal, sys; from keel.commands import sweep\n"
        "sent, first = [], sweep._Line.__call__\n"
        "def interrupt(line, progress):\n"
        "    sent or os.kill(os.getpid(), signal.SIGINT); sent.append(1); first(line, progress)\n"
        "sweep._Line.__call__ = interrupt\n"
        "from keel.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "sweep", "--framework", str(framework), "--prices", str(prices), "--grid", grid,
         "--out", str(out), "--json"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 130, done
    assert done.stderr.startswith("Interrupted: ")
    assert 0 < pq.read_table(out).num_rows == json.loads(done.stdout)["policies"] < 90_000


def test_a_second_control_c_ends_at_once_and_says_so(
    keel: Keel, framework: Path, prices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_arguments: object, **_options: object) -> None:
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("keel.backtest.sweep.run.run", pressed)
    done, _ = swept(keel, framework, prices, GRID)
    assert (done.code, done.out) == (130, "")
    assert done.err == "Interrupted twice: ended at once, before the table was written.\n"
    assert not (framework.parent / "out.parquet").exists()


def test_writing_a_long_table_takes_no_time(tmp_path: Path) -> None:
    from keel.commands.sweep import write

    axes = {"band.width_bps": {"from": 50, "to": 1000, "count": 64}, "cost_bps": {"from": 0, "to": 50, "count": 2000}}
    table = run(example(60, 3), parse_grid({"base": GRID["base"], "axes": axes}))
    write(table, str(tmp_path / "warm.parquet"), Provenance())
    begun = time.process_time()  # of this process: other work on the machine does not count
    write(table, str(tmp_path / "long.parquet"), Provenance())
    assert time.process_time() - begun < 0.5
    assert len(set(pq.read_table(tmp_path / "long.parquet")["policy"].to_pylist())) == 128_000


def test_a_notebook_gets_the_same_table(keel: Keel, framework: Path, prices: Path) -> None:
    import keel as package

    _, table = swept(keel, framework, prices, GRID)
    there = package.sweep_policies(package.read_framework(framework), prices, GRID).to_arrow()
    assert there["policy"].to_pylist() == table["policy"].to_pylist()
    assert there["cagr"].to_pylist() == table["cagr"].to_pylist()


def test_more_policies_than_the_memory_holds_are_refused_before_they_are_made(
    keel: Keel, framework: Path, prices: Path
) -> None:
    grid = {"base": GRID["base"], "axes": {"cost_bps": {"from": 0, "to": 1, "count": 10**9}}}
    done, _ = swept(keel, framework, prices, grid, "--max-policies", 10**10)
    refused(done, "1,000,000,000 policies, more than the limit of")
