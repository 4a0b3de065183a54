"""The boundary of the command line: exit codes, one line on stderr, help, interruptions, a fast start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest

import keel
from keel import cli
from keel.commands.output import Reply
from keel.errors import InputError

SOURCE = Path(keel.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}


def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "keel", *arguments], capture_output=True, text=True, env=ENVIRONMENT, check=False, **more
    )


def boom(error: BaseException) -> click.Command:
    @click.command("boom")
    def command() -> Reply:
        raise error

    return command


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make ``keel boom`` raise the given error."""

    def arrange(error: BaseException) -> int:
        monkeypatch.setitem(cli.cli.commands, "boom", boom(error))
        return cli.main(["boom"])

    return arrange


def test_without_arguments_it_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    for name in ("validate", "map", "backtest", "drift", "init", "serve", "export"):
        assert name in shown


@pytest.mark.parametrize("name", sorted(cli.cli.commands))
def test_every_command_has_help_and_takes_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    capsys.readouterr()
    command = cli.cli.commands[name]
    leaves = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for leaf in leaves:
        assert any("--json" in param.opts for param in leaf.params), f"{name} {leaf.name}"
        assert leaf.help


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"keel {keel.__version__}"
    project = (SOURCE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{keel.__version__}"' in project


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["backtst"], ["backtst", "backtest"]),
        (["validate"], ["FRAMEWORK", "keel validate --help"]),
        (["validate", "a", "b"], ["keel validate"]),
        (["backtest", "--nonsense"], ["--nonsense"]),
        (["backtest", "--prices", "p.csv"], ["--framework"]),
        (["export", "nothing"], ["nothing"]),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    for word in words:
        assert word in err


def test_an_error_of_ours_is_its_sentence_and_hint(raising: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(InputError("f.csv has\nno rows.", hint="Add one.")) == 2
    assert capsys.readouterr() == ("", "f.csv has no rows. Add one.\n")


def test_a_bug_is_one_line_and_its_traceback_goes_to_the_log(
    raising: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KEEL_DEBUG", raising=False)
    assert raising(RuntimeError("what\nnow")) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "internal problem" in err, "KEEL_DEBUG" in err) == ("", 1, True, True)
    log = tmp_path / "keel.log"
    monkeypatch.setenv("KEEL_DEBUG", str(log))
    assert raising(RuntimeError("what now")) == 2
    assert str(log) in capsys.readouterr().err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_the_log_of_a_bug_never_takes_the_place_of_the_database(
    raising: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = tmp_path / "keel.duckdb"
    database.write_bytes(b"data")
    monkeypatch.setenv("KEEL_DB", str(database))
    for log in (database, tmp_path / "none" / "keel.log"):
        monkeypatch.setenv("KEEL_DEBUG", str(log))
        assert raising(RuntimeError("what now")) == 2
        assert "RuntimeError: what now" in capsys.readouterr().err
    assert database.read_bytes() == b"data"


def test_control_c_is_quiet(raising: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(KeyboardInterrupt()) == 130
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", "")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    path = tmp_path / "f.json"
    path.write_text(json.dumps(VALID), encoding="utf-8")
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "keel", "validate", str(path), "--json"],
            stdout=closed, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("to", "words"), [(">&-", "the output is closed"), ("> /dev/full", "No space left")], ids=["closed", "full"]
)
@pytest.mark.parametrize("options", ["", "--json"])
def test_an_answer_that_cannot_be_written_is_one_line(tmp_path: Path, to: str, words: str, options: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(VALID), encoding="utf-8")
    command = f'"{sys.executable}" -m keel validate "{path}" {options} {to}'
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("The answer cannot be written: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("to", ["2>&-", "2> /dev/full"])
def test_a_complaint_that_cannot_be_written_keeps_its_exit_code(tmp_path: Path, to: str) -> None:
    command = f'"{sys.executable}" -m keel validate "{tmp_path / "none"}" {to}'
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, check=False)
    assert (done.returncode, done.stdout) == (2, "")


VALID = {
    "keel": 1,
    "name": "Größe \ud83d\ude00",
    "buckets": [
        {"path": "AssetClass/Equity", "label": "Équité", "target_weight": 0.6},
        {"path": "AssetClass/Bonds", "label": "Bonds", "target_weight": 0.4},
    ],
}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_terminal_encoding_is_enough(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(VALID), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "keel", "validate", str(path)],
        capture_output=True, env={**ENVIRONMENT, "PYTHONIOENCODING": encoding}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.speed
@pytest.mark.parametrize("arguments", [["--help"], ["validate", "f.json", "--json"]])
def test_it_starts_fast(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "f.json").write_text(json.dumps(VALID), encoding="utf-8")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = run(*arguments, cwd=tmp_path)
        times.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stderr
    # 0.4 s on a quiet machine; tests share theirs with others
    assert min(times) < 1.2, times


def test_validate_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(json.dumps(VALID), encoding="utf-8")
    code = (
        "import sys\nfrom keel.cli import main\nmain(['validate', 'f.json', '--json'])\n"
        "print([m for m in ('pandas', 'numba', 'duckdb', 'pyarrow', 'fastapi', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_python_interface_offers_every_name() -> None:
    for name in keel.__all__:
        assert getattr(keel, name) is not None
    assert set(keel.__all__) <= set(dir(keel))
    with pytest.raises(AttributeError):
        keel.nothing  # noqa: B018
