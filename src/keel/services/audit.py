"""Audits: a run's own trades replayed by vectorbt, at once for the command line, in a thread for pages."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keel.audit import auditor, comparison
from keel.audit.comparison import Audit
from keel.errors import AuditError, KeelError

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult
    from keel.domain.market.prices import PriceMatrix
    from keel.services.study import Study

MOST = 200  # finished audits kept for as long as the server lives
log = logging.getLogger("keel.audit")


@dataclass(slots=True)
class Job:
    """An audit asked for by a page: under way until it has ``audits``, one a policy, or an ``error``."""

    began: float
    audits: tuple[Audit, ...] = ()
    error: KeelError | None = None

    @property
    def running(self) -> bool:
        """Whether the answer is still to come."""
        return not self.audits and self.error is None

    @property
    def seconds(self) -> float:
        """How long ago it was asked for."""
        return time.monotonic() - self.began


Key = tuple[str, str]

_jobs: OrderedDict[Key, Job] = OrderedDict()
_lock = threading.Lock()
_turn = threading.Lock()  # one auditor at a time: each takes 300 MB and a core


def available() -> bool:
    """Whether the auditor is installed."""
    return auditor.available()


def audit(
    results: Sequence[BacktestResult],
    prices: PriceMatrix,
    *,
    start: date | None = None,
    end: date | None = None,
    benchmark: str = "",
) -> tuple[Audit, ...]:
    """One audit a result, in their order, by one replay; takes 10 to 60 seconds.

    The prices and the window are those the run was asked for. Raises AuditError when the auditor is not installed,
    fails or takes too long, or when the prices are not those of the run.
    """
    from keel.audit.orders import tape
    from keel.backtest.window import align, fingerprint

    rate = results[0].settings.risk_free
    beside = (benchmark, rate if isinstance(rate, str) else "")
    window = align(prices, (*results[0].book.symbols, *(symbol for symbol in beside if symbol)), start, end)
    if any(result.meta.fingerprint != fingerprint(window) for result in results):
        raise AuditError("The prices are not those of the run.", hint="Run the backtest again.")
    tapes = [tape(result, window) for result in results]
    replay = auditor.replay(tapes)
    return tuple(
        comparison.compare(result, comparison.wealth(tape, values), replay.version, len(tape.orders))
        for result, tape, values in zip(results, tapes, replay.values, strict=True)
    )


def audit_study(study: Study) -> tuple[Audit, ...]:
    """The audits of a study's policies; its benchmark, which never trades, is not among them."""
    return audit(study.results, study.prices, start=study.question.start, end=study.question.end)


def begin(study: Study) -> Job:
    """The audit of a study, now under way in a thread; one that is under way or done is not begun again."""
    with _lock:
        job = _jobs.get(_key(study))
        if job is not None and job.error is None:
            return job
        job = _jobs[_key(study)] = Job(time.monotonic())
        while len(_jobs) > MOST:
            _jobs.popitem(last=False)
    threading.Thread(target=_work, args=(job, study), name="audit", daemon=True).start()
    return job


def find(study: Study) -> Job | None:
    """The audit of a study, under way or done, or None when nobody has asked for it since the server started."""
    with _lock:
        return _jobs.get(_key(study))


def sentence(audit: Audit) -> str:
    """An audit in words, without the policy's name."""
    return comparison.sentence(audit)


def to_json(audits: Sequence[Audit]) -> dict[str, object]:
    """Audits as JSON values."""
    return {"runs": [comparison.to_json(audit) for audit in audits]}


def _key(study: Study) -> Key:
    return study.run_id, study.results[0].meta.fingerprint


def _work(job: Job, study: Study) -> None:
    try:
        with _turn:
            job.audits = audit_study(study)
    except KeelError as error:
        job.error = error
    except Exception as error:  # a thread has nobody above it: the page shows a sentence, the log the rest
        log.exception("unexpected error in an audit")
        job.error = AuditError(
            f"The audit failed ({type(error).__name__}).", hint="The server's log holds the details."
        )
