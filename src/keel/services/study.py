"""Studies: run the policies of a portfolio side by side, store the question, and open it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from keel.backtest.metrics import attribution, drawdown, years
from keel.domain.arrays import Days, Floats
from keel.domain.drift import measure
from keel.domain.drift.measure import DriftGrid
from keel.domain.framework.records import Framework, Holding
from keel.domain.mapping.matching import rank
from keel.domain.market.choice import by_symbol, source_of, spans
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.destination import goals, instrument_goals
from keel.domain.policy.records import Cadence, Policy, RunSettings, Trigger
from keel.domain.portfolio.book import book, frozen_leaves
from keel.domain.portfolio.filling import filling
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.question import Request, parse_request, request_json
from keel.errors import InputError, MarketDataError, RunNotFoundError
from keel.store import frameworks, instruments, portfolios, prices, runs
from keel.store.assembled import assembled
from keel.store.connection import Database
from keel.store.material import bare, held, material
from keel.store.memory import Memory
from keel.store.runs import Run
from keel.units import TRADE_TOLERANCE, day

if TYPE_CHECKING:
    from keel.backtest.metrics.drawdown import Episode
    from keel.backtest.result import BacktestResult, Trade
    from keel.domain.exchange.templates import Template

DEEPEST = 5  # falls that are listed
YEARLY = Policy(Trigger.calendar, Cadence.annual)


@dataclass(frozen=True, slots=True)
class Study:
    """The results of one request, one a policy in its order; ``dataset`` is empty when the prices come from several.

    ``changed``: the prices are no longer those it was first run on. ``notes`` are sentences to show beside it.
    """

    run_id: str
    request: Request
    results: tuple[BacktestResult, ...]
    benchmark: BacktestResult | None
    prices: PriceMatrix
    dataset: str
    notes: tuple[str, ...]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """A dataset a portfolio can be studied on: the time its covered products share, and how many of them it covers."""

    id: str
    label: str
    first: date
    last: date
    frequency: str
    price_kind: str
    covers: int
    of: int


@dataclass(frozen=True, slots=True)
class Record:
    """How a template did, rebalanced yearly without costs; ``series`` maps a bucket's label to what filled it.

    ``metrics`` is empty, and the dates None, when it has no record; ``gaps`` are the labels of buckets left in cash.
    """

    metrics: Mapping[str, object]
    first: date | None
    last: date | None
    frequency: str
    price_kind: str
    series: Mapping[str, str]
    gaps: tuple[str, ...]
    note: str


def run_backtest(
    db: Database,
    portfolio_id: str,
    policies: Mapping[str, Policy],
    settings: RunSettings,
    *,
    start: date | None = None,
    end: date | None = None,
    benchmark: str = "",
    dataset: str = "",
    proxies: bool = True,
) -> Study:
    """The policies side by side on the portfolio's products; the question is stored under the study's ``run_id``.

    The same question on the same prices keeps its id. Raises MarketDataError when the prices cannot answer it.
    """
    if not policies:
        raise InputError("A backtest needs at least one policy.", hint="Choose a policy.", subject="policies")
    portfolio = portfolios.get(db, portfolio_id)
    request = Request(portfolio_id, dict(policies), settings, start, end, benchmark, dataset, proxies)
    study = _compute(db, portfolio, request)
    run = runs.save(
        db,
        Run(
            portfolio_id=portfolio.id,
            framework_id=portfolio.framework_id,
            framework_version=portfolio.framework_version,
            request=request_json(request),
            fingerprint=study.results[0].meta.fingerprint,
            metrics={result.name: _metrics_json(result) for result in study.results},
            name=", ".join(policies),
        ),
    )
    return replace(study, run_id=run.id)


def get_run(db: Database, run_id: str) -> Study:
    """A stored study, computed again; it says so when the prices have changed since. Raises RunNotFoundError."""
    run = runs.get(db, run_id)
    study = _compute(db, portfolios.get(db, run.portfolio_id), parse_request(run.portfolio_id, run.request))
    if study.results[0].meta.fingerprint == run.fingerprint:
        return replace(study, run_id=run_id)
    when = f" of {day(run.created_at.date())}" if run.created_at else ""
    note = f"Prices have changed since the run{when}: these are the results on the prices of now."
    return replace(study, run_id=run_id, changed=True, notes=(note, *study.notes))


def drift_history(db: Database, run_id: str, policy_name: str) -> DriftGrid:
    """Bucket by date: the drift of one policy of a stored run. Raises RunNotFoundError."""
    result = _of_policy(get_run(db, run_id), policy_name)
    still = frozen_leaves(result.book, result.settings.frozen)
    return measure.grid(result.dates, result.weights, result.book, result.policy, still)


def trades_on(study: Study, policy: Policy, on: date) -> tuple[Trade, ...]:
    """What the policy trades on that date: its fill, else what it decides at that close; empty when it does not act."""
    result = next(r for r in study.results if r.policy == policy)
    filled = next((event for event in result.events if event.date == on), None)
    if filled is not None:
        return filled.trades
    decided = {event.decided for event in result.events} | ({result.pending.decided} if result.pending else set())
    return _decided(result, on) if on in decided else ()


def datasets(db: Database, portfolio: Portfolio) -> tuple[DatasetChoice, ...]:
    """The datasets that hold any of the portfolio's products or their proxies, those that cover most first."""
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    found = held(db, portfolio, framework, filling(portfolio, framework))
    return _choices(found, prices.coverage(db))


def benchmarks(db: Database) -> tuple[str, ...]:
    """The symbols that can stand beside a study: series first, then funds, each with prices of its own."""
    priced = {series.symbol for series in prices.coverage(db)}
    known = [i for i in instruments.universe(db) if i.symbol in priced and i.type is not InstrumentType.stock]
    return tuple(i.symbol for i in sorted(known, key=lambda i: (i.type is not InstrumentType.index, i.symbol)))


def revision(db: Database) -> str:
    """A text that changes with every change of any price, for callers that keep answers."""
    return f"{db.path}@{prices.revision(db)}"


def template_record(db: Database, template: Template) -> Record:
    """How a template did on the stored prices with the best products mapping finds, yearly, without costs."""
    key = (template.framework, prices.revision(db))
    return _records.recall(db, key, lambda: _record(db, template.framework))


_records: Memory[Record] = Memory(32)


def _compute(db: Database, portfolio: Portfolio, request: Request) -> Study:
    from keel.backtest.run import run

    rate = request.settings.risk_free
    also = (rate,) if isinstance(rate, str) else ()
    found = material(db, portfolio, request.dataset, proxies=request.proxies, also=also)
    results = run(
        found.prices,
        found.book,
        request.policies,
        request.settings,
        start=request.start,
        end=request.end,
        framework=found.framework,
    )
    base = found.framework.base_ccy
    beside, about = _benchmark(db, request, base, results[0]) if request.benchmark else (None, ())
    return Study(
        run_id="",
        request=request,
        results=results,
        benchmark=beside,
        prices=found.prices,
        dataset=found.dataset,
        notes=tuple(dict.fromkeys((*found.notes, *about, *results[0].meta.notes))),
    )


def _benchmark(
    db: Database, request: Request, base_ccy: str, beside: BacktestResult
) -> tuple[BacktestResult | None, tuple[str, ...]]:
    """The benchmark bought and held over the study's dates, and sentences about what does not match."""
    from keel.backtest.benchmark import benchmark

    symbol, frequency = request.benchmark, beside.meta.frequency
    known = instruments.find_many(db, [symbol]) or (bare(symbol, base_ccy),)
    try:
        found = assembled(
            db, known[:1], request.dataset, base_ccy=base_ccy, proxies=request.proxies, frequency=frequency
        )
    except MarketDataError as error:
        return None, (f"No benchmark is shown: {error.message}",)
    return benchmark(found.prices, symbol, found.resolution.frequency, beside)


def _metrics_json(result: BacktestResult) -> dict[str, object]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in result.metrics.items()}


def _of_policy(study: Study, name: str) -> BacktestResult:
    found = next((result for result in study.results if result.name == name), None)
    if found is None:
        names = ", ".join(result.name for result in study.results)
        raise RunNotFoundError(f"The run has no policy {name}; it has {names}.", subject=name)
    return found


def _decided(result: BacktestResult, on: date) -> tuple[Trade, ...]:
    """The trades of a decision at that close, judged by its weights; the fill, a session later, judges again."""
    from keel.backtest.result import Trade

    row = int(np.searchsorted(result.dates, np.datetime64(on, "D")))
    below, above = measure.leaf_widths(result.book, result.policy)
    held, filled = result.holdings[row], result.book
    still = frozen_leaves(filled, result.settings.frozen)
    goal = goals(result.weights[row], filled.targets, below, above, result.policy, still)
    wanted = instrument_goals(goal, result.weights[row], held, filled.leaf, filled.shares, result.policy, still)
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for i, symbol in enumerate(filled.symbols):
        before[symbol] = before.get(symbol, 0.0) + float(held[i])
        after[symbol] = after.get(symbol, 0.0) + float(wanted[i])
    return tuple(Trade(s, before[s], after[s]) for s in before if abs(after[s] - before[s]) > TRADE_TOLERANCE)


def _choices(held: Sequence[Instrument], coverage: Sequence[Coverage]) -> tuple[DatasetChoice, ...]:
    from keel.sources.embedded import DATASETS

    labels = {dataset.id: dataset.label for dataset in DATASETS}
    index, choices = by_symbol(coverage), []
    for span in spans(coverage):
        mine = [s for i in held if (s := source_of(i, index, span.dataset).main) is not None]
        if mine:
            first, last = max(m.first for m in mine), min(m.last for m in mine)
            kind = "price_return" if any(m.price_kind == "price_return" for m in mine) else mine[0].price_kind
            label = labels.get(span.dataset, span.dataset)
            about = (span.dataset, label, first, last, mine[0].frequency, kind)
            choices.append(DatasetChoice(*about, len(mine), len(held)))
    return tuple(sorted(choices, key=lambda c: -c.covers))


def _record(db: Database, framework: Framework) -> Record:
    from keel.backtest.run import run

    ranked = rank(framework, instruments.universe(db), prices.coverage(db)) if framework.buckets else ()
    best = {b.path: next((s.instrument for s in b.suggestions if s.usable), None) for b in ranked}
    labels = {b.path: b.label for b in ranked}
    chosen = {path: instrument for path, instrument in best.items() if instrument is not None}
    gaps = tuple(labels[path] for path in best if path not in chosen)
    series = {labels[path]: instrument.symbol for path, instrument in chosen.items()}
    note = f"In cash for want of prices: {', '.join(gaps)}." if gaps else ""
    if not chosen:
        return Record({}, None, None, "", "", {}, gaps, note)
    data = assembled(db, list(chosen.values()), ranked[0].dataset.replace("*", ""), base_ccy=framework.base_ccy)
    filled = book(framework, {path: (Holding(i.symbol, 1.0),) for path, i in chosen.items()})
    try:
        result = run(data.prices, filled, {"Yearly": YEARLY}, RunSettings(), framework=framework)[0]
    except MarketDataError as error:
        return Record({}, None, None, "", "", series, gaps, error.message)
    meta = result.meta
    return Record(result.metrics, meta.first, meta.last, meta.frequency, meta.price_kind, series, gaps, note)


def months(result: BacktestResult) -> list[tuple[int, int, float]]:
    """(year, month, return) of each month in the window; the first and last may be partial."""
    return years.monthly_returns(result.dates, result.wealth)


def rolling(result: BacktestResult, span: int) -> tuple[Days, Floats]:
    """The dates (r,) that have ``span`` years before them, and the return a year (r,) over those."""
    return years.rolling_returns(result.dates, result.wealth, span)


def falls(result: BacktestResult) -> tuple[Episode, ...]:
    """The five deepest falls, deepest first; fewer where there were fewer."""
    return drawdown.drawdown_episodes(result.dates, result.wealth, DEEPEST)


def contribution(result: BacktestResult) -> Floats:
    """What each bucket (m,) added to wealth, as a fraction of the wealth at the start, before trading costs."""
    return attribution.contribution(result)


def correlation(result: BacktestResult) -> Floats:
    """How the buckets' returns moved together (m, m); NaN for a bucket that is never held or never moves."""
    return attribution.correlation(result)
