"""The policy lab's sweep on a stored portfolio."""

from __future__ import annotations

from datetime import date

import pytest
from tests.patience import PATIENCE

from keel.domain.policy.records import RunSettings
from keel.domain.study.grid import parse_grid
from keel.domain.study.question import Question
from keel.errors import HistoryTooShortError, InputError, PortfolioNotFoundError
from keel.services import example, lab, study
from keel.services.shared import jobs
from keel.store.connection import Database

GRID = parse_grid(
    {
        "base": {"trigger": "band", "band": {"kind": "absolute"}},
        "axes": {"band.width_bps": [100, 500], "look": ["monthly", "annual"], "cost_bps": [0, 10]},
    }
)


def test_rows_are_those_of_stored_studies(db: Database) -> None:
    portfolio = example.open_example(db)
    table = lab.sweep(db, Question(portfolio.id), GRID)
    assert len(table) == GRID.size == 8
    policy, settings = table.policy(3)
    found = study.run_backtest(db, Question(portfolio.id, {"x": policy}, settings)).results[0].metrics
    for name in ("cagr", "sharpe", "cost_drag", "max_drawdown", "tracking_error"):
        assert table.metric(name)[3] == pytest.approx(found[name], rel=1e-9)
    assert table.describe(3) == "±1 pp band, looked at every year, back to target, 10 bps"


def test_windows_and_portfolios_are_axes(db: Database) -> None:
    portfolio = example.open_example(db)
    grid = parse_grid({"base": "annual", "axes": {"framework": [portfolio.id], "start": ["2010-01-31", None]}})
    starts = lab.sweep(db, Question(""), grid)
    assert starts.axis("start") == ["2010-01-31", None]
    assert len(set(starts.metric("cagr").tolist())) == 2
    whole = study.run_backtest(db, Question(portfolio.id, {"annual": starts.policy(1)[0]}, RunSettings())).results[0]
    assert starts.metric("cagr")[1] == pytest.approx(whole.metrics["cagr"], rel=1e-12)


def test_what_is_missing_is_said(db: Database) -> None:
    with pytest.raises(InputError, match="needs a portfolio"):
        lab.sweep(db, Question(""), GRID)
    with pytest.raises(PortfolioNotFoundError):
        lab.sweep(db, Question("pf_none"), GRID)


def test_in_the_background_the_table_is_the_same_and_a_policy_counts_once(db: Database) -> None:
    question = Question(example.open_example(db).id)
    job = lab.ask_sweep(db, question, GRID)
    assert lab.ask_sweep(db, question, GRID) is job
    assert job.finished(PATIENCE)
    assert job.answer is not None
    assert job.answer.values.tolist() == lab.sweep(db, question, GRID).values.tolist()
    assert (job.done, job.total) == (4, 4)  # of 8 rows, at two costs
    assert jobs.get(db, job.row.id).result == {"rows": 8}


def test_an_interrupted_sweep_is_done_again_from_what_is_stored(db: Database) -> None:
    question = Question(example.open_example(db).id)
    first = lab.ask_sweep(db, question, GRID)
    assert first.finished(PATIENCE)
    again = jobs.again(db, first.row.id)
    assert again.finished(PATIENCE)
    assert first.answer is not None
    assert again.answer is not first.answer
    assert again.answer.values.tolist() == first.answer.values.tolist()
    assert [again.answer.describe(row) for row in range(8)] == [first.answer.describe(row) for row in range(8)]


def test_which_axes_matter_is_tested_once_and_a_stopped_test_begins_anew(db: Database) -> None:
    question = Question(example.open_example(db).id)
    assert lab.find_verdicts(db, question, GRID) is None
    job = lab.ask_verdicts(db, question, GRID)
    assert lab.ask_verdicts(db, question, GRID) is job
    assert job.finished(PATIENCE)
    assert job.answer is not None
    assert (job.answer.histories, job.answer.asked) == (200, 200)
    assert set(job.answer.by_metric["cagr"]) == {"band.width_bps", "look", "cost_bps"}
    assert job.answer.by_metric["turnover_per_year"]["look"].p_value <= 0.05
    assert jobs.get(db, job.row.id).result == {"histories": 200}
    assert lab.find_verdicts(db, question, GRID) is job
    job.stop()  # as one that ended early
    assert lab.ask_verdicts(db, question, GRID) is not job


def test_a_short_history_is_not_tested(db: Database) -> None:
    question = Question(example.open_example(db).id, start=date(2014, 12, 31), end=date(2016, 1, 31))
    job = lab.ask_verdicts(db, question, GRID)
    assert job.finished(PATIENCE)
    assert isinstance(job.error, HistoryTooShortError)
