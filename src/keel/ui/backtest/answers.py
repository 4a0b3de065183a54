"""Answers of the backtest kept in memory: the same question on the same prices is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keel.services import study
from keel.services.shared.memory import recall
from keel.ui.frame import root

if TYPE_CHECKING:
    from keel.domain.drift.measure import DriftGrid
    from keel.services.study import Study
    from keel.ui.backtest.inputs import Asked


def answer(asked: Asked) -> Study:
    """The study of a question, stored as a run. Raises KeelError when the prices cannot answer it."""
    db = root.database()

    def run() -> Study:
        return study.run_backtest(
            db,
            asked.portfolio,
            dict(asked.policies),
            asked.settings(),
            start=asked.start,
            end=asked.end,
            benchmark=asked.benchmark,
            dataset=asked.dataset,
            proxies=asked.proxies,
        )

    found = recall(db, ("answer", asked), run)
    return recall(db, ("run", found.run_id), lambda: found)


def opened(run_id: str) -> Study:
    """The study of a stored run. Raises RunNotFoundError."""
    db = root.database()
    return recall(db, ("run", run_id), lambda: study.get_run(db, run_id))


def drift_of(run_id: str, policy: str) -> DriftGrid:
    """The drift of one policy of a run, by bucket and date."""
    db = root.database()
    return recall(db, ("drift", run_id, policy), lambda: study.drift_history(db, run_id, policy))
