"""Audits: a run's own trades replayed by vectorbt, at once for the command line, as background work for pages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from keel.audit import auditor, comparison
from keel.audit.comparison import Audit
from keel.domain.study.blend import Blend, blend_of
from keel.errors import AuditError, KeelError
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind, Request
from keel.services.shared.subject import subject
from keel.store import runs
from keel.store.connection import Database

if TYPE_CHECKING:
    from keel.backtest.parallel import Cancel
    from keel.backtest.result import BacktestResult
    from keel.domain.market.prices import PriceMatrix
    from keel.services.study import Study

log = logging.getLogger("keel.audit")


def available() -> bool:
    """Whether the auditor is installed."""
    return auditor.available()


def audit(
    results: Sequence[BacktestResult],
    prices: PriceMatrix,
    *,
    start: date | None = None,
    end: date | None = None,
    benchmark: str | Blend = "",
    cancel: Cancel | None = None,
) -> tuple[Audit, ...]:
    """One audit a result, in their order, by one replay; takes 10 to 60 seconds.

    The prices and the window are those the run was asked for. Raises AuditError when the auditor is not installed,
    fails, takes too long or is stopped because ``cancel`` says yes, or when the prices are not those of the run.
    """
    from keel.audit.orders import tape
    from keel.backtest.fingerprint import fingerprint
    from keel.backtest.window import align

    settings = results[0].settings
    blend = blend_of(benchmark)
    symbols = (*results[0].book.symbols, *(blend.symbols if blend else ()), *settings.rates)
    window = align(prices, symbols, start, end, allow_gaps=settings.allow_gaps)
    if any(result.meta.fingerprint != fingerprint(window) for result in results):
        raise AuditError("The prices are not those of the run.", hint="Run the backtest again.")
    tapes = [tape(result, window) for result in results]
    replay = auditor.replay(tapes, cancel=cancel)
    return tuple(
        comparison.compare(result, comparison.wealth(tape, values), replay.version, len(tape.orders))
        for result, tape, values in zip(results, tapes, replay.values, strict=True)
    )


def audit_study(study: Study) -> tuple[Audit, ...]:
    """The audits of a study's policies; its benchmark, which never trades, is not among them."""
    return audit(study.results, study.prices, start=study.question.start, end=study.question.end)


def audit_run(db: Database, run_id: str, cancel: Cancel) -> tuple[Audit, ...]:
    """The audits of a stored run's policies, computed again on the prices of now.

    Raises RunNotFoundError, AuditError, also when ``cancel`` says yes, and MarketDataError.
    """
    from keel.backtest.run import run

    question = runs.get(db, run_id).question
    on = subject(db, question)
    start, end = question.start, question.end
    results = run(
        on.prices, on.book, question.policies, question.settings, start=start, end=end, framework=on.framework
    )
    return audit(results, on.prices, start=start, end=end, cancel=cancel)


def begin(db: Database, run_id: str) -> Job[tuple[Audit, ...]]:
    """The audit of a stored run as background work, begun unless it is under way or done."""
    return jobs.begin(db, AUDIT, {"run_id": run_id})


def find(db: Database, run_id: str) -> Job[tuple[Audit, ...]] | None:
    """The audit of a stored run: under way, done, or interrupted by a restart; None when nobody has asked for it."""
    return jobs.find(db, AUDIT, {"run_id": run_id})


def sentence(audit: Audit) -> str:
    """An audit in words, without the policy's name."""
    return comparison.sentence(audit)


def to_json(audits: Sequence[Audit]) -> dict[str, object]:
    """Audits as JSON values."""
    return {"runs": [comparison.to_json(audit) for audit in audits]}


def _run_audit(db: Database, request: Request, job: Job[tuple[Audit, ...]]) -> tuple[Audit, ...]:
    try:
        return audit_run(db, request["run_id"], job.stopped)
    except KeelError:
        raise
    except Exception as error:  # the page shows a sentence, the log the rest
        log.exception("unexpected error in an audit")
        hint = "The server's log holds the details."
        raise AuditError(f"The audit failed ({type(error).__name__}).", hint=hint) from error


# One auditor at a time: each takes 300 MB and a core.
AUDIT: Kind[tuple[Audit, ...]] = Kind("audit", "policies", _run_audit, to_json, alone=True)
JOBS = {AUDIT.name: AUDIT}
