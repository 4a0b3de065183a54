"""The audit on the backtest page: asked for with one click, answered by a badge, never in the way."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, await_work, no_errors, ran

from keel.audit import auditor
from keel.services import audit
from keel.store.connection import Database
from keel.store.work import jobs
from keel.store.work.jobs import JobRow, Status

LEDGER = Path(__file__).parents[1] / "audit" / "ledger.py"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)


def opened(db: Database, open_page: Open, *presets: str) -> AppTest:
    study = ran(db, accepted(db), *presets)
    return open_page("backtest", portfolio=study.question.portfolio_id, run=study.run_id)


def test_one_click_leads_to_the_badge_and_it_stays(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(db, open_page, "annual", "edge_5pp")
    gate = threading.Event()
    replay = auditor.replay
    monkeypatch.setattr(auditor, "replay", lambda tapes, **more: gate.wait(30) and replay(tapes, **more))
    at.button(key="backtest-audit").click().run()
    assert no_errors(at)
    assert "Replaying through vectorbt" in words(at)
    assert len(at.metric) == 2  # the page itself does not wait
    gate.set()
    await_work()
    at.run()
    assert "Checked by a second engine: identical" in words(at)
    assert ":green-badge" in words(at)
    at.run()
    assert "Checked by a second engine" in words(at)
    assert [b for b in at.button if b.key == "backtest-audit"] == []


def test_a_difference_names_policy_and_day(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "wrong.py"
    text = LEDGER.read_text(encoding="utf-8")
    script.write_text(text.replace("return total", "total[12:] *= 1.01; return total"), encoding="utf-8")
    monkeypatch.setattr(auditor, "SCRIPT", script)
    at = opened(db, open_page, "annual")
    at.button(key="backtest-audit").click().run()
    await_work()
    at.run()
    assert ":red-badge[:material/error: Yearly differs from vectorbt" in words(at)


def test_a_failure_says_why_and_can_be_tried_again(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(db, open_page, "annual")
    with monkeypatch.context() as patch:
        patch.setattr(auditor, "SCRIPT", LEDGER.with_name("not_there.py"))
        at.button(key="backtest-audit").click().run()
        await_work()
        at.run()
    assert "could not replay the run" in words(at)
    at.button(key="backtest-audit").click().run()
    await_work()
    at.run()
    assert "Checked by a second engine" in words(at)


def test_an_audit_that_a_restart_ended_can_be_started_again(db: Database, open_page: Open) -> None:
    study = ran(db, accepted(db), "annual")
    row = replace(JobRow("audit", {"run_id": study.run_id}), status=Status.running)
    jobs.add(db, row)
    jobs.interrupt(db)
    at = open_page("backtest", portfolio=study.question.portfolio_id, run=study.run_id)
    assert "Keel was restarted before this was done." in words(at)
    at.button(key="backtest-audit-again").click().run()
    await_work()
    at.run()
    assert "Checked by a second engine" in words(at)


def test_without_vectorbt_the_button_says_what_to_install(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "available", lambda: False)
    button = opened(db, open_page, "annual").button(key="backtest-audit")
    assert button.disabled
    assert "keel[audit]" in button.help
