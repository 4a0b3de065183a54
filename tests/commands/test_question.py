"""What backtest and verify are asked alike."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from keel.commands.question import Options, options, read
from keel.domain.policy.presets import PRESETS
from keel.errors import InputError


def given(framework: Path, prices: Path, **changed: Any) -> Options:
    """The options as click gives them, with those changed."""
    usual: dict[str, Any] = {
        "framework_path": str(framework),
        "prices_path": str(prices),
        "policies": ("annual", "never"),
        "run_json": None,
        "cost_bps": None,
        "lag": None,
        "start": None,
        "end": None,
        "benchmark": None,
    }
    return Options(**(usual | changed))  # type: ignore[typeddict-item]


def test_the_options_become_one_question(framework: Path, prices: Path) -> None:
    start = date(2012, 1, 2)
    subject, question = read(given(framework, prices, cost_bps=7.0, lag="0", start=start, benchmark="AAA"))
    assert question.policies == {"annual": PRESETS["annual"], "never": PRESETS["never"]}
    assert (question.settings.cost_bps, question.settings.lag) == (7.0, 0)
    assert (question.start, question.benchmark, subject.book.symbols) == (start, "AAA", ("AAA", "BBB", "CCC", "DDD"))


def test_an_option_wins_over_the_run_settings(framework: Path, prices: Path) -> None:
    _, question = read(
        given(framework, prices, run_json=json.dumps({"cost_bps": 1, "annual_fee_bps": 30}), cost_bps=9.0)
    )
    assert (question.settings.cost_bps, question.settings.annual_fee_bps) == (9.0, 30)


def test_its_results_are_a_policy_each_and_the_benchmarks(framework: Path, prices: Path) -> None:
    subject, question = read(given(framework, prices, benchmark="BBB"))
    results = subject.results(question)
    assert [result.name for result in results] == ["annual", "never", "BBB"]
    assert results[0].meta.framework_name == "Test"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"start": date(2013, 1, 1), "end": date(2012, 1, 1)}, "--start"),
        ({"benchmark": "ZZZ"}, "--benchmark"),
        ({"policies": ("anual",)}, "--policy"),
        ({"run_json": "[]"}, "--run"),
        ({"cost_bps": -1.0}, "--cost-bps"),
    ],
)
def test_a_complaint_names_the_option(framework: Path, prices: Path, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(given(framework, prices, **changed))


def test_a_command_gets_every_option_the_question_reads() -> None:
    @click.command()
    @options(required=False)
    def command(**_: object) -> None: ...

    assert {param.name for param in command.params} == set(Options.__annotations__)
    assert not any(param.required for param in command.params)
