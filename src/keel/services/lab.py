"""The policy lab: every policy of a grid over a portfolio's own products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from keel.domain.market.prices import PriceMatrix, price_kind
from keel.domain.portfolio.book import Book
from keel.domain.study.grid import Grid, grid_json, parse_grid
from keel.domain.study.question import Question, parse_question, question_json
from keel.errors import InputError
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind, Request
from keel.services.shared.subject import subject, window
from keel.store.connection import Database

if TYPE_CHECKING:
    from keel.backtest.luck.landscapes import Verdicts
    from keel.backtest.provenance import Provenance
    from keel.backtest.sweep.run import Progress
    from keel.backtest.sweep.table import SweepTable
    from keel.backtest.window import Window
    from keel.services.shared.subject import Subject


@dataclass(frozen=True, eq=False, slots=True)
class Stage:
    """A question in the lab: its subject, the sessions its policies are tried on, and the ``lag`` they have."""

    question: Question
    subject: Subject
    window: Window
    lag: int

    @property
    def price_kind(self) -> str:
        """What the closes are, "mixed" when they differ."""
        return price_kind(self.subject.prices, self.subject.book.symbols)


def stage(db: Database, question: Question) -> Stage:
    """What the question's policies are tried on. Raises MarketDataError and NotFoundError."""
    from keel.backtest.run import default_lag

    on = subject(db, question)
    sessions = window(on, question)
    usual = default_lag(sessions.frequency)
    return Stage(question, on, sessions, usual if question.settings.lag is None else question.settings.lag)


def rests_on(stage: Stage, grid: Grid) -> Provenance:
    """What the table of a sweep of the grid on the stage rests on."""
    from keel.backtest.provenance import of_sweep

    return of_sweep(grid, [stage.window], stage.subject.prices, stage.subject.framework)


def sweep(
    db: Database,
    question: Question,
    grid: Grid,
    *,
    metrics: Literal["composing", "all"] = "composing",
    skip_invalid: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> SweepTable:
    """One row per policy of the grid on the question's subject; a cancelled sweep has the rows that were done.

    Policies and settings are the grid's own. The values of an axis ``framework`` are the ids of portfolios. Raises
    InvalidPolicyError for a combination the rules forbid (unless ``skip_invalid``), PortfolioNotFoundError, and
    MarketDataError when the prices cannot answer.
    """
    from keel.backtest.sweep.run import run
    from keel.backtest.sweep.scenarios import rate_symbols, scenarios

    def priced(portfolio_id: str) -> tuple[PriceMatrix, Book]:
        other = replace(question, portfolio_id=portfolio_id or question.portfolio_id)
        on = subject(db, other, rate_symbols(grid))
        return on.prices, on.book

    if not question.portfolio_id and "framework" not in [axis.name for axis in grid.scenarios]:
        raise InputError("A sweep needs a portfolio.", subject="portfolio")
    stages = scenarios(grid, priced, start=question.start, end=question.end)
    return run(stages, grid, progress=progress, cancel=cancel, metrics=metrics, skip_invalid=skip_invalid)


def ask_sweep(db: Database, question: Question, grid: Grid) -> Job[SweepTable]:
    """The sweep as background work, on the prices of now; stopped, it has the rows that were done."""
    return jobs.ask(db, SWEEP, _about(question, grid))


def _run_sweep(db: Database, request: Request, job: Job[SweepTable]) -> SweepTable:
    grid = parse_grid(request["grid"])
    costs = len(grid.costs) if grid.costs else 1  # a policy counts once, whatever the number of costs
    return sweep(
        db,
        parse_question(request["portfolio_id"], request),
        grid,
        progress=lambda progress: job.report(progress.done // costs, progress.total // costs),
        cancel=job.stopped,
    )


def ask_verdicts(db: Database, question: Question, grid: Grid) -> Job[Verdicts]:
    """Which axes of the grid matter by more than luck, as background work; one that was stopped begins anew."""
    job = find_verdicts(db, question, grid)
    if job is not None and (job.interrupted or (job.finished() and job.stopped())):
        return jobs.anew(db, VERDICTS, _about(question, grid))
    return job or jobs.begin(db, VERDICTS, _about(question, grid))


def find_verdicts(db: Database, question: Question, grid: Grid) -> Job[Verdicts] | None:
    """That work where it was asked for."""
    return jobs.find(db, VERDICTS, _about(question, grid))


def _about(question: Question, grid: Grid) -> dict[str, object]:
    return {"portfolio_id": question.portfolio_id} | question_json(question) | {"grid": grid_json(grid)}


def _run_verdicts(db: Database, request: Request, job: Job[Verdicts]) -> Verdicts:
    from keel.backtest.luck.landscapes import landscapes
    from keel.backtest.sweep.scenarios import rate_symbols, scenarios

    grid, question = parse_grid(request["grid"]), parse_question(request["portfolio_id"], request)
    on = subject(db, question, rate_symbols(grid))
    (real,) = scenarios(grid, lambda _: (on.prices, on.book), start=question.start, end=question.end)
    return landscapes(real, grid, progress=job.report, cancel=job.stopped).verdicts()


SWEEP: Kind[SweepTable] = Kind("sweep", "policies", _run_sweep, lambda table: {"rows": len(table)})
VERDICTS: Kind[Verdicts] = Kind(
    "verdicts", "histories", _run_verdicts, lambda answer: {"histories": answer.histories}, alone=True
)
JOBS: dict[str, Kind[Any]] = {kind.name: kind for kind in (SWEEP, VERDICTS)}
