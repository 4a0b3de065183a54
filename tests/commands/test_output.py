"""What a command says, and how."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from keel.commands import output
from keel.commands.output import one_line, reply, require_writable, table, written
from keel.errors import InputError


def test_json_never_holds_nan() -> None:
    assert json.loads(reply({"a": 0.1 + 0.2}, "", as_json=True).text)["a"] == 0.1 + 0.2
    with pytest.raises(ValueError, match="JSON"):
        reply({"a": float("nan")}, "", as_json=True)


def test_a_line_is_one_line_and_bounded() -> None:
    assert one_line("a\r\nb\tc\x07") == "a b c"
    assert len(one_line("x" * 10_000)) == 500


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_spinner_turns_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "SPIN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(output, "SPIN_SECONDS", 0.001)
    for stream, turns in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with output.busy("Working"):
            while turns and "Working" not in stream.getvalue():
                pass
        assert ("Working" in stream.getvalue()) is turns
        assert stream.getvalue().endswith("\r\x1b[K" if turns else "")


def test_columns_align() -> None:
    assert table([["", "x"], ["long name", "1"]]) == "           x\nlong name  1"


def test_a_reply_has_the_form_that_was_asked_for() -> None:
    assert reply({"a": 1}, "one", as_json=False).text == "one"
    assert reply({"a": 1}, "one", as_json=True, code=3).code == 3


def test_a_file_to_write_has_its_ending_its_folder_and_is_no_input(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("x", encoding="utf-8")
    require_writable("--out", str(tmp_path / "out.csv"), (".csv",), [str(source), '{"base": "annual"}'])
    for path, words in (
        (tmp_path / "out.txt", "must end in .csv"),
        (tmp_path / "no" / "out.csv", "its folder must exist"),
        (source, "is an input of this command"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            require_writable("--out", str(path), (".csv",), [str(source)])
        assert caught.value.message.startswith("--out")


def test_a_link_to_an_input_is_that_input(tmp_path: Path) -> None:
    source, soft, hard = tmp_path / "in.csv", tmp_path / "soft.csv", tmp_path / "hard.csv"
    source.write_text("x", encoding="utf-8")
    soft.symlink_to(source)
    hard.hardlink_to(source)
    for path in (soft, hard):
        with pytest.raises(InputError, match="is an input of this command"):
            require_writable("--out", str(path), (".csv",), [str(source)])


def test_the_database_its_log_and_its_copies_are_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, hard, soft = tmp_path / "keel.duckdb", tmp_path / "hard.csv", tmp_path / "soft.csv"
    log, copy = tmp_path / "keel.duckdb.wal", tmp_path / "keel.duckdb.before-2"
    for file in (database, copy):
        file.write_bytes(b"data")
    hard.hardlink_to(database)
    soft.symlink_to(database)
    monkeypatch.setenv("KEEL_DB", str(database))
    for path in (database, hard, soft, log, copy):
        with pytest.raises(InputError, match="belongs to Keel's database"), written(str(path)):
            pass
        with pytest.raises(InputError, match=r"--out: .* belongs to Keel's database"):
            require_writable("--out", str(path), (), ())
    assert (database.read_bytes(), copy.read_bytes(), log.exists()) == (b"data", b"data", False)
