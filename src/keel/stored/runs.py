"""Stored backtests, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keel.notebook import stored

if TYPE_CHECKING:
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


def verify_run(id: str) -> dict[str, object]:
    """The trades of a run replayed by vectorbt, as ``keel verify --json`` says it.

    Raises RunNotFoundError, AuditError.
    """
    from keel.services import audit, study

    with stored() as db:
        return audit.to_json(audit.audit_study(study.get_run(db, id)))
