"""The auditor's process: what it is told, and one sentence for each way it can fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.audit.runs import BOOK, DEAR, PRICES, results

from keel.audit import auditor
from keel.audit.orders import Tape, tape
from keel.backtest.window import align
from keel.errors import AuditError


@pytest.fixture(scope="module")
def one() -> Tape:
    return tape(results(DEAR, "edge")[0], align(PRICES, BOOK.symbols))


def failing(tmp_path: Path, code: str) -> Path:
    script = tmp_path / "auditor.py"
    script.write_text(code, encoding="utf-8")
    return script


def test_the_ledger_comes_back_with_its_version(stand_in: None, one: Tape) -> None:
    replay = auditor.replay([one, one])
    assert replay.version == "0 (stand-in)"
    assert [len(values) for values in replay.values] == [len(PRICES.dates)] * 2


def test_without_vectorbt_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, one: Tape) -> None:
    monkeypatch.setattr(auditor, "NAME", "a_package_nobody_has")
    assert not auditor.available()
    with pytest.raises(AuditError, match="not installed") as refused:
        auditor.replay([one])
    assert "pip install 'keel[audit]'" in refused.value.hint


def test_a_failing_auditor_says_its_last_line(tmp_path: Path, one: Tape) -> None:
    with pytest.raises(AuditError, match="could not replay the run: ValueError: no such engine"):
        auditor.replay([one], script=failing(tmp_path, "raise ValueError('no such engine')"))


def test_what_is_small_is_not_compiled(tmp_path: Path, one: Tape, monkeypatch: pytest.MonkeyPatch) -> None:
    script = failing(tmp_path, "import os, sys; sys.exit(os.environ.get('NUMBA_DISABLE_JIT', 'compiled'))")
    with pytest.raises(AuditError, match="replay the run: 1"):
        auditor.replay([one], script=script)
    monkeypatch.setattr(auditor, "SMALL", 1)
    with pytest.raises(AuditError, match="replay the run: compiled"):
        auditor.replay([one], script=script)


def test_a_silent_failure_says_so(tmp_path: Path, one: Tape) -> None:
    with pytest.raises(AuditError, match="does not say why"):
        auditor.replay([one], script=failing(tmp_path, "import os; os._exit(3)"))


def test_a_killed_auditor_names_the_signal_and_the_memory(tmp_path: Path, one: Tape) -> None:
    with pytest.raises(AuditError, match="signal 9") as refused:
        auditor.replay([one], script=failing(tmp_path, "import os; os.kill(os.getpid(), 9)"))
    assert "memory" in refused.value.hint


def endless(folder: Path) -> tuple[Path, Path]:
    """A script that never ends, and the file into which it writes the id of its process."""
    note = folder / "pid"
    code = (
        f"import os, pathlib, time; draft = pathlib.Path({str(note)!r} + '.draft');"
        f" draft.write_text(str(os.getpid())); draft.rename({str(note)!r}); time.sleep(600)"
    )
    return failing(folder, code), note


def is_alive(note: Path) -> bool:
    try:
        os.kill(int(note.read_text(encoding="utf-8")), 0)
    except ProcessLookupError:
        return False
    return True


def test_an_auditor_that_never_ends_is_stopped(tmp_path: Path, one: Tape) -> None:
    script, note = endless(tmp_path)
    with pytest.raises(AuditError, match=r"stopped after 0\.5 seconds"):
        auditor.replay([one], script=script, timeout=0.5)
    assert not note.exists() or not is_alive(note)


def test_an_auditor_that_is_no_longer_wanted_is_stopped(tmp_path: Path, one: Tape) -> None:
    script, note = endless(tmp_path)
    with pytest.raises(AuditError, match=r"The audit was stopped\."):
        auditor.replay([one], script=script, cancel=note.exists)
    assert not is_alive(note)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "without an answer"),
        ("import sys; open(sys.argv[2], 'w').write('not an archive')", "without an answer"),
        ("import sys, numpy as np; np.savez(sys.argv[2], version='1')", "without an answer"),
        ("import sys, numpy as np; np.savez(sys.argv[2], **{'0': np.ones(3)}, version='1')", "one value for each"),
        ("import sys, numpy as np; np.savez(sys.argv[2], **{'0': np.full(300, np.nan)}, version='1')", "one value"),
    ],
)
def test_an_answer_that_is_none_is_refused(code: str, says: str, tmp_path: Path, one: Tape) -> None:
    with pytest.raises(AuditError, match=says):
        auditor.replay([one], script=failing(tmp_path, code))
