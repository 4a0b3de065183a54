"""Stored backtests from Python: asked, listed, computed again and replayed."""

from __future__ import annotations

import pytest

import keel
from keel.backtest.luck.answers import as_json
from keel.errors import RunNotFoundError
from keel.services import audit, luck


def test_a_run_is_asked_listed_computed_again_and_replayed(here: object, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keel.create_portfolio(keel.adopt_template("balanced").id)
    study = keel.run_backtest(made.id, {"Still": "never"}, run={"cost_bps": 10}, start="2020-01-01")
    assert [run.id for run in keel.list_runs(made.id)] == [study.run_id]
    again = keel.get_run(study.run_id)
    assert [r.metrics for r in again.results] == [r.metrics for r in study.results]
    assert [r.name for r in again.results] == ["Still"]
    above = keel.drift_of_run(again, "Still")
    assert above.iloc[0].abs().max() < 1e-9 < above.iloc[-1].abs().max()
    swept = keel.sweep_portfolio(made.id, {"base": {"trigger": "calendar"}, "axes": {"look": ["annual", "monthly"]}})
    assert len(swept) == 2
    monkeypatch.setattr(luck, "report_of_run", lambda _db, id, how: (id, how.draws))
    monkeypatch.setattr(as_json, "report_json", lambda report: {"asked": report})
    assert keel.luck_of_run(study.run_id) == {"asked": (study.run_id, 500)}
    monkeypatch.setattr(audit, "audit_study", lambda _: ())
    assert "runs" in keel.verify_run(study.run_id)
    with pytest.raises(RunNotFoundError):
        keel.get_run("run_none")
