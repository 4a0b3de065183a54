"""Exports: every file says what it is not, and no cell is a formula."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import keel
from keel import vocabulary
from keel.backtest.provenance import of_study
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.services import example, export, history, study
from keel.store.connection import Database


@pytest.fixture
def hostile(db: Database) -> study.Study:
    policies = {"=cmd|' /C calc'!A1": PRESETS["never"], "Yearly": PRESETS["annual"]}
    return study.run_backtest(db, Question(example.open_example(db).id, policies, RunSettings(cost_bps=10)))


def rows(text: str) -> list[list[str]]:
    lines = text.splitlines()
    assert lines[0] == "# Hypothetical results, not investment advice."
    return list(csv.reader(line for line in lines if not line.startswith("# ")))


def facts(text: str) -> dict[str, str]:
    """What the lines at the top say, by name."""
    return dict(line[2:].split(": ", 1) for line in text.splitlines()[1:] if line.startswith("# "))


def test_the_study_has_wealth_and_weights_of_each_policy_in_full_precision(hostile: study.Study) -> None:
    results = hostile.results
    header, *table = rows(export.study_csv(hostile))
    label = results[0].book.labels[0]
    assert header[:3] == ["date", "'=cmd|' /C calc'!A1", f"'=cmd|' /C calc'!A1: {label}"]
    assert header[8] == "Yearly"
    assert len(table) == len(results[0].dates)
    assert float(table[-1][8]) == results[1].wealth[-1]
    assert float(table[-1][9]) == results[1].weights[-1, 0]


def test_a_result_on_fewer_dates_leaves_cells_empty(hostile: study.Study) -> None:
    results = hostile.results
    late = results[1]
    late = replace(late, dates=late.dates[10:], wealth=late.wealth[10:], weights=late.weights[10:])
    table = rows(export.study_csv(replace(hostile, results=(results[0], late))))[1:]
    assert [row[8] == "" for row in table[:12]] == [True] * 10 + [False] * 2
    assert export.study_csv(replace(hostile, results=())).endswith("date\n")


def test_metrics_and_trades_are_tables(hostile: study.Study) -> None:
    results = hostile.results
    metrics = {row[0]: row[1:] for row in rows(export.metrics_csv(hostile))}
    assert float(metrics["cagr"][1]) == results[1].metrics["cagr"]
    assert metrics["max_drawdown_peak"][1] == str(results[1].metrics["max_drawdown_peak"])
    header, *table = rows(export.trades_csv(hostile))
    assert header == ["policy", "date", "decided", "symbol", "from", "to", "turnover", "cost"]
    assert len(table) == sum(len(event.trades) for event in results[1].events)
    assert {row[0] for row in table} == {"Yearly"}


def test_the_json_is_complete_and_carries_the_notice(hostile: study.Study) -> None:
    results = hostile.results
    found = json.loads(export.study_json(hostile))
    assert found["notice"] == vocabulary.HYPOTHETICAL
    assert [run["policy"] for run in found["runs"]] == [result.name for result in results]
    assert found["runs"][1]["wealth"][-1]["wealth"] == results[1].wealth[-1]


@pytest.fixture
def asked(db: Database) -> study.Study:
    policies = {"Yearly": PRESETS["annual"]}
    settings = RunSettings(cost_bps=10, annual_fee_bps=50)
    return study.run_backtest(db, Question(example.open_example(db).id, policies, settings, benchmark="SPY"))


WHAT = {
    "keel", "framework", "framework id", "version", "window", "frequency", "prices", "proxies", "survivors", "lag",
    "cost", "policies", "settings", "prices fingerprint", "notes", "proxies measured",
}  # fmt: skip


def test_every_table_says_what_it_rests_on(db: Database, asked: study.Study) -> None:
    meta = asked.results[0].meta
    drift = history.drift(asked, "Yearly")
    tables = [export.study_csv(asked), export.metrics_csv(asked), export.trades_csv(asked)]
    for text in [*tables, export.drift_csv(drift, asked)]:
        said = facts(text)
        assert set(said) == WHAT
        assert said["keel"] == keel.__version__
        assert (said["framework"], said["framework id"]) == (meta.framework_name, meta.framework_id)
        assert said["window"] == f"{meta.first} to {meta.last}"
        assert (said["lag"], said["cost"]) == (str(meta.lag), "10 bps of traded value, each side")
        assert said["prices fingerprint"] == meta.fingerprint
        assert json.loads(said["settings"])["annual_fee_bps"] == 50
        assert all(note in said["notes"] for note in asked.notes)


def test_the_benchmark_stands_beside_the_policies(asked: study.Study) -> None:
    assert asked.benchmark is not None
    header, *table = rows(export.study_csv(asked))
    assert header[-1] == "Benchmark SPY"
    assert float(table[-1][-1]) == asked.benchmark.wealth[-1]
    assert rows(export.metrics_csv(asked))[0] == ["metric", "Yearly", "Benchmark SPY"]
    assert json.loads(export.study_json(asked))["benchmark"]["symbol"] == "SPY"


def test_the_json_of_a_run_remembers_too(asked: study.Study) -> None:
    back = json.loads(export.study_json(asked))
    assert back["provenance"]["prices fingerprint"] == asked.results[0].meta.fingerprint
    meta = back["runs"][0]["meta"]
    assert (meta["notice"], meta["keel"]) == (vocabulary.HYPOTHETICAL, keel.__version__)
    assert {"proxies", "survivors", "lag", "settings", "price_kind", "prices_fingerprint"} <= meta.keys()


def test_parquet_remembers_in_its_metadata(asked: study.Study) -> None:
    table, record = pa.table({"a": [1]}), of_study(asked.results)
    back = pq.read_table(BytesIO(export.table_parquet(table, record))).schema.metadata
    assert {name.decode(): text.decode() for name, text in back.items()} == record.facts()
    assert export.table_csv(table, record).endswith("\na\n1\n")
