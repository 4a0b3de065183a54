"""``keel verify``: agreement, disagreement and refusals, with a plain ledger in the place of vectorbt."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

from keel.audit import auditor
from keel.units import day

LEDGER = Path(__file__).parents[1] / "audit" / "ledger.py"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An auditor that finds one part in a thousand more from the 400th close on."""
    text = LEDGER.read_text(encoding="utf-8")
    script = tmp_path / "wrong.py"
    script.write_text(text.replace("return total", "total[400:] *= 1.001; return total"), encoding="utf-8")
    monkeypatch.setattr(auditor, "SCRIPT", script)


def test_it_says_for_each_policy_that_the_two_agree(keel: Keel, framework: Path, prices: Path) -> None:
    done = keel("verify", "--framework", framework, "--prices", prices, "--policy", "annual", "--policy", "edge_5pp")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == ["annual", "edge_5pp"]
    assert all("audited against vectorbt" in line and "largest difference" in line for line in lines)


def test_json_has_a_run_a_policy_and_the_benchmark(keel: Keel, framework: Path, prices: Path) -> None:
    settings = json.dumps({"cost_bps": 10, "annual_fee_bps": 50, "fixed_fee": 1, "charge_initial": True})
    done = keel(
        "verify", "--framework", framework, "--prices", prices, "--policy", "monthly", "--run", settings,
        "--start", "2012-01-03", "--benchmark", "BBB", "--json",
    )  # fmt: skip
    assert done.code == 0
    first, beside = done.data["runs"]
    assert (first["policy"], beside["policy"]) == ("monthly", "BBB")
    assert set(first) == {
        "policy", "auditor", "version", "orders", "largest_difference", "first_difference", "ok"
    }  # fmt: skip
    assert (first["auditor"], first["ok"], first["first_difference"]) == ("vectorbt", True, None)
    assert 0.0 <= first["largest_difference"] < 1e-12


def test_disagreement_is_one_line_that_names_policy_and_day(
    keel: Keel, framework: Path, prices: Path, wrong: None, dates: list[date]
) -> None:
    done = keel("verify", "--framework", framework, "--prices", prices, "--policy", "annual")
    refused(done, "annual differs from vectorbt", day(dates[400]))


def test_disagreement_in_json_has_both_numbers(
    keel: Keel, framework: Path, prices: Path, wrong: None, dates: list[date]
) -> None:
    done = keel("verify", "--framework", framework, "--prices", prices, "--policy", "annual", "--json")
    assert done.code == 2
    assert done.err.count("\n") == 1
    run = done.data["runs"][0]
    assert run["ok"] is False
    assert run["first_difference"]["date"] == str(dates[400])
    assert run["first_difference"]["auditor"] == pytest.approx(run["first_difference"]["keel"] * 1.001)


def test_without_vectorbt_it_says_what_to_install(
    keel: Keel, framework: Path, prices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "NAME", "a_package_nobody_has")
    refused(keel("verify", "--framework", framework, "--prices", prices), "not installed", "keel[audit]")


def test_it_needs_files_or_a_run_and_not_both(keel: Keel, framework: Path, prices: Path) -> None:
    refused(keel("verify"), "--framework and --prices, or the id")
    refused(keel("verify", "--framework", framework), "--framework and --prices, or the id")
    refused(keel("verify", "run_1", "--framework", framework), "give its id alone")


def test_bad_inputs_are_refused_as_in_backtest(keel: Keel, framework: Path, prices: Path, tmp_path: Path) -> None:
    refused(keel("verify", "--framework", tmp_path / "none.json", "--prices", prices), "none.json")
    refused(keel("verify", "--framework", framework, "--prices", prices, "--policy", "yearly"), "yearly")
    refused(keel("verify", "--framework", framework, "--prices", prices, "--benchmark", "ZZZ"), "--benchmark")
    refused(
        keel("verify", "--framework", framework, "--prices", prices, "--start", "2014-01-01", "--end", "2013-01-01"),
        "--start",
    )


def test_a_stored_run_is_audited_by_its_id(
    keel: Keel, sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    from keel.domain.policy.presets import PRESETS
    from keel.domain.policy.records import RunSettings
    from keel.domain.study.question import Question
    from keel.services import example, study
    from keel.store.connection import Database

    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    db = Database.open(path)
    portfolio = example.open_example(db)
    stored = study.run_backtest(
        db, Question(portfolio.id, {"Yearly": PRESETS["annual"]}, RunSettings(), benchmark="MSCI US")
    )
    db.close()
    monkeypatch.setenv("KEEL_DB", str(path))
    done = keel("verify", stored.run_id, "--json")
    assert done.code == 0, done.err
    assert [(run["policy"], run["ok"]) for run in done.data["runs"]] == [("Yearly", True)]
    refused(keel("verify", "run_nothing"), "run_nothing")
