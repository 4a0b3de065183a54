"""The command line under hostile input: exit 0, 1 or 2, one line on stderr or none, no warning, no internal problem."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.attack import inputs

from keel.cli import main
from keel.errors import KeelError
from keel.services import design
from keel.sources.embedded import sample

ROUNDS = int(os.environ.get("KEEL_ATTACK", "1"))  # times as many cases; 1 is what the suite has time for
Random = random.Random
SAMPLE = cache(sample.load)
FRAMEWORK_ROWS = 'path,target_weight,holdings,rules,band\nA/AAA,60%,AAA:1,,\nA/BBB,0.4,BBB:0.5;CCC:0.5,"{}",'


@dataclass(frozen=True)
class Folder:
    """Where a case writes its files."""

    path: Path

    def write(self, name: str, content: str | bytes) -> str:
        target = self.path / name
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", errors="replace"))
        return str(target)


def framework_json(rng: Random, folder: Folder) -> list[str]:
    text = inputs.spoiled_json(rng, inputs.framework(rng))
    return ["validate", folder.write("f.json", inputs.encoded(rng, text))]


def framework_csv(rng: Random, folder: Folder) -> list[str]:
    return ["validate", folder.write("f.csv", inputs.encoded(rng, inputs.spoiled_text(rng, FRAMEWORK_ROWS)))]


def _study(rng: Random, folder: Folder, prices: str | bytes, name: str = "p.csv") -> list[str]:
    framework = folder.write("f.json", json.dumps(inputs.framework(rng)))
    return [
        "--framework",
        framework,
        "--prices",
        folder.write(name, prices),
        *(["--json"] if rng.random() < 0.5 else []),
    ]


def wide_prices(rng: Random, folder: Folder) -> list[str]:
    text = inputs.spoiled_text(rng, inputs.wide(rng))
    return ["backtest", *_study(rng, folder, inputs.encoded(rng, text)), "--policy", "annual"]


def long_prices(rng: Random, folder: Folder) -> list[str]:
    return ["backtest", *_study(rng, folder, inputs.spoiled_text(rng, inputs.long(rng))), "--policy", "abs_5pp"]


def parquet_prices(rng: Random, folder: Folder) -> list[str]:
    data = inputs.spoiled_bytes(rng, inputs.parquet(rng))
    return ["backtest", *_study(rng, folder, data, "p.parquet"), "--policy", "never"]


def policies(rng: Random, folder: Folder) -> list[str]:
    text = inputs.spoiled_json(rng, inputs.policy(rng))
    return ["backtest", *_study(rng, folder, inputs.wide(rng)), "--policy", text]


def run_settings(rng: Random, folder: Folder) -> list[str]:
    text = inputs.spoiled_json(rng, inputs.settings(rng))
    return ["backtest", *_study(rng, folder, inputs.wide(rng)), "--policy", "monthly", "--run", text]


def lawful(rng: Random, folder: Folder) -> list[str]:
    policy, settings = json.dumps(inputs.policy(rng)), json.dumps(inputs.settings(rng))
    given = ["--policy", policy, "--run", settings, "--benchmark", "AAA"]
    return ["backtest", *_study(rng, folder, inputs.wide(rng)), *given]


def holdings(rng: Random, folder: Folder) -> list[str]:
    text = inputs.holdings(rng) if rng.random() < 0.5 else inputs.spoiled_text(rng, inputs.holdings(rng))
    given = ["--holdings", folder.write("h.csv", text), "--policy", json.dumps(inputs.policy(rng))]
    as_of = ["--as-of", rng.choice(inputs.DAYS)] if rng.random() < 0.4 else []
    return ["drift", *_study(rng, folder, inputs.wide(rng)), *given, *as_of]


def universes(rng: Random, folder: Folder) -> list[str]:
    framework = folder.write("f.json", json.dumps(inputs.framework(rng)))
    text = inputs.spoiled_text(rng, inputs.universe(rng))
    filters = ["--filters", inputs.spoiled_json(rng, inputs.filters(rng))] if rng.random() < 0.5 else []
    weights = ["--weights", inputs.spoiled_json(rng, inputs.weights(rng))] if rng.random() < 0.3 else []
    return ["map", framework, "--universe", folder.write("u.csv", text), *filters, *weights, "--json"]


def grids(rng: Random, folder: Folder) -> list[str]:
    text = inputs.spoiled_json(rng, inputs.grid(rng))
    out = ["--out", str(folder.path / "out.parquet"), "--skip-invalid"]
    return ["sweep", *_study(rng, folder, inputs.wide(rng)), "--grid", text, *out]


CASES: dict[Callable[[Random, Folder], list[str]], int] = {
    framework_json: 400,
    framework_csv: 300,
    wide_prices: 300,
    long_prices: 200,
    parquet_prices: 200,
    policies: 200,
    run_settings: 200,
    lawful: 200,
    holdings: 250,
    universes: 50,
    grids: 12,
}


def json_file(rng: Random) -> tuple[bytes, str]:
    return inputs.encoded(rng, inputs.spoiled_json(rng, inputs.framework(rng))), "f.json"


def csv_file(rng: Random) -> tuple[bytes, str]:
    return inputs.encoded(rng, inputs.spoiled_text(rng, FRAMEWORK_ROWS)), "f.csv"


FILES: dict[Callable[[Random], tuple[bytes, str]], int] = {json_file: 4_500, csv_file: 4_000}


def complaint(arguments: list[str]) -> str:
    """What is wrong with how the command ended, empty when nothing is."""
    out, err = io.StringIO(), io.StringIO()
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        code = main(arguments)
    said = err.getvalue()
    if warned:
        return f"warned: {warned[0].message} ({warned[0].filename}:{warned[0].lineno})"
    if "internal problem" in said or "Traceback" in said:
        return said
    if code == 2:
        return "" if not out.getvalue() and said.count("\n") == 1 and said.endswith("\n") else f"2, {said!r}"
    return "" if code in (0, 1) and not said else f"{code}, {said!r}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_hostile_input_ends_in_an_answer_or_one_sentence(
    case: Callable[[Random, Folder], list[str]], tmp_path: Path
) -> None:
    wrong = []
    for n in range(CASES[case] * ROUNDS):
        rng = random.Random(f"{case.__name__} {n}")
        arguments = case(rng, Folder(tmp_path))
        said = complaint(arguments)
        if said:
            wrong.append(f"case {n}: {said} {arguments}")
    assert not wrong, f"{len(wrong)} of {CASES[case] * ROUNDS}\n" + "\n".join(line[:600] for line in wrong[:5])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__)
def test_a_hostile_file_is_read_or_refused_in_one_sentence(file: Callable[[Random], tuple[bytes, str]]) -> None:
    """The readers alone: thousands of files in the time that the command line takes for hundreds."""
    wrong = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in range(FILES[file] * ROUNDS):
            data, name = file(random.Random(f"{file.__name__} {n}"))
            try:
                design.read_file(data, name)
            except KeelError as error:
                if "\n" in error.message or not error.message:
                    wrong.append(f"case {n}: {error.message!r}")
            except Exception as error:
                wrong.append(f"case {n}: {error!r} {data[:300]!r}")
    assert not wrong, f"{len(wrong)} of {FILES[file] * ROUNDS}\n" + "\n".join(line[:600] for line in wrong[:5])


@pytest.fixture(autouse=True)
def _the_sample_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "load", SAMPLE)
