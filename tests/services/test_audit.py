"""Audits: what is replayed, what is kept, and what is refused, with a plain ledger in the place of vectorbt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.audit.runs import DEAR, PRICES, SAVING, SMALL, SPENDING, results
from tests.patience import PATIENCE
from tests.services.portfolios import BOTH, YEARLY, portfolio

from keel.audit import auditor
from keel.audit.comparison import Audit
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.errors import AuditError
from keel.services import audit, study
from keel.services.shared import jobs as shared
from keel.services.shared.job import Job
from keel.services.study import Study
from keel.store import prices
from keel.store.connection import Database
from keel.store.work import jobs
from keel.store.work.jobs import Status
from keel.units import day

SETTINGS = {"free": RunSettings(), "dear": DEAR, "saving": SAVING, "spending": SPENDING, "small": SMALL}
LEDGER = Path(__file__).parents[1] / "audit" / "ledger.py"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)


def ran(db: Database) -> Study:
    """A stored run of two policies."""
    mine = portfolio(db, {"MSCI US": 1.0})
    return study.run_backtest(db, Question(mine.id, YEARLY | BOTH, RunSettings(cost_bps=10)))


def finished(db: Database, run_id: str) -> Job[tuple[Audit, ...]]:
    """The job once it has ended."""
    job = audit.begin(db, run_id)
    assert job.finished(PATIENCE)
    return job


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_every_policy_agrees_with_a_plain_ledger(settings: RunSettings) -> None:
    audits = audit.audit(results(settings), PRICES)
    assert all(a.ok for a in audits), audits
    assert max(a.largest_difference for a in audits) < 1e-12


def test_a_tampered_day_is_named_with_both_numbers() -> None:
    run = results(DEAR, "edge")[0]
    wealth = run.wealth.copy()
    wealth[200] *= 1.01
    found = audit.audit([replace(run, wealth=wealth)], PRICES)[0]
    assert found.first_difference is not None
    assert found.first_difference.date == run.dates[200].item()
    assert found.first_difference.keel == wealth[200]
    assert found.first_difference.auditor == pytest.approx(run.wealth[200], rel=1e-12)
    assert "differs from vectorbt" in audit.sentence(found)
    assert day(found.first_difference.date) in audit.sentence(found)


def test_other_prices_than_the_runs_are_refused() -> None:
    closes = PRICES.closes.copy()
    closes[10, 0] *= 1.5
    with pytest.raises(AuditError, match="not those of the run"):
        audit.audit(results(DEAR, "edge"), PriceMatrix(PRICES.dates, PRICES.symbols, closes))


def test_a_stored_run_is_audited_on_the_prices_of_now(db: Database) -> None:
    done = ran(db)
    assert audit.audit_run(db, done.run_id, lambda: False) == audit.audit_study(done)


def test_an_audit_is_made_once_and_kept(db: Database) -> None:
    run_id = ran(db).run_id
    assert audit.find(db, run_id) is None
    job = finished(db, run_id)
    assert job.answer is not None
    assert [a.policy for a in job.answer] == ["Yearly", "Never", "5/25 band"]
    assert all(a.ok for a in job.answer)
    assert jobs.get(db, job.row.id).result == audit.to_json(job.answer)
    assert audit.begin(db, run_id) is job
    assert audit.find(db, run_id) is job
    assert audit.find(db, "run_other") is None


def test_a_run_on_other_prices_is_another_audit(db: Database) -> None:
    run_id = ran(db).run_id
    finished(db, run_id)
    old = prices.series(db, ["MSCI US"], "monthly")
    prices.write_matrix(db, "monthly", "monthly", replace(old, closes=old.closes * 1.01))
    assert audit.find(db, run_id) is None


def test_a_failure_is_a_sentence_and_can_be_tried_again(
    db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no memory')", encoding="utf-8")
    run_id = ran(db).run_id
    with monkeypatch.context() as patch:
        patch.setattr(auditor, "SCRIPT", broken)
        job = finished(db, run_id)
    assert "no memory" in str(job.error)
    assert "no memory" in jobs.get(db, job.row.id).message
    again = shared.again(db, job.row.id)
    assert again.finished(PATIENCE)
    assert again.answer


def test_a_bug_of_ours_does_not_leave_the_page_waiting(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "audit_run", broken)
    job = finished(db, "run_bug")
    assert isinstance(job.error, AuditError)
    assert "ZeroDivisionError" in str(job.error)


def test_a_stopped_audit_ends_its_process(db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time; time.sleep(600)", encoding="utf-8")
    monkeypatch.setattr(auditor, "SCRIPT", endless)
    job = audit.begin(db, ran(db).run_id)
    shared.cancel(db, job.row.id)
    assert job.finished(60)
    assert job.answer is None
    assert jobs.get(db, job.row.id).status is Status.cancelled
