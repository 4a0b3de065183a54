"""Stored backtests from Python: asked, listed, computed again and replayed."""

from __future__ import annotations

import pytest

import keel
from keel.errors import RunNotFoundError
from keel.services import audit


def test_a_run_is_asked_listed_computed_again_and_replayed(here: object, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keel.create_portfolio(keel.adopt_template("balanced").id)
    study = keel.run_backtest(made.id, {"Still": "never"}, run={"cost_bps": 10}, start="2020-01-01")
    assert [run.id for run in keel.list_runs(made.id)] == [study.run_id]
    again = keel.get_run(study.run_id or "")
    assert [r.metrics for r in again.results] == [r.metrics for r in study.results]
    assert [r.name for r in again.results] == ["Still"]
    monkeypatch.setattr(audit, "audit_study", lambda _: ())
    assert "runs" in keel.verify_run(study.run_id or "")
    with pytest.raises(RunNotFoundError):
        keel.get_run("run_none")
