"""Mapping buckets to products: suggest, choose a dataset, widen a rule, accept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keel.domain.arrays import Days, Floats
from keel.domain.constraints.evaluation import Verdict, evaluate_all
from keel.domain.constraints.types import Stage
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import effective_rules, leaves
from keel.domain.issue import Finding
from keel.domain.mapping.matching import BucketSuggestions, Suggestion, best_picks, rank_in
from keel.domain.mapping.moving import moved
from keel.domain.mapping.named import issues
from keel.domain.mapping.remedies import Remedy, widened
from keel.domain.mapping.universe import Market, Priced, fits, market_in
from keel.domain.market.choice import ANY_DATASET, Basis, DatasetFit
from keel.domain.market.health import check
from keel.domain.market.instrument import Instrument
from keel.domain.market.lines.likeness import told
from keel.domain.market.prices import CASH, kind_words
from keel.domain.portfolio.records import Pick, Picks, Portfolio, by_path, from_picks, overridden, pick_json
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
from keel.domain.study.question import Question
from keel.errors import InputError
from keel.services.shared.contents import understood
from keel.services.shared.exposed import exposed_picks
from keel.services.shared.proxies import measured
from keel.services.shared.subject import subject_of, window
from keel.services.shared.universe import columns
from keel.store import frameworks, instruments, portfolios, prices, runs
from keel.store.connection import Database

Series = Mapping[tuple[str, str], tuple[Days, Floats]]


@dataclass(frozen=True, slots=True)
class Tested:
    """What a backtest of some picks rests on: dates, prices in words, and for how many products a series stands in."""

    first: date
    last: date
    frequency: str
    prices: str
    products: int
    proxied: int


def suggest(
    db: Database,
    framework: Framework,
    filters: Rules | None = None,
    *,
    dataset: str = "",
    weights: ScoreWeights = USUAL,
) -> tuple[BucketSuggestions, ...]:
    """The suggestions for each leaf, with the health of their prices; ``dataset`` empty chooses the best one."""
    market, asked = _market(db, framework, filters, dataset), understood(framework)
    found = rank_in(market, asked, weights)
    first = {(bucket.dataset, s.instrument.id): s for bucket in found for s in bucket.suggestions}
    series = _series(db, market, first)
    usable = [s.instrument for s in first.values() if s.usable]
    alike = measured(db, usable, market.basis(found[0].dataset)) if found else {}
    health = {of: told(_health(s, market, of[0], series), alike.get(s.instrument.symbol)) for of, s in first.items()}
    return tuple(
        replace(
            bucket,
            suggestions=tuple(_with_health(s, health[bucket.dataset, s.instrument.id]) for s in bucket.suggestions),
        )
        for bucket in found
    )


def _with_health(suggestion: Suggestion, health: tuple[Finding, ...]) -> Suggestion:
    """The suggestion with that health; most of a large universe have no prices to look at, and stay as they are."""
    return suggestion if health == suggestion.health else replace(suggestion, health=health)


def tested(db: Database, framework: Framework, picks: Picks, question: Question) -> Tested:
    """What a backtest of these picks, stored or not, would rest on, by the very rule of the backtest.

    Raises PricesMissingError and MarketDataError where it has no result.
    """
    from keel.backtest.window import to_date

    chosen = tuple(pick for bucket in picks.values() for pick in bucket)
    on = subject_of(db, question, Portfolio(framework.name, framework.id, framework.version, chosen), framework)
    shared = window(on, question)
    held = tuple(symbol for symbol in dict.fromkeys(on.book.symbols) if symbol != CASH)
    return Tested(
        first=to_date(shared.dates[0]),
        last=to_date(shared.dates[-1]),
        frequency=shared.frequency,
        prices=kind_words(on.prices, held),
        products=len(held),
        proxied=len({stand_in.symbol for stand_in in on.prices.proxied if stand_in.symbol in held}),
    )


def priced(db: Database, framework: Framework, wanted: Collection[str], basis: Basis) -> Mapping[str, Priced]:
    """The prices of any instruments by id, as those of suggestions are judged: chosen by hand they have them too."""
    if not wanted:
        return {}
    market = _market(db, framework, None, basis.dataset if basis.named else "")
    return {i.id: _priced(db, market, i, basis.dataset or ANY_DATASET) for i in market.universe if i.id in wanted}


def _priced(db: Database, market: Market, instrument: Instrument, dataset: str) -> Priced:
    found = market.prices(instrument, dataset)
    dates = closes = None
    if found.series is not None:
        dates, closes = prices.series(db, [found.series.symbol], found.series.dataset).line(found.series.symbol)
    health = check(instrument, found, market.newest(found), market.money, dates, closes)
    alike = measured(db, [instrument], market.basis(dataset)).get(instrument.symbol) if found.proxied else None
    return Priced(found.usable, found.note, told(health, alike))


def datasets(db: Database, framework: Framework, filters: Rules | None = None) -> tuple[DatasetFit, ...]:
    """How each stored dataset serves the framework when it is named, best first."""
    return fits(understood(framework), _market(db, framework, filters, ANY_DATASET))


def widen(db: Database, framework: Framework, remedy: Remedy) -> Framework:
    """The next version of the framework, with the rule of the remedy changed. Raises EditConflictError when stale."""
    return frameworks.save_version(db, widened(framework, remedy), framework.version)


def accept(
    db: Database,
    framework_id: str,
    version: int,
    picks: Picks,
    name: str = "",
    *,
    overrides: Mapping[str, float] | None = None,
    began: Portfolio | None = None,
    weights: ScoreWeights | None = None,
) -> Portfolio:
    """The stored portfolio of all buckets' picks for exactly that framework version.

    With ``began``, the portfolio the edit began from, it is that one's next version; else a new one. ``overrides`` set
    weights of the whole by instrument. Locked picks of the portfolio it began from, else of the framework's newest,
    must stay. ``weights`` are those of the score it was chosen by, where there are none as before. Raises InputError,
    InstrumentNotFoundError, LockedHoldingError, NotFoundError, EditConflictError.
    """
    framework = frameworks.get(db, framework_id, version)
    chosen = overridden(framework, picks, overrides) if overrides else picks
    known = {instrument.id for instrument in instruments.universe(db)}
    previous = began or portfolios.latest_for(db, framework_id)
    portfolio = from_picks(framework, chosen, name, known=known, previous=previous)
    portfolio = replace(portfolio, weights=weights or (began.weights if began is not None else USUAL))
    if began is not None:
        portfolio = replace(portfolio, id=began.id, version=began.version)
    return portfolios.save(db, portfolio)


def best(db: Database, framework: Framework, weights: ScoreWeights = USUAL) -> Picks:
    """The best usable product of each bucket, beside what it keeps; a bucket without either stays in cash."""
    return beside_kept(db, framework, best_picks(suggest(db, framework, weights=weights)))


def beside_kept(db: Database, framework: Framework, picks: Picks) -> Picks:
    """The picks, where a bucket keeps none: it keeps products of its own that it names, and picks of before that are
    locked. One that names a product nobody knows stays in cash.
    """
    known = {instrument.symbol: instrument.id for instrument in instruments.universe(db)}
    own = {
        leaf.path: tuple(Pick(leaf.path, known[h.symbol], h.symbol, h.share) for h in leaf.holdings)
        for leaf in leaves(framework)
        if leaf.holdings and all(h.symbol in known for h in leaf.holdings)
    }
    named = {leaf.path for leaf in leaves(framework) if leaf.holdings}
    ranked = {path: chosen for path, chosen in picks.items() if path not in named}
    locked = {path: held for path, held in carried(db, framework).items() if any(pick.locked for pick in held)}
    return ranked | own | locked


def of_named(db: Database, framework: Framework) -> tuple[Finding, ...]:
    """What is to be said of the products that a framework names."""
    return tuple(issues(framework, _market(db, framework, None, "")))


def portfolio_of(db: Database, framework_id: str, version: int | None = None) -> Portfolio:
    """The newest portfolio of a framework version, the newest without one; where there is none, it is made of the best.

    Raises FrameworkNotFoundError.
    """
    framework = frameworks.get(db, framework_id, version)
    newest = portfolios.latest_for(db, framework_id, framework.version)
    return newest or accept(db, framework_id, framework.version, best(db, framework))


def limits(db: Database, framework: Framework, picks: Picks) -> tuple[Verdict, ...]:
    """How the picks meet the framework's limits; a bucket without a pick counts as cash."""
    if not framework.constraints:
        return ()
    return evaluate_all(framework, exposed_picks(db, framework, picks), Stage.mapping)


def get_portfolio(db: Database, id: str, version: int | None = None) -> Portfolio:
    """A version of a portfolio, the newest without ``version``. Raises PortfolioNotFoundError."""
    return portfolios.get(db, id, version)


def portfolio_of_run(db: Database, run_id: str) -> Portfolio:
    """The version of a portfolio that a run used. Raises RunNotFoundError."""
    question = runs.get(db, run_id).question
    return portfolios.get(db, question.portfolio_id, question.portfolio_version)


def latest_portfolio(db: Database, framework_id: str, version: int | None = None) -> Portfolio | None:
    """The newest portfolio of a framework, or of one version of it; None when there is none."""
    return portfolios.latest_for(db, framework_id, version)


def carried(db: Database, framework: Framework) -> Mapping[str, tuple[Pick, ...]]:
    """The picks to start this version's mapping from: those of the newest portfolio that go along to it."""
    previous = portfolios.latest_for(db, framework.id) if framework.id else None
    if previous is None:
        return {}
    older = frameworks.get(db, previous.framework_id, previous.framework_version)
    return moved(previous, older, framework, instruments.universe(db)).picks


def carry(db: Database, framework: Framework) -> Portfolio | None:
    """The newest portfolio's next version, on a framework version just saved, with its picks.

    None where products must be chosen: there is no portfolio, a bucket has come without a product, or one asks for
    other products than before. A bucket that was left in cash stays there.
    """
    before = portfolios.latest_for(db, framework.id)
    if before is None:
        return None
    older, newer = understood(frameworks.get(db, framework.id, before.framework_version)), understood(framework)
    picks, known = carried(db, framework), {leaf.path for leaf in leaves(older)}
    filled = {pick.path for pick in before.picks}
    for leaf in leaves(framework):
        same = leaf.path in known and effective_rules(older, leaf.path) == effective_rules(newer, leaf.path)
        if not leaf.holdings and (not same or (leaf.path in filled and leaf.path not in picks)):
            return None
    return accept(db, framework.id, framework.version, picks, before.name, began=portfolios.get(db, before.id))


def _market(db: Database, framework: Framework, filters: Rules | None, dataset: str) -> Market:
    return market_in(framework, columns(db), filters, dataset=dataset)


def _series(db: Database, market: Market, suggested: Mapping[tuple[str, str], Suggestion]) -> Series:
    """The closes behind the suggestions by dataset and id, read once per dataset; keyed by dataset and symbol."""
    wanted: dict[str, set[str]] = {}
    for (dataset, _), suggestion in suggested.items():
        series = market.prices(suggestion.instrument, dataset or ANY_DATASET).series
        if series is not None:
            wanted.setdefault(series.dataset, set()).add(series.symbol)
    read: dict[tuple[str, str], tuple[Days, Floats]] = {}
    for dataset, symbols in wanted.items():
        matrix = prices.series(db, sorted(symbols), dataset)
        for symbol, closes in zip(matrix.symbols, matrix.closes.T, strict=True):
            read[dataset, symbol] = (matrix.dates, closes)
    return read


def _health(suggestion: Suggestion, market: Market, dataset: str, series: Series) -> tuple[Finding, ...]:
    """The health of a suggestion's prices, the closes themselves looked at."""
    found = market.prices(suggestion.instrument, dataset or ANY_DATASET)
    if found.series is None:
        return suggestion.health
    dates, closes = series[found.series.dataset, found.series.symbol]
    return check(suggestion.instrument, found, market.newest(found), market.money, dates, closes)


def _products_step(db: Database, told: Mapping[str, Any], _today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: the products of a stored portfolio, else the best of each bucket."""
    framework = frameworks.get(db, told["framework_id"], told["framework_version"])
    if told.get("portfolio_id") is not None:
        portfolio = _told(db, told)
        if portfolio.framework_id != framework.id:
            message = f"The portfolio {portfolio.name} belongs to another framework than {framework.name}."
            raise InputError(message, hint="Name one of this framework.", subject="portfolio_id")
        return lambda: {**_filled(framework, portfolio.picks), **_outcome(portfolio)}
    chosen = [pick for picks in best(db, framework).values() for pick in picks]
    return lambda: _filled(framework, chosen)


def _filled(framework: Framework, picks: Collection[Pick]) -> Mapping[str, Any]:
    """The picks, and the buckets that stay in cash."""
    filled = {pick.path for pick in picks}
    gaps = [leaf.label for leaf in leaves(framework) if leaf.path not in filled]
    return {"picks": [pick_json(pick) for pick in picks], "in_cash": gaps}


def _portfolio_step(db: Database, told: Mapping[str, Any], _today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: a stored portfolio, or one of the products chosen before."""
    if told.get("portfolio_id") is not None:
        stored = _told(db, told)
        return lambda: _outcome(stored)
    picks = by_path(Pick(**pick) for pick in told["picks"])
    name = read_text(told["name"], Place("portfolio").field("name"))
    return lambda: _outcome(accept(db, told["framework_id"], told["framework_version"], picks, name))


def _told(db: Database, told: Mapping[str, Any]) -> Portfolio:
    return portfolios.get(db, read_text(told["portfolio_id"], Place("portfolio").field("portfolio_id")))


def _outcome(portfolio: Portfolio) -> Mapping[str, Any]:
    return {
        "portfolio_id": portfolio.id,
        "portfolio_version": portfolio.version,
        "portfolio_name": portfolio.name,
        "framework_version": portfolio.framework_version,
    }


STEPS = {"products": _products_step, "portfolio": _portfolio_step}
