"""How far a framework has come: the newest portfolio of that version, and the newest run of what it holds now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.study.question import Question
from keel.errors import FrameworkNotFoundError, RunNotFoundError
from keel.services import example, study
from keel.services.work.progress import Progress, portfolio_of, progress
from keel.store import frameworks, portfolios
from keel.store.connection import Database


def test_nothing_then_a_portfolio_then_a_run_of_it(db: Database) -> None:
    assert progress(db, "fw_nothing", 1) == Progress()
    mine = example.open_example(db)
    assert progress(db, mine.framework_id, 1) == Progress(mine.id)
    run = study.run_backtest(db, Question(mine.id, {"Yearly": PRESETS["annual"]}))
    assert progress(db, mine.framework_id, 1) == Progress(mine.id, run.run_id)
    assert progress(db, mine.framework_id, 2) == Progress()


def test_a_run_of_earlier_picks_is_not_the_run_of_the_newest(db: Database) -> None:
    mine = example.open_example(db)
    study.run_backtest(db, Question(mine.id, {"Yearly": PRESETS["annual"]}))
    portfolios.save(db, replace(mine, picks=mine.picks[:-1]))
    assert progress(db, mine.framework_id, 1) == Progress(mine.id)


def test_a_link_without_a_portfolio_means_the_runs_else_the_newest_of_the_framework(db: Database) -> None:
    mine = example.open_example(db)
    run = study.run_backtest(db, Question(mine.id, {"Yearly": PRESETS["annual"]}))
    assert portfolio_of(db, "", None, run.run_id) == mine.id
    assert portfolio_of(db, mine.framework_id, None, "") == mine.id
    assert portfolio_of(db, "", None, "") == ""
    frameworks.save_version(db, frameworks.get(db, mine.framework_id))
    assert portfolio_of(db, mine.framework_id, 2, "") == ""


def test_what_a_link_names_and_is_not_stored_is_said(db: Database) -> None:
    with pytest.raises(RunNotFoundError):
        portfolio_of(db, "", None, "run_nothing")
    with pytest.raises(FrameworkNotFoundError):
        portfolio_of(db, "fw_nothing", None, "")
