"""Answers of the backtest kept in memory: the same question on the same prices is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keel.services import history, study
from keel.services.shared.memory import recall
from keel.ui.frame import root

if TYPE_CHECKING:
    from keel.domain.drift.grid import DriftGrid
    from keel.domain.portfolio.records import Portfolio
    from keel.domain.study.question import Question
    from keel.services.study import Study


def answer(question: Question) -> Study:
    """The study of a question, stored as a run. Raises KeelError when the prices cannot answer it."""
    db = root.database()
    answered = recall(db, ("answer", question), lambda: study.run_backtest(db, question))
    return recall(db, ("run", answered.run_id), lambda: answered)


def opened(run_id: str) -> Study:
    """The study of a stored run. Raises RunNotFoundError."""
    db = root.database()
    return recall(db, ("run", run_id), lambda: study.get_run(db, run_id))


def of_portfolio(portfolio: Portfolio, run_id: str) -> Study:
    """The study of a portfolio's newest run, else of its framework's own policy. Raises as ``answer``."""
    db = root.database()
    return recall(db, ("own", portfolio, run_id), lambda: study.of_portfolio(db, portfolio.id))


def drift_of(run_id: str, policy: str) -> DriftGrid:
    """The drift of one policy of a run, by bucket and date."""
    db = root.database()
    return recall(db, ("drift", run_id, policy), lambda: history.drift(opened(run_id), policy))
