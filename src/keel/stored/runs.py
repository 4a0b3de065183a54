"""Stored backtests, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keel.notebook import stored

if TYPE_CHECKING:
    import pandas as pd

    from keel.backtest.sweep.table import SweepTable
    from keel.domain.study.resampling import Resampling
    from keel.services.study import Study
    from keel.store.runs import Run


def run_backtest(portfolio_id: str, policies: Mapping[str, object] | str = "annual", **asked: object) -> Study:
    """The study of a stored portfolio, kept as a run: presets by name or objects as in JSON, by name.

    ``asked`` are ``run`` (settings as in ``--run``), ``start``, ``end``, ``dataset`` and ``benchmark``. Its ``results``
    are as of ``keel.backtest_policies``. Raises PortfolioNotFoundError, PricesMissingError, InputError.
    """
    from keel.domain.study.question import parse_question
    from keel.services import study

    named = {policies: policies} if isinstance(policies, str) else dict(policies)
    settings = asked.pop("run", {})
    question = parse_question(portfolio_id, {**asked, "policies": named, "settings": settings})
    with stored() as db:
        return study.run_backtest(db, question)


def list_runs(portfolio_id: str = "") -> tuple[Run, ...]:
    """The runs, of one portfolio where it is named, newest first: what each was asked, and its metrics."""
    from keel.services.work import shelf

    with stored() as db:
        return shelf.list_runs(db, portfolio_id or None)


def get_run(id: str) -> Study:
    """A run computed again; its notes say so where prices have changed since. Raises RunNotFoundError."""
    from keel.services import study

    with stored() as db:
        return study.get_run(db, id)


def luck_of_run(id: str, how: Resampling | None = None) -> dict[str, object]:
    """What of a run could be luck, as ``keel luck --json`` says it. Raises RunNotFoundError, HistoryTooShortError."""
    from keel.backtest.luck.answers.as_json import report_json
    from keel.domain.study.resampling import USUAL
    from keel.services import luck

    with stored() as db:
        return report_json(luck.report_of_run(db, id, how or USUAL))


def sweep_portfolio(portfolio_id: str, grid: Mapping[str, object], *, skip_invalid: bool = False) -> SweepTable:
    """One row per policy of a grid as in ``keel sweep``, on a stored portfolio. Raises PortfolioNotFoundError."""
    from keel.domain.study.grid import parse_grid
    from keel.domain.study.question import parse_question
    from keel.services import lab

    asked = parse_grid(dict(grid))
    with stored() as db:
        return lab.sweep(db, parse_question(portfolio_id, {}), asked, skip_invalid=skip_invalid)


def drift_of_run(study: Study, policy: str) -> pd.DataFrame:
    """By how much each bucket was above its target on each day of a study, under one of its policies, by name."""
    import pandas as pd

    from keel.services import history

    seen = history.drift(study, policy)
    return pd.DataFrame(seen.drift.T, index=pd.Index(seen.dates, name="date"), columns=list(seen.paths))


def verify_run(id: str) -> dict[str, object]:
    """The trades of a run replayed by vectorbt, as ``keel verify --json`` says it.

    Raises RunNotFoundError, AuditError.
    """
    from keel.services import audit, study

    with stored() as db:
        return audit.to_json(audit.audit_study(study.get_run(db, id)))
