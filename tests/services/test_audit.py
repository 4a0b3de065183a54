"""Audits: what is replayed, what is kept, and what is refused, with a plain ledger in the place of vectorbt."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.audit.runs import DEAR, PRICES, SAVING, SMALL, SPENDING, results

from keel.audit import auditor
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.errors import AuditError
from keel.services import audit
from keel.services.study import Study

SETTINGS = {"free": RunSettings(), "dear": DEAR, "saving": SAVING, "spending": SPENDING, "small": SMALL}
LEDGER = Path(__file__).parents[1] / "audit" / "ledger.py"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)


def study_of(run_id: str, settings: RunSettings = DEAR) -> Study:
    runs = results(settings, "edge", "daily")
    request = Question("", {r.name: r.policy for r in runs}, settings, None, None, "", "", True)
    return Study(run_id, request, runs, None, PRICES, "", ())


def finished(study: Study) -> audit.Job:
    """The job once its thread has ended."""
    job = audit.begin(study)
    for thread in threading.enumerate():
        if thread.name == "audit":
            thread.join()
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
    assert found.first_difference.date.isoformat() in audit.sentence(found)


def test_other_prices_than_the_runs_are_refused() -> None:
    closes = PRICES.closes.copy()
    closes[10, 0] *= 1.5
    with pytest.raises(AuditError, match="not those of the run"):
        audit.audit(results(DEAR, "edge"), PriceMatrix(PRICES.dates, PRICES.symbols, closes))


def test_an_audit_is_made_once_and_kept() -> None:
    study = study_of("run_kept")
    assert audit.find(study) is None
    job = finished(study)
    assert [a.policy for a in job.audits] == ["edge", "daily"]
    assert all(a.ok for a in job.audits)
    assert audit.begin(study) is job
    assert audit.find(study) is job
    assert audit.find(study_of("run_other")) is None


def test_a_run_on_other_prices_is_another_audit() -> None:
    study = study_of("run_changed")
    finished(study)
    later = tuple(replace(r, meta=replace(r.meta, fingerprint="other")) for r in study.results)
    assert audit.find(replace(study, results=later)) is None


def test_a_failure_is_a_sentence_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no memory')", encoding="utf-8")
    study = study_of("run_broken")
    with monkeypatch.context() as patch:
        patch.setattr(auditor, "SCRIPT", broken)
        job = finished(study)
        assert job.error is not None
        assert "no memory" in job.error.message
        assert not job.running
    assert finished(study).audits


def test_a_bug_of_ours_does_not_leave_the_page_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "audit_study", broken)
    job = finished(study_of("run_bug"))
    assert not job.running
    assert "ZeroDivisionError" in str(job.error)


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST", 2)
    monkeypatch.setattr(audit, "audit_study", lambda study: (np.nan,))
    studies = [study_of(f"run_{i}") for i in range(4)]
    for study in studies:
        finished(study)
    assert [audit.find(study) is None for study in studies] == [True, True, False, False]
