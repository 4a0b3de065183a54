"""What a command says: one reply, written once at the end, so that a failure leaves stdout empty."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel.errors import InputError

if TYPE_CHECKING:
    from keel.domain.constraints.evaluation import Verdict

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
SPIN_AFTER_SECONDS = 1.0
SPIN_SECONDS = 0.1
LONGEST_LINE = 500

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole of a command's output and its exit code."""

    text: str
    code: int = 0


def reply(data: object, text: str, as_json: bool, code: int = 0) -> Reply:
    """The reply in the form asked for; JSON keeps full float precision, InputError for a number that is not finite."""
    if not as_json:
        return Reply(text, code)
    try:
        return Reply(json.dumps(data, allow_nan=False), code)
    except ValueError:
        raise InputError(
            "The answer holds a number that is not finite, which JSON has no form for.", hint="Check the numbers given."
        ) from None


def one_line(text: str) -> str:
    """The text on one line, without control characters, at most 500 characters long.

    >>> one_line("a\\n b\\x1b[31m")
    'a b[31m'
    """
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def table(rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Rows as aligned columns: the first ``left`` to the left, the others to the right.

    >>> print(table([["", "a"], ["CAGR", "6.4%"]]))
             a
    CAGR  6.4%
    """
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


VERDICT_WORDS = {"pass": "met", "fail": "broken", "unknown": "not known"}


def verdict_block(verdicts: Sequence[Verdict]) -> list[str]:
    """The lines of ``verdict_lines`` as one paragraph, none without limits."""
    return ["\n".join(verdict_lines(verdicts))] if verdicts else []


def verdict_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """A line for each limit: how it stands, and who breaks it."""
    from keel.domain.constraints.evaluation import in_full

    return [f"limit {VERDICT_WORDS[v.status]}: {in_full(v)}" for v in verdicts]


def require_writable(option: str, path: str, endings: Sequence[str], sources: Sequence[str]) -> None:
    """Raise when the file of an option cannot be written: its ending, its folder, or it is an input or the database.

    ``sources`` are the files the command reads; one that is JSON itself is no file. No ``endings``: any will do.
    """
    from keel.sources.files.written import same_file

    target = Path(path)
    if endings and target.suffix not in endings:
        raise InputError(f"{option}: {path} must end in {' or '.join(endings)}.", subject=path)
    if not target.parent.is_dir() or target.is_dir():
        raise InputError(f"{option}: {path} cannot be written; its folder must exist.", subject=path)
    files = [source for source in sources if not source.lstrip().startswith(("{", "["))]
    if any(same_file(target, Path(source)) for source in files):
        raise InputError(f"{option}: {path} is an input of this command; choose another name.", subject=path)
    _require_not_the_database(path, f"{option}: {path}")


@contextmanager
def written(path: str) -> Iterator[Path]:
    """A file to write to that takes the place of ``path`` when the block ends well (see ``sources.files.written``).

    Raises InputError for the open database, its log and its copies.
    """
    from keel.sources.files.written import written as whole

    _require_not_the_database(path, path)
    with whole(path) as part:
        yield part


def _require_not_the_database(path: str, shown: str) -> None:
    from keel.settings import load
    from keel.sources.files.written import of_database, same_file

    if any(same_file(Path(path), file) for file in of_database(load().db_path)):
        raise InputError(f"{shown} belongs to Keel's database; choose another name.", subject=path)


def on_a_terminal() -> bool:
    """Whether somebody watches stderr, which may be closed."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def busy(label: str) -> Iterator[None]:
    """A spinner on stderr while the block runs: only on a terminal, and only after its first second."""
    if not on_a_terminal():
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_spin, args=(label, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _spin(label: str, done: threading.Event) -> None:
    if done.wait(SPIN_AFTER_SECONDS):
        return
    frame = 0
    while not done.wait(SPIN_SECONDS):
        sys.stderr.write(f"\r{SPINNER[frame % len(SPINNER)]} {label}")
        sys.stderr.flush()
        frame += 1
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
