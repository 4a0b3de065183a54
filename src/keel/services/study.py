"""Studies: run the policies of a question side by side, store the question, and open it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from keel.domain.framework.records import Framework
from keel.domain.framework.validation import check
from keel.domain.issue import errors
from keel.domain.mapping.moving import moved
from keel.domain.market.choice import ANY_DATASET, Source
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.words import label_of
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.blend import Blend, blend_of
from keel.domain.study.question import Question
from keel.errors import (
    InputError,
    InvalidFrameworkError,
    MarketDataError,
    PortfolioNotFoundError,
    RunNotFoundError,
)
from keel.services.shared import blends
from keel.services.shared.closes import closes
from keel.services.shared.subject import Subject, as_before, bare, subject, subject_of
from keel.store import frameworks, instruments, portfolios, runs
from keel.store.connection import Database
from keel.store.runs import Run
from keel.units import day

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """The answer to a question: one result a policy in its order; ``dataset`` is empty when prices come from several.

    ``sources`` are the series of its products, ``beside`` what its benchmark was made of. ``changed``: the prices are
    no longer those it was first run on. ``notes`` are sentences to show beside it.
    """

    run_id: str
    question: Question
    results: tuple[BacktestResult, ...]
    benchmark: BacktestResult | None
    prices: PriceMatrix
    dataset: str
    notes: tuple[str, ...]
    changed: bool = False
    sources: tuple[Source, ...] = ()
    beside: Beside | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """The closes a benchmark was made of, and their frequency."""

    prices: PriceMatrix
    frequency: str


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """A benchmark: its result, None where there is none to show, sentences about it, and what it was made of."""

    result: BacktestResult | None = None
    notes: tuple[str, ...] = ()
    beside: Beside | None = None


def warm() -> None:
    """Compiles the engine or loads it, so that nobody waits for the first backtest and the first sweep."""
    from keel import backtest

    backtest.warm()
    backtest.warm_sweep()


def run_backtest(db: Database, question: Question) -> Study:
    """The policies side by side on the portfolio's products; the question is stored under the study's ``run_id``.

    The same question on the same prices keeps its id. Raises MarketDataError when the prices cannot answer it.
    """
    if not question.policies:
        raise InputError("A backtest needs at least one policy.", hint="Choose a policy.", subject="policies")
    study, run = _answered(db, question)
    return replace(study, run_id=runs.save(db, run).id)


def _answered(db: Database, question: Question) -> tuple[Study, Run]:
    """The answer to a question, and the run to be stored of it."""
    question = replace(question, benchmark=blends.named(db, question.benchmark))
    study, portfolio = _study(db, subject(db, question), question)
    question = replace(question, portfolio_version=portfolio.version)
    run = Run(
        question=question,
        framework_id=portfolio.framework_id,
        framework_version=portfolio.framework_version,
        fingerprint=study.results[0].meta.fingerprint,
        metrics={result.name: _metrics_json(result) for result in study.results},
        name=", ".join(question.policies),
    )
    return replace(study, question=question), run


def get_run(db: Database, run_id: str) -> Study:
    """A stored study, computed again; it says so when the prices have changed since. Raises RunNotFoundError."""
    run = runs.get(db, run_id)
    study, _ = _study(db, subject(db, run.question), run.question)
    if study.results[0].meta.fingerprint == run.fingerprint:
        return replace(study, run_id=run_id)
    # Without a dataset a run once stood on one whatever series the user had, before schema 5 on the best of all.
    then = () if run.question.dataset else (as_before(db, run.question), replace(run.question, dataset=ANY_DATASET))
    for as_then in then:
        earlier, _ = _study(db, subject(db, as_then), as_then)
        if earlier.results[0].meta.fingerprint == run.fingerprint:
            return replace(earlier, run_id=run_id, question=run.question)
    when = f" of {day(run.created_at.date())}" if run.created_at else ""
    note = f"Prices have changed since the run{when}: these are the results on the prices of now."
    return replace(study, run_id=run_id, changed=True, notes=(note, *study.notes))


def of_portfolio(db: Database, portfolio_id: str) -> Study:
    """The newest run of the newest version of a portfolio, else a run of its framework's own policy, stored.

    Raises PortfolioNotFoundError, MarketDataError when the prices cannot answer.
    """
    portfolio = portfolios.get(db, portfolio_id)
    own = (run.id for run in runs.list_for(db, portfolio_id) if run.question.portfolio_version == portfolio.version)
    newest = next(own, None)
    if newest is not None:
        return get_run(db, newest)
    policy = frameworks.get(db, portfolio.framework_id, portfolio.framework_version).rebalancing
    return run_backtest(db, Question(portfolio_id, {label_of(policy): policy}))


def find(db: Database, id: str) -> Study:
    """The study of a run's id, or of a portfolio's as ``of_portfolio``. Raises RunNotFoundError, MarketDataError."""
    try:
        return get_run(db, id)
    except RunNotFoundError as no_run:
        try:
            return of_portfolio(db, id)
        except PortfolioNotFoundError:
            raise no_run from None


def run_draft(db: Database, framework: Framework, portfolio: Portfolio, question: Question) -> Study:
    """The question asked of a framework that need not be saved, on the products of a portfolio of it; not stored.

    The portfolio's picks are carried over; a bucket without one stays in cash. Raises InvalidFrameworkError for a
    framework with errors, MarketDataError when the prices cannot answer.
    """
    wrong = errors(check(framework))
    if wrong:
        message = f"{framework.name} cannot be run: {wrong[0].message}"
        raise InvalidFrameworkError(message, issues=tuple(wrong), hint=wrong[0].fix, subject=wrong[0].subject)
    older = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    along = moved(portfolio, older, framework, instruments.universe(db))
    picks = tuple(pick for chosen in along.picks.values() for pick in chosen)
    on = subject_of(db, question, replace(portfolio, picks=picks), framework)
    return _study(db, on, question)[0]


def question_of(db: Database, run_id: str) -> Question:
    """What a stored run was asked, without running it. Raises RunNotFoundError."""
    return runs.get(db, run_id).question


def _study(db: Database, on: Subject, question: Question) -> tuple[Study, Portfolio]:
    from keel.backtest.run import answer

    results = answer(on.prices, on.book, replace(question, benchmark=""), on.framework)
    blend = blend_of(question.benchmark)
    compared = _compared(db, on, question, blend, results[0]) if blend else Compared()
    study = Study(
        run_id="",
        question=question,
        results=results,
        benchmark=compared.result,
        prices=on.prices,
        dataset=on.dataset,
        notes=tuple(dict.fromkeys((*on.notes, *compared.notes, *results[0].meta.notes))),
        sources=on.sources,
        beside=compared.beside,
    )
    return study, on.portfolio


def _compared(db: Database, on: Subject, question: Question, blend: Blend, result: BacktestResult) -> Compared:
    """The benchmark over the study's dates, and sentences about what does not match."""
    from keel.backtest.benchmark import benchmark

    base_ccy, frequency = on.framework.base_ccy, result.meta.frequency
    known = {i.symbol: i for i in reversed(instruments.find_many(db, blend.symbols))}
    parts = [known.get(symbol) or bare(symbol, base_ccy) for symbol in blend.symbols]
    try:
        series = closes(db, parts, on.basis, base_ccy=base_ccy, proxies=question.proxies, frequency=frequency)
    except MarketDataError as error:
        return Compared(notes=(f"No benchmark is shown: {error.message}",))
    beside = Beside(series.prices, series.resolution.frequency)
    return Compared(*benchmark(beside.prices, blend, beside.frequency, result), beside)


def _metrics_json(result: BacktestResult) -> dict[str, object]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in result.metrics.items()}


def _step(db: Database, told: Mapping[str, Any], _today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: the run that a client pack is made of, the framework's own policy on its products."""
    portfolio = portfolios.get(db, told["portfolio_id"])
    policy = frameworks.get(db, portfolio.framework_id, portfolio.framework_version).rebalancing
    _, run = _answered(db, Question(portfolio.id, {label_of(policy): policy}))
    return lambda: {"run_id": runs.save(db, run).id}


STEPS = {"pack": _step}
